import { existsSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { customerRoleParts } from "../../lambdas/access/customer-role.ts";
import { generatedSections, withSections } from "../../local/docs/generated-sections.ts";
import { anchorOf, linksOf, readPage, pages } from "./pages.ts";

const anchorsOf = (page: string): readonly string[] =>
  [...readPage(page).matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => anchorOf(title));

const isBroken = (page: string, link: string): boolean => {
  const url = new URL(link, `https://repository/${page}`);
  const path = url.pathname.slice(1);
  if (!existsSync(new URL(`../../${path}`, import.meta.url))) return true;
  return url.hash !== "" && !anchorsOf(path).includes(url.hash.slice(1));
};

/** What stands in backticks and looks like one of our files. */
const filesIn = (page: string): readonly string[] =>
  [
    ...readPage(page).matchAll(
      /`((?:adapters|core|infra|lambdas|local|statemachines|test)\/[\w./-]*)`/g,
    ),
  ].map(([, path = ""]) => path);

describe("the pages", () => {
  it.each(pages)("%s has no broken link", (page) => {
    expect(linksOf(page).filter((link) => isBroken(page, link))).toEqual([]);
  });

  it.each(pages)("%s names no file that does not exist", (page) => {
    const absent = filesIn(page).filter(
      (path) => !existsSync(new URL(`../../${path}`, import.meta.url)),
    );
    expect(absent).toEqual([]);
  });

  it.each(Object.keys(generatedSections))(
    "%s is as the code has it (else run: npm run docs)",
    async (page) => {
      const text = readPage(page);
      // Whether the README shows what the demo prints is seen where the whole demo runs: test/local/demo/demo.test.ts.
      const kept = page === "README.md" ? ["demo"] : [];
      expect(await withSections(page, text, kept)).toBe(text);
    },
  );

  it("name no npm script that does not exist", () => {
    const { scripts } = JSON.parse(readPage("package.json")) as {
      scripts: Readonly<Record<string, string>>;
    };
    const named = pages.flatMap((page) =>
      [...readPage(page).matchAll(/npm run (?:--silent )?(\w[\w:-]*)/g)].map(
        ([, name = ""]) => name,
      ),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it("leave no statement of the customer's role unexplained, nor the part that it is in", () => {
    const page = readPage("docs/permissions.md");
    const explained = [...page.matchAll(/^\| `(\w+)` +\| `(\w+)` /gm)].map(([, sid, part]) => ({
      sid,
      part,
    }));
    expect(explained).toEqual(
      customerRoleParts.flatMap(({ feature, statements }) =>
        statements.map(({ sid }) => ({ sid, part: feature })),
      ),
    );
  });
});

describe("the decisions", () => {
  const decisions = pages.filter((page) => /^docs\/decisions\/\d{4}-/.test(page));

  it("are numbered without a gap", () => {
    expect(decisions.map((page) => Number(page.slice(15, 19)))).toEqual(
      decisions.map((_page, index) => index + 1),
    );
  });

  it.each(decisions)("%s has its three parts, on one screen", (page) => {
    const text = readPage(page);
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual([
      "Context",
      "Decision",
      "Consequences",
    ]);
    expect(text.split("\n").length).toBeLessThanOrEqual(41);
    expect(linksOf("docs/decisions/README.md")).toContain(page.replace("docs/decisions/", ""));
  });
});
