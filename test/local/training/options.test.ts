import { describe, expect, it } from "@jest/globals";
import { readTrainOptions, WrongOption } from "../../../local/training/options.ts";

const read = (line: string) => readTrainOptions(line.split(" "), "/here");

describe("the options of a training", () => {
  it("take many files and names after one option, relative to the folder", () => {
    expect(
      read(
        "--traces a.csv.gz b.csv --hold-out b --version streak-1 --prices p.csv --on-demand o.csv --out x.json --json",
      ),
    ).toEqual({
      traces: ["/here/a.csv.gz", "/here/b.csv"],
      prices: { pricesPath: "/here/p.csv", onDemandPath: "/here/o.csv" },
      heldOut: ["b"],
      version: "streak-1",
      out: "/here/x.json",
      isJson: true,
    });
  });

  it("leave absolute paths alone, and need no prices", () => {
    const options = read("--traces /data/a --version m --out /out/m.ts");
    expect(options).toMatchObject({ traces: ["/data/a"], out: "/out/m.ts", heldOut: [] });
    expect(options).not.toHaveProperty("prices");
  });

  it.each([
    ["--version m --out m.ts", "--traces is missing."],
    ["--traces a --out m.ts", "--version is missing."],
    ["--traces a --version m", "--out is missing."],
    ["--traces a --version m --out m.txt", "--out must end in .ts or .json."],
    ["--traces a --version M! --out m.ts", "--version must be 1 to 64 characters"],
    ["--traces a --prices p --version m --out m.ts", "--on-demand is missing."],
    ["--traces a --version m n --out m.ts", '"n" belongs to no option.'],
    ["--traces a --version m --version n --out m.ts", "--version is there twice."],
    ["--traces a --wrong --version m --out m.ts", "'--wrong'"],
    ["a --traces b", '"a" belongs to no option.'],
  ])("%s is refused: %s", (line, message) => {
    expect(() => read(line)).toThrow(WrongOption);
    expect(() => read(line)).toThrow(message);
  });
});
