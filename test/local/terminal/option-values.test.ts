import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type * as z from "zod";
import {
  decimalNumber,
  existingFile,
  existingFolder,
  flag,
  pathBelow,
  seed,
  wholeNumber,
} from "../../../local/terminal/option-values.ts";
import { temporaryFiles } from "../backtest/temporary-files.ts";

const wrong = (schema: z.ZodType, text: string): string | undefined =>
  schema.safeParse(text).error?.issues[0]?.message;

describe("the value of an option", () => {
  it("that is a flag is false unless it is given", () => {
    expect(flag.parse(undefined)).toBe(false);
  });

  it.each(["0", "007", "65535"])("is a whole number: %s", (text) => {
    expect(wholeNumber({ from: 0, to: 65_535 }).parse(text)).toBe(Number(text));
  });

  it.each(["65536", "-1", "1.5", "1e3", "0x1f", " 1", "one", "99999999999999999"])(
    "is not a whole number: %j",
    (text) => {
      const said = `"${text}" is not a whole number from 0 to 65535`;
      expect(wrong(wholeNumber({ from: 0, to: 65_535 }), text)).toBe(said);
    },
  );

  it("is a number with decimals", () => {
    const speed = decimalNumber({ from: 1, to: 1000 });
    expect(speed.parse("2.5")).toBe(2.5);
    for (const text of ["0.9", "1000.1", "1.", ".5", "Infinity"]) {
      expect(wrong(speed, text)).toBe(`"${text}" is not a number from 1 to 1000`);
    }
  });

  it("is a seed of 32 bits", () => {
    expect(seed.parse("4294967295")).toBe(4_294_967_295);
    expect(wrong(seed, "4294967296")).toContain("is not a whole number");
  });
});

describe("a path", () => {
  const { folder, write } = temporaryFiles();
  write("file.csv", "");
  mkdirSync(join(folder, "inner"));
  writeFileSync(join(folder, "inner", "file.csv"), "");

  it("is below the folder of the command, unless it is absolute", () => {
    expect(pathBelow(folder).parse("inner/new.csv")).toBe(join(folder, "inner/new.csv"));
    expect(pathBelow(folder).parse("/out/new.csv")).toBe("/out/new.csv");
  });

  it("of a file must be that of a file", () => {
    expect(existingFile(folder).parse("inner/file.csv")).toBe(join(folder, "inner/file.csv"));
    expect(wrong(existingFile(folder), "none.csv")).toBe("there is no file none.csv");
    expect(wrong(existingFile(folder), "inner")).toBe("inner is not a file");
  });

  it("of a folder must be that of a folder, and keeps how it was typed", () => {
    expect(existingFolder(folder).parse("inner")).toEqual({
      typed: "inner",
      path: join(folder, "inner"),
    });
    expect(wrong(existingFolder(folder), "none")).toBe("there is no folder none");
    expect(wrong(existingFolder(folder), "file.csv")).toBe("file.csv is not a folder");
  });

  it("that can't be looked at is refused with the system's reason", () => {
    expect(wrong(existingFile(folder), "x".repeat(300))).toContain("ENAMETOOLONG");
  });
});
