/** `npm run client`: writes the types of the generated client anew. */
import { writeFileSync } from "node:fs";
import * as z from "zod";
import { defineCommandLine, runCommand } from "../../../../local/terminal/command-line.ts";
import { runMain, type ExitCode } from "../../../../local/terminal/terminal.ts";

const commandLine = defineCommandLine({
  command: "npm run client --",
  usage: `Usage: npm run client

Writes the types of the generated client from the API's OpenAPI document.

  --help  print this

Example: npm run client

Exit code: 0 written, 2 wrong usage.
`,
  schema: z.object({}),
});

const writeClient = async (): Promise<ExitCode> => {
  // Loaded only where something is written: the generator brings a compiler along.
  const { generateClient, generatedFile } = await import("./generate.ts");
  writeFileSync(generatedFile, await generateClient());
  return 0;
};

await runMain(process, (args, terminal) =>
  runCommand(commandLine, { args, terminal }, writeClient),
);
