/** Each bad day that docs/workflows/cluster-days.md tells has a test of that name. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { readPage } from "./pages.ts";

const folders = ["test/workflows/cluster", "test/core/decide/cluster"];

const sources = folders.flatMap((folder) =>
  readdirSync(new URL(`../../${folder}`, import.meta.url))
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => readFileSync(new URL(`../../${folder}/${name}`, import.meta.url), "utf8")),
);

/** Names that tests are given: the first string after `it(` or after `it.each(…)(`. */
const names = new Set(
  sources.flatMap((source) =>
    [...source.matchAll(/\bit(?:\.each\([^]*?\))?\(\s*(["'])([^]*?[^\\])\1,/g)].map(
      ([, , name = ""]) => name,
    ),
  ),
);

const rowsOf = (heading: string): readonly (readonly string[])[] => {
  const page = readPage("docs/workflows/cluster-days.md");
  const [, rest = ""] = page.split(`## ${heading}\n`);
  const [section = ""] = rest.split("\n## ");
  return section
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) =>
      line.split(" | ").map((cell) => cell.replace(/^\| ?/, "").replace(/ *\|$/, "").trim()),
    );
};

describe("docs/workflows/cluster-days.md", () => {
  it.each([
    ["What anybody must expect", 17, 0],
    ["Found in the field", 25, 0],
    ["Holes of a plain attach and remove", 12, 2],
  ] as const)("%s: %i rows, each named as a test", (heading, count, column) => {
    const days = rowsOf(heading).map((cells) => cells[column] ?? "");
    expect(days).toHaveLength(count);
    expect(days.filter((day) => !names.has(day))).toEqual([]);
  });
});
