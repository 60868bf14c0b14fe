/** The README: what a newcomer needs, in the order in which he needs it. */
import { describe, expect, it } from "@jest/globals";
import { readPage } from "./pages.ts";

const readme = readPage("README.md");
const lines = readme.split("\n");

const after = (heading: string): string =>
  readme.split(/^## /m).find((section) => section.startsWith(`${heading}\n`)) ?? "";

describe("README.md", () => {
  it("goes from a picture by two commands to five minutes, and only then to how and why", () => {
    expect(lines.filter((line) => line.startsWith("## "))).toEqual([
      "## Two commands",
      "## What you then see",
      "## Five minutes",
      "## How it works",
      "## The three modes",
      "## Deploy",
      "## What is promised, and what is not",
      "## What it costs to run",
      "## Where to go on",
    ]);
    expect(readme.indexOf("](docs/console-fleet.png)")).toBeLessThan(
      readme.indexOf("## Two commands"),
    );
    expect(after("What you then see")).toContain("](docs/demo.svg)");
    expect(after("How it works")).toContain("```mermaid\n");
  });

  it("is short: five minutes begin within the first sixty lines, and all of it has at most 250", () => {
    expect(lines.indexOf("## Five minutes")).toBeLessThan(60);
    expect(lines.length).toBeLessThanOrEqual(250);
  });

  it("says that it has not run on AWS, beside what it promises", () => {
    expect(after("What is promised, and what is not").replaceAll(/\s+/g, " ")).toContain(
      "**This version has not been run against a real AWS account.**",
    );
  });

  it("has no price that the page of costs does not have", () => {
    const cost = readPage("docs/cost.md");
    const figures = [...after("What it costs to run").matchAll(/\$\d+\.\d\d/g)].map(
      ([figure]) => figure,
    );
    expect(figures.length).toBeGreaterThan(3);
    expect(figures.filter((figure) => !cost.includes(figure))).toEqual([]);
  });
});
