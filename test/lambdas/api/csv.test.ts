import { describe, expect, it } from "@jest/globals";
import { csvOf, type Cell } from "../../../lambdas/api/csv.ts";

const spelled = (cell: Cell): string => csvOf<Cell>({ cell: (value) => value }, [cell]);

describe("comma-separated values", () => {
  it("have a header line, and CRLF behind every line", () => {
    const columns = { a: (n: number) => n, b: (n: number) => `x${String(n)}` };
    expect(csvOf(columns, [1, 2])).toBe("a,b\r\n1,x1\r\n2,x2\r\n");
    expect(csvOf(columns, [])).toBe("a,b\r\n");
  });

  it.each([
    ["a,b", '"a,b"'],
    ['say "no"', '"say ""no"""'],
    ["two\nlines", '"two\nlines"'],
    ["two\r\nlines", '"two\r\nlines"'],
    ["plain; text", "plain; text"],
    ["grün – ok", "grün – ok"],
    ["", ""],
  ])("quote what RFC 4180 asks for: %j", (cell, expected) => {
    expect(spelled(cell)).toBe(`cell\r\n${expected}\r\n`);
  });

  it.each([
    ['=HYPERLINK("http://a")', `"'=HYPERLINK(""http://a"")"`],
    ["+1", "'+1"],
    ["-2+3", "'-2+3"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\tx", "'\tx"],
    ["\rx", `"'\rx"`],
  ])("let no text become a formula: %j", (cell, expected) => {
    expect(spelled(cell)).toBe(`cell\r\n${expected}\r\n`);
  });

  it.each([
    [-1.5, "-1.5"],
    [0, "0"],
    [undefined, ""],
  ])("leave figures as they are: %j", (cell, expected) => {
    expect(spelled(cell)).toBe(`cell\r\n${expected}\r\n`);
  });
});
