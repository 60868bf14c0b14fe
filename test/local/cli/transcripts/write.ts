/** `npm run transcripts`: writes the sessions with the command line anew. */
import * as z from "zod";
import { defineCommandLine, runCommand } from "../../../../local/terminal/command-line.ts";
import { runMain, type ExitCode } from "../../../../local/terminal/terminal.ts";

const commandLine = defineCommandLine({
  command: "npm run transcripts --",
  usage: `Usage: npm run transcripts

Writes anew what a session with spot looks like at several widths: the golden files of test/local/cli/transcripts.

  --help  print this

Example: npm run transcripts

Exit code: 0 written, 2 wrong usage.
`,
  schema: z.object({}),
});

const write = async (): Promise<ExitCode> => {
  // Loaded only where something is written: a session runs on the whole simulated cloud.
  const { writeTranscripts } = await import("./transcripts.ts");
  const { writeVerbs } = await import("./verbs.ts");
  await writeTranscripts();
  await writeVerbs();
  return 0;
};

await runMain(process, (args, terminal) => runCommand(commandLine, { args, terminal }, write));
