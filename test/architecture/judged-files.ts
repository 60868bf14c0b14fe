/** Files that are there for a test alone, judged by the house's own rules for imports: all of a test file at once. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Texts by path. */
export type Files = Readonly<Record<string, string>>;

interface Verdicts {
  /** "2 modules, 1 dependencies": of all cases together. */
  readonly cruised: string;
  /** Names of the rules that are broken with the rank of an error, in the order of the cases. */
  readonly broken: readonly (readonly string[])[];
}

const write = (folder: string, files: Files): void => {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
};

/** Each case has a folder of its own. @throws Error where the program says nothing, or where what it ends with is not what it says */
export const judgeFiles = (cases: readonly Files[]): Verdicts => {
  const folder = mkdtempSync(join(tmpdir(), "imports-"));
  const nameOf = (index: number): string => `case-${String(index)}-end`;
  cases.forEach((files, index) => {
    write(join(folder, nameOf(index)), files);
  });
  const program = "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs";
  const { status, stdout } = spawnSync(process.execPath, [program, folder], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  const lines = stdout.split("\n");
  const [, cruised] = /(\d+ modules, \d+ dependencies) cruised/.exec(stdout) ?? [];
  const broken = cases.map((_, index) =>
    lines
      .filter((line) => line.includes(nameOf(index)))
      .flatMap((line) => /^\s*error ([\w-]+):/.exec(line)?.[1] ?? []),
  );
  if (cruised === undefined || (status !== 0) !== broken.some((rules) => rules.length > 0)) {
    throw new Error(`The rules for imports were not judged: ${stdout}`);
  }
  return { cruised, broken };
};
