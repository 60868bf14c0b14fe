/** `npm run fixtures`: writes the fixtures of stored items that are missing, from the samples of every kind. */
import * as z from "zod";
import { defineCommandLine, runCommand } from "../../../../local/terminal/command-line.ts";
import { runMain, type ExitCode, type Terminal } from "../../../../local/terminal/terminal.ts";

const commandLine = defineCommandLine({
  command: "npm run fixtures --",
  usage: `Usage: npm run fixtures

Writes the fixtures of stored items that are missing, from the samples of every kind. What is there stays as it is: it
stands for what earlier releases have stored.

  --help  print this

Example: npm run fixtures

Exit code: 0 none is missing now, 2 wrong usage.
`,
  schema: z.object({}),
});

const writeMissing = async ({ stdout }: Terminal): Promise<ExitCode> => {
  // Loaded only where they are written: who asks for help, or mistypes, is answered at once.
  const { writeFixture } = await import("./fixture.ts");
  const { storedKinds } = await import("./kinds.ts");
  for (const [name, kind] of Object.entries(storedKinds)) {
    if (await writeFixture(name, kind)) stdout(`Written: ${name}\n`);
  }
  return 0;
};

await runMain(process, (args, terminal) =>
  runCommand(commandLine, { args, terminal }, () => writeMissing(terminal)),
);
