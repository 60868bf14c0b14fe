/**
 * `npm run train`: fits a risk model on recorded markets, reports how good it is later, and writes its file. Paths are
 * relative to the folder that npm was called in. Ends with 2 for a mistake in the options, with 1 for one in the data.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { commandLines, modelText } from "../training/model-text.ts";
import { readTrainOptions, trainUsage, WrongOption } from "../training/options.ts";
import { trainingJson, trainingReport } from "../training/report.ts";
import { readSources, type Source } from "../training/sources.ts";
import { train } from "../training/train.ts";

/** @throws WrongOption where a name to hold out is none of the sources. */
const checkHeldOut = (heldOut: readonly string[], sources: readonly Source[]): void => {
  const names = sources.map(({ name }) => name);
  const unknown = heldOut.find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new WrongOption(`--hold-out ${unknown} is none of ${names.join(", ")}.`);
};

const main = async (): Promise<void> => {
  const args = process.argv.slice(2);
  if (args.includes("--help")) {
    process.stdout.write(`${trainUsage}\n`);
    return;
  }
  const options = readTrainOptions(args, process.env["INIT_CWD"] ?? process.cwd());
  const sources = readSources(options);
  checkHeldOut(options.heldOut, sources);
  const training = train({ ...options, sources });
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const target = { path: options.out, root, command: commandLines(options) };
  writeFileSync(options.out, await modelText(training.file, target));
  process.stdout.write(options.isJson ? `${trainingJson(training)}\n` : trainingReport(training));
};

try {
  await main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${message}\n`);
  process.exitCode = error instanceof WrongOption ? 2 : 1;
}
