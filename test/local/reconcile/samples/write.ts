/** `npm run samples`: writes the sample files anew. */
import { writeFileSync } from "node:fs";
import * as z from "zod";
import { defineCommandLine, runCommand } from "../../../../local/terminal/command-line.ts";
import { runMain } from "../../../../local/terminal/terminal.ts";

const commandLine = defineCommandLine({
  command: "npm run samples --",
  usage: `Usage: npm run samples

Writes the sample bills and ledgers that the tests of \`npm run reconcile\` read.

  --help  print this

Example: npm run samples

Exit code: 0 written, 2 wrong usage.
`,
  schema: z.object({}),
});

await runMain(process, (args, terminal) =>
  runCommand(commandLine, { args, terminal }, async () => {
    // Loaded only where they are written: who asks for help, or mistypes, is answered at once.
    const { sampleContents } = await import("./contents.ts");
    for (const [name, bytes] of Object.entries(sampleContents())) {
      writeFileSync(new URL(name, import.meta.url), bytes);
    }
    return 0;
  }),
);
