/** `npm run golden`: writes the workflows as plain ASL, or says with --check which files are out of date. */
import * as z from "zod";
import { outdatedWorkflows, writeGoldenWorkflows } from "../../infra/golden.ts";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { flag } from "../terminal/option-values.ts";
import { runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

const commandLine = defineCommandLine({
  command: "npm run golden --",
  usage: `Usage: npm run golden [-- options]

Writes the workflows as plain ASL with their placeholders into statemachines/golden.

  --check  write nothing, only say which are out of date
  --help   print this

Example: npm run golden -- --check

Exit code: 0 all are up to date now, 1 with --check some are not, 2 wrong usage.
`,
  schema: z.object({ check: flag }),
});

const golden = (
  { check: isCheck }: { readonly check: boolean },
  { stdout, stderr }: Terminal,
): ExitCode => {
  const outdated = outdatedWorkflows();
  if (isCheck && outdated.length > 0) {
    stderr(
      `statemachines/golden is out of date for ${outdated.join(", ")}: run \`npm run golden\` and commit.\n`,
    );
    return 1;
  }
  if (!isCheck) writeGoldenWorkflows();
  const state = isCheck ? "up to date" : `written (${String(outdated.length)} changed)`;
  stdout(`statemachines/golden: ${state}.\n`);
  return 0;
};

await runMain(process, (args, terminal) => runCommand(commandLine, { args, terminal }, golden));
