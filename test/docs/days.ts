/** Pages that tell bad days, a row each, and the names of the tests that prove them. */
import { readdirSync, readFileSync } from "node:fs";
import { readPage } from "./pages.ts";

const root = new URL("../../", import.meta.url);

/** Names that tests are given: the first string after `it(` or after `it.each(…)(`. */
export const testNamesIn = (folders: readonly string[]): ReadonlySet<string> => {
  const sources = folders.flatMap((folder) =>
    readdirSync(new URL(folder, root))
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => readFileSync(new URL(`${folder}/${name}`, root), "utf8")),
  );
  return new Set(
    sources.flatMap((source) =>
      [...source.matchAll(/\b(?:it|test)(?:\.each\([^]*?\))?\(\s*(["'])([^]*?[^\\])\1,/g)].map(
        ([, , name = ""]) => name,
      ),
    ),
  );
};

/** Cells of the table below a heading, without its head. */
export const readDays = (page: string, heading: string): readonly (readonly string[])[] => {
  const [, rest = ""] = readPage(page).split(`## ${heading}\n`);
  const [section = ""] = rest.split("\n## ");
  return section
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) =>
      line.split(" | ").map((cell) => cell.replace(/^\| ?/, "").replace(/ *\|$/, "").trim()),
    );
};
