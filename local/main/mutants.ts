/**
 * `npm run test:mutants`: takes one rule of safety after the other out of a copy of the sources, and shows which test notices it.
 * A mutant that survives is a rule that no test protects.
 */
import { fileURLToPath } from "node:url";
import * as z from "zod";
import type { Mutant } from "../mutants/mutant.ts";
import { mutants } from "../mutants/mutants.ts";
import { tryMutant, type Trial } from "../mutants/trial.ts";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { seconds } from "../terminal/figures.ts";
import { flag } from "../terminal/option-values.ts";
import { refuse, runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const commandLine = defineCommandLine({
  command: "npm run test:mutants --",
  usage: `Usage: npm run test:mutants [-- options]

Takes one rule of safety after the other out of a copy of the sources, runs the tests there, and shows which of them
notices it. Each takes half a minute to a few.

  --only TEXT  only the mutants whose name has the text (default: all)
  --list       print their names and run nothing
  --json       print the results as one JSON document
  --help       print this

Example: npm run test:mutants -- --list

Exit code: 0 a test noticed each, 1 one survived, 2 wrong usage.
`,
  schema: z.object({ only: z.string().optional(), list: flag, json: flag }),
});

interface Options {
  readonly only?: string | undefined;
  readonly list: boolean;
  readonly json: boolean;
}

interface Tried {
  readonly mutant: Mutant;
  readonly trial: Trial;
}

const lineOf = ({ mutant, trial }: Tried): string => {
  const took = seconds(trial.seconds).padStart(6);
  return trial.kind === "KILLED"
    ? `killed    ${took}  ${mutant.name}\n                  by ${trial.by}\n`
    : `SURVIVED  ${took}  ${mutant.name}\n                  ${String(trial.tests)} tests of ${mutant.tests.join(", ")} passed without it\n`;
};

const run = ({ only, list, json }: Options, terminal: Terminal): ExitCode => {
  const chosen = mutants.filter(({ name }) => only === undefined || name.includes(only));
  if (chosen.length === 0) return refuse(terminal, `--only: no mutant has "${String(only)}".`);
  if (list) {
    terminal.stdout(chosen.map(({ name }) => `${name}\n`).join(""));
    return 0;
  }
  const tried = chosen.map((mutant): Tried => {
    terminal.progress(mutant.name);
    const result = { mutant, trial: tryMutant(root, mutant) };
    if (!json) terminal.stdout(lineOf(result));
    return result;
  });
  const survivors = tried.filter(({ trial }) => trial.kind === "SURVIVED");
  terminal.stdout(
    json
      ? `${JSON.stringify(
          tried.map(({ mutant: { name }, trial }) => ({ name, ...trial })),
          null,
          2,
        )}\n`
      : `${String(tried.length - survivors.length)} of ${String(tried.length)} mutants were killed.\n`,
  );
  return survivors.length === 0 ? 0 : 1;
};

await runMain(process, (args, terminal) => runCommand(commandLine, { args, terminal }, run));
