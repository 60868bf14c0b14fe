/** The training as a function: arguments in, a model's file and lines out, exit code. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../terminal/command-line.ts";
import { fail, refuse, type ExitCode, type Terminal } from "../terminal/terminal.ts";
import { commandLines, modelText } from "./model-text.ts";
import { trainCommandLine, type TrainOptions } from "./options.ts";
import { trainingJson, trainingReport } from "./report.ts";
import { readSources } from "./sources.ts";
import { train } from "./train.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** @throws Error naming what of the data is malformed, or does not make a model */
const fit = async (options: TrainOptions, terminal: Terminal): Promise<ExitCode> => {
  const sources = readSources(options);
  const names = sources.map(({ name }) => name);
  const unknown = options.heldOut.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    return refuse(
      terminal,
      `--hold-out: there is no trace "${unknown}" among ${names.join(", ")}.`,
    );
  }
  const training = train({ ...options, sources });
  const target = { path: options.out, root, command: commandLines(options) };
  mkdirSync(dirname(options.out), { recursive: true });
  writeFileSync(options.out, await modelText(training.file, target));
  terminal.stdout(options.isJson ? `${trainingJson(training)}\n` : trainingReport(training));
  return 0;
};

export const trainModel = async (
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> => {
  try {
    return await runCommand(trainCommandLine(terminal.folder), { args, terminal }, fit);
  } catch (error) {
    return fail(terminal, error);
  }
};
