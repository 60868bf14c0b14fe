/** docs/README.md is the map: whoever has a question finds the page, and whoever sees an alarm the runbook's entry. */
import { describe, expect, it } from "@jest/globals";
import { anchorOf, linksOf, readPage, pages } from "./pages.ts";

const map = "docs/README.md";

/** Pages that a page links to, by path from the root. */
const pagesFrom = (page: string): readonly string[] =>
  linksOf(page)
    .map((link) => new URL(link, `https://repository/${page}`).pathname.slice(1))
    .filter((path) => path.endsWith(".md"));

const reachedFrom = (start: string): ReadonlySet<string> => {
  const reached = new Set([start]);
  for (const page of reached) {
    if (!pages.includes(page)) continue;
    for (const next of pagesFrom(page)) reached.add(next);
  }
  return reached;
};

describe(map, () => {
  const linked = linksOf(map);

  it("leads to every page: the decisions by way of their list, all others at once", () => {
    const atOnce = pagesFrom(map);
    const direct = pages.filter(
      (page) => page.startsWith("docs/") && page !== map && !/^docs\/decisions\/\d/.test(page),
    );
    expect(direct.filter((page) => !atOnce.includes(page))).toEqual([]);
    const reached = reachedFrom(map);
    expect(pages.filter((page) => !reached.has(page))).toEqual([]);
  });

  it("is what the README leads to", () => {
    expect(pagesFrom("README.md")).toContain(map);
  });

  it("leads to every entry of the runbook by what is seen", () => {
    const entries = [...readPage("docs/runbook.md").matchAll(/^##+ (.+)$/gm)].map(
      ([, title = ""]) => `runbook.md#${anchorOf(title)}`,
    );
    expect(entries.length).toBeGreaterThan(30);
    expect(entries.filter((entry) => !linked.includes(entry))).toEqual([]);
  });

  it("asks questions where it says so", () => {
    const sections = readPage(map).split(/^## /m);
    const rowsBelow = (title: string): readonly string[] =>
      (sections.find((section) => section.startsWith(title)) ?? "")
        .split("\n")
        .filter((line) => line.startsWith("| "))
        .slice(2)
        .map((row) => row.split("|")[1]?.trim() ?? "");
    for (const title of ["How do I …?", "What happens when …?", "Why does it …?"]) {
      const questions = rowsBelow(title);
      expect(questions.length).toBeGreaterThan(5);
      expect(questions.filter((question) => !question.endsWith("?"))).toEqual([]);
    }
  });
});
