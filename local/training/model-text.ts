/** The text of a trained model's file: JSON, or a constant that the product can import. Same model, same bytes. */
import { relative, dirname, basename, extname, sep } from "node:path";
import { format } from "prettier";
import type { LogisticFile } from "../../core/risk/model-file.ts";
import type { MarketFiles } from "../backtest/market-files.ts";
import type { TrainingInput } from "./train.ts";

export interface ModelTarget {
  /** Absolute. */
  readonly path: string;
  /** Absolute, of the repository. */
  readonly root: string;
  /** How the model was trained: a line each, without folders. */
  readonly command: readonly string[];
}

/** `streak1` of `streak-1`. */
const constantName = (version: string): string => {
  const name = version.replaceAll(/[^a-z0-9]+(\w?)/g, (_, next: string) => next.toUpperCase());
  return /^\d/.test(name) ? `model${name}` : name;
};

const importPath = ({ path, root }: ModelTarget): string => {
  const found = relative(dirname(path), `${root}/core/risk/model-file.ts`).replaceAll(sep, "/");
  return found.startsWith(".") ? found : `./${found}`;
};

const typescript = (file: LogisticFile, target: ModelTarget): string =>
  [
    "/**",
    ` * The risk model ${file.version}. Never edited: written by`,
    " *",
    ...target.command.map((line) => ` *     ${line}`),
    " */",
    `import type { LogisticFile } from "${importPath(target)}";`,
    "",
    `export const ${constantName(file.version)}: LogisticFile = ${JSON.stringify(file)};`,
  ].join("\n");

export const isModelPath = (path: string): boolean => [".ts", ".json"].includes(extname(path));

/** By the extension of the path, formatted as all of the repository is. */
export const modelText = async (file: LogisticFile, target: ModelTarget): Promise<string> => {
  const isTypescript = extname(target.path) === ".ts";
  return format(isTypescript ? typescript(file, target) : JSON.stringify(file), {
    parser: isTypescript ? "typescript" : "json",
    printWidth: 100,
  });
};

/** What was asked for, with files by their names only. */
export const commandLines = (
  options: MarketFiles & Pick<TrainingInput, "heldOut" | "version"> & { readonly out: string },
): readonly string[] => {
  const { tracePaths, priceFiles, heldOut, version, out } = options;
  return [
    "npm run train --",
    ...(tracePaths.length === 0
      ? []
      : ["  --traces", ...tracePaths.map((path) => `    ${basename(path)}`)]),
    ...(priceFiles === undefined
      ? []
      : [
          `  --prices ${basename(priceFiles.pricesPath)}`,
          `  --on-demand ${basename(priceFiles.onDemandPath)}`,
        ]),
    ...(heldOut.length === 0 ? [] : ["  --hold-out", ...heldOut.map((name) => `    ${name}`)]),
    `  --version ${version} --out ${basename(out)}`,
  ];
};
