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
