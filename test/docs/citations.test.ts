/** Whoever reads a source must be able to open what it cites: a file of the repository, or a document of AWS by its title. */
import { existsSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { readSource, sourcesBelow } from "../architecture/sources.ts";
import { pages } from "./pages.ts";

/** Written so that this file does not cite what it forbids. */
const elsewhere: readonly RegExp[] = [
  /\bspec[/]/,
  /\bspec (?:of|for)\b/i,
  /\u00a7/,
  /\berror (?:table)\b/,
];

const citesElsewhere = (line: string): boolean => elsewhere.some((pattern) => pattern.test(line));

/** `docs/models.md`, but not the end of a web address. */
const citedPages = (text: string): readonly string[] =>
  [...text.matchAll(/(?<![\w/.:-])((?:[\w-]+\/)+[\w.-]+\.md)\b/g)].map(([, path = ""]) => path);

const exists = (path: string): boolean => existsSync(new URL(`../../${path}`, import.meta.url));

const folders = ["core", "adapters", "lambdas", "statemachines", "infra", "local", "test"];
const files: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(folders.map((folder) => [folder, sourcesBelow(folder)])),
  "the root": ["eslint.config.js", "jest.config.js", ".ci/run"],
  "the pages": pages,
};

describe("what a file cites", () => {
  it.each([
    ["by token buckets (spec" + "/aws.md)", true],
    ["the spec" + " of LINEAR has the cases", true],
    ["for what follows from each, the launch error" + " table", true],
    ["at most 2,048 characters (\u00a77)", true],
    ["Source: EC2 API reference, RunInstances.", false],
    ["the inspection of specifications", false],
  ])("is judged: %s", (line, isForbidden) => {
    expect(citesElsewhere(line)).toBe(isForbidden);
  });

  it.each(Object.keys(files))("is in the repository, or AWS's own, in %s", (group) => {
    const found = (files[group] ?? []).flatMap((path) =>
      readSource(path)
        .split("\n")
        .filter(citesElsewhere)
        .map((line) => `${path}: ${line}`),
    );
    expect(found).toEqual([]);
  });

  it.each(folders)("is a page that exists, in %s", (folder) => {
    expect(citedPages("see docs/models.md.")).toEqual(["docs/models.md"]);
    const absent = sourcesBelow(folder).flatMap((path) =>
      citedPages(readSource(path)).filter((page) => !exists(page)),
    );
    expect(absent).toEqual([]);
  });
});
