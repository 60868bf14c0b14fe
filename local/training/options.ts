/** The options of `npm run train`. A mistake is one line. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { modelVersionSchema } from "../../core/risk/model-file.ts";
import { isModelPath } from "./model-text.ts";
import type { SourceFiles } from "./sources.ts";

export interface TrainOptions extends SourceFiles {
  readonly heldOut: readonly string[];
  readonly version: string;
  /** Absolute, as all paths are. */
  readonly out: string;
  readonly isJson: boolean;
}

export class WrongOption extends Error {}

export const trainUsage = `npm run train -- options
  --traces FILE…       traces of availability
  --prices FILE        history of Spot prices, with --on-demand FILE
  --hold-out NAME…     of the traces, by name: only reported on
  --version NAME       of the model
  --out FILE           .ts or .json
  --json               figures as one JSON document`;

const known = {
  traces: { type: "string" },
  prices: { type: "string" },
  "on-demand": { type: "string" },
  "hold-out": { type: "string" },
  version: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean" },
} as const;

/** Options that take all that follows, up to the next option. */
const many: readonly string[] = ["traces", "hold-out"];

type Values = ReadonlyMap<string, readonly string[]>;

const tokensOf = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: known, allowPositionals: true, tokens: true })
      .tokens;
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (!code.startsWith("ERR_PARSE_ARGS")) throw error;
    const [line] = message.split(". To specify");
    throw new WrongOption(line, { cause: error });
  }
};

/** Every option with its values, in order. */
const valuesOf = (args: readonly string[]): Values => {
  const values = new Map<string, string[]>();
  let last = "";
  for (const token of tokensOf(args)) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      if (!many.includes(last)) throw new WrongOption(`"${token.value}" belongs to no option.`);
      values.get(last)?.push(token.value);
      continue;
    }
    last = token.name;
    const earlier = values.get(last);
    if (earlier !== undefined && !many.includes(last)) {
      throw new WrongOption(`--${last} is there twice.`);
    }
    values.set(last, [...(earlier ?? []), ...(token.value === undefined ? [] : [token.value])]);
  }
  return values;
};

const needed = (values: Values, name: string): string => {
  const [value = ""] = values.get(name) ?? [];
  if (value === "") throw new WrongOption(`--${name} is missing.`);
  return value;
};

const versionOf = (values: Values): string => {
  const { success, data, error } = modelVersionSchema.safeParse(needed(values, "version"));
  if (success) return data;
  throw new WrongOption(`--version ${error.issues[0]?.message ?? "is wrong"}.`);
};

/** Relative paths are below `folder`. @throws WrongOption */
export const readTrainOptions = (args: readonly string[], folder: string): TrainOptions => {
  const values = valuesOf(args);
  const path = (name: string): string => resolve(folder, needed(values, name));
  const traces = (values.get("traces") ?? []).map((file) => resolve(folder, file));
  const hasPrices = values.has("prices") || values.has("on-demand");
  if (traces.length === 0 && !hasPrices) throw new WrongOption("--traces is missing.");
  const out = path("out");
  if (!isModelPath(out)) throw new WrongOption("--out must end in .ts or .json.");
  return {
    traces,
    ...(hasPrices && {
      prices: { pricesPath: path("prices"), onDemandPath: path("on-demand") },
    }),
    heldOut: values.get("hold-out") ?? [],
    version: versionOf(values),
    out,
    isJson: values.has("json"),
  };
};
