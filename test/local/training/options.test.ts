import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { trainCommandLine } from "../../../local/training/options.ts";
import { readCommand } from "../../../local/terminal/command-line.ts";
import { temporaryFiles } from "../backtest/temporary-files.ts";

const { folder, write } = temporaryFiles();
for (const name of ["a", "a.csv.gz", "b", "b.csv", "p", "p.csv", "o.csv"]) write(name, "");

const below = (name: string): string => join(folder, name);

const read = (line: string) => readCommand(trainCommandLine(folder), line.split(" "));

describe("the options of a training", () => {
  it("take many files and names after one option, relative to the folder", () => {
    expect(
      read(
        "--traces a.csv.gz b.csv --hold-out b --version streak-1 --prices p.csv --on-demand o.csv --out x.json --json",
      ),
    ).toEqual({
      kind: "RUN",
      options: {
        tracePaths: [below("a.csv.gz"), below("b.csv")],
        priceFiles: { pricesPath: below("p.csv"), onDemandPath: below("o.csv") },
        heldOut: ["b"],
        version: "streak-1",
        out: below("x.json"),
        isJson: true,
      },
    });
  });

  it("leave absolute paths alone, and need no prices", () => {
    const command = read(`--traces ${below("a")} --version m --out /out/m.ts`);
    expect(command).toEqual({
      kind: "RUN",
      options: {
        tracePaths: [below("a")],
        heldOut: [],
        version: "m",
        out: "/out/m.ts",
        isJson: false,
      },
    });
  });

  it.each([
    ["--traces a --out m.ts", "--version is missing."],
    ["--traces a --version m", "--out is missing."],
    ["--traces none --version m --out m.ts", "--traces: there is no file none."],
    ["--traces a --version m --out m.txt", "--out: must end in .ts or .json."],
    ["--traces a --version M! --out m.ts", "--version: must be 1 to 64 characters"],
    ["--traces a --prices p --version m --out m.ts", "--prices and --on-demand need each other."],
    ["--traces a --version m n --out m.ts", '"n" belongs to no option: npm run train -- --help'],
    ["--traces a --version m --version n --out m.ts", "--version is given twice."],
    ["--traces a --wrong --version m --out m.ts", "'--wrong'"],
    ["a --traces b", '"a" belongs to no option'],
  ])("%s is refused: %s", (line, message) => {
    expect(read(line)).toEqual({
      kind: "USAGE_ERROR",
      sentence: expect.stringContaining(message),
    });
  });
});
