import { describe, expect, it } from "@jest/globals";
import { hanging, labelled, oneLine, wrap } from "../../../local/terminal/wrap.ts";

describe("text within a width", () => {
  it.each([
    ["a line that fits", "one two", 7, ["one two"]],
    ["at blanks", "one two three", 8, ["one two", "three"]],
    ["around a word that is too long", "a wonderful b", 5, ["a", "wonderful", "b"]],
    ["nothing", "", 5, []],
  ])("%s", (_case, text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines);
  });

  it("hangs from its label", () => {
    expect(hanging("Why  ", "one two three", 12)).toEqual(["Why  one two", "     three"]);
  });

  it("may have a label in colour, which takes no room of its own", () => {
    const bold = (label: string): string => `<b>${label}</b>`;
    const [first = "", second = ""] = labelled("Why  ", "word ".repeat(20).trim(), bold);
    expect(first.startsWith("<b>Why  </b>word")).toBe(true);
    expect(first.length - "<b></b>".length).toBeLessThanOrEqual(100);
    expect(second).toMatch(/^ {5}word/);
  });

  it("is cut at a blank where one line is all there is", () => {
    expect(oneLine("one two", 7)).toBe("one two");
    expect(oneLine("one two three", 9)).toBe("one two …");
    expect(oneLine("wonderful", 6)).toBe("wond …");
  });
});
