/** The demo's command line. */
import { statSync } from "node:fs";
import { parseArgs } from "node:util";

export const demoUsage = `Usage: npm run demo [-- [linear] [options]]

Shows the product at work on a simulated AWS, in virtual time. Nothing reaches a real account.

  linear        one EC2 instance moved from On-Demand to Spot (the default, and the one mode of this version)

  --seed N      whole number from 0 to 4294967295 (default 1): another market, or another recorded instant
  --market DIR  take prices, bands and types from the recorded files in DIR instead of the made-up market
  --json        print one JSON document instead of the text; progress goes to stderr
  --stable      with --json: ids, addresses and instants replaced by their order of appearance, to compare two runs
  --help        print this

Exit code: 0 all stories ended as they must, 1 one did not, 2 wrong usage or unreadable files.
`;

export interface DemoOptions {
  readonly seed: number;
  readonly isJson: boolean;
  /** Ids, addresses and instants are replaced by their order of appearance. */
  readonly isStable: boolean;
  readonly marketDir?: string;
}

export type Command =
  | { readonly kind: "RUN"; readonly options: DemoOptions }
  | { readonly kind: "HELP" }
  | { readonly kind: "USAGE_ERROR"; readonly sentence: string };

const largestSeed = 2 ** 32 - 1;

const usageError = (sentence: string): Command => ({ kind: "USAGE_ERROR", sentence });

const judgeMode = (modes: readonly string[]): Command | undefined => {
  const [mode = "linear", ...others] = modes;
  if (others.length > 0) {
    return usageError(`One mode at a time: "${modes.join(" ")}" names ${String(modes.length)}.`);
  }
  if (mode === "linear") return undefined;
  return mode === "cluster" || mode === "kubernetes"
    ? usageError(`This version has LINEAR only: there is no demo of ${mode.toUpperCase()} yet.`)
    : usageError(`"${mode}" is no mode of the demo: use linear.`);
};

const judgeFolder = (dir: string): Command | undefined => {
  if (dir === "") return usageError("--market needs a folder, for instance --market ../recorded.");
  const found = statSync(dir, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return undefined;
  return usageError(
    `--market: ${found === undefined ? `there is no folder ${dir}` : `${dir} is no folder`}.`,
  );
};

const seedOf = (text: string): number | undefined => {
  const seed = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  return seed <= largestSeed ? seed : undefined;
};

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      stable: { type: "boolean", default: false },
      seed: { type: "string", default: "1" },
      market: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });

const judge = ({ values, positionals }: ReturnType<typeof parse>): Command => {
  if (values.help) return { kind: "HELP" };
  const wrongMode = judgeMode(positionals);
  if (wrongMode !== undefined) return wrongMode;
  const seed = seedOf(values.seed);
  if (seed === undefined) {
    return usageError(
      `--seed: "${values.seed}" is not a whole number from 0 to ${String(largestSeed)}.`,
    );
  }
  const { market: marketDir } = values;
  const wrongFolder = marketDir === undefined ? undefined : judgeFolder(marketDir);
  if (wrongFolder !== undefined) return wrongFolder;
  if (values.stable && !values.json) return usageError("--stable needs --json.");
  const options = { seed, isJson: values.json, isStable: values.stable };
  return {
    kind: "RUN",
    options: marketDir === undefined ? options : { ...options, marketDir },
  };
};

/** Never throws: what is wrong is said in a sentence that names the option. */
export const readDemoCommand = (args: readonly string[]): Command => {
  try {
    return judge(parse(args));
  } catch (error) {
    // parseArgs names the option in its message; what follows the first sentence is advice on its own syntax.
    const message = error instanceof Error ? error.message : String(error);
    const [sentence = message] = message.split(/\.? ?\n|\. /);
    return usageError(`${sentence}: npm run demo -- --help shows what there is.`);
  }
};
