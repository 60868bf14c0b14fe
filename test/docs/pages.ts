/** The pages of the documentation as the tests see them. */
import { readFileSync, readdirSync } from "node:fs";

const root = new URL("../../", import.meta.url);

/** README.md and all below docs/, by path from the root. */
export const pages: readonly string[] = [
  "README.md",
  ...readdirSync(new URL("docs/", root), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => `docs/${path}`)
    .sort(),
];

export const readPage = (page: string): string => readFileSync(new URL(page, root), "utf8");

/** As GitHub makes them from a title. */
export const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

/** What a page links to in this repository, as written. */
export const linksOf = (page: string): readonly string[] =>
  [...readPage(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !target.includes("://"));
