import { describe, expect, it } from "@jest/globals";
import { modelStatuses } from "../../core/model/risk-model.ts";
import { featureTable, featureVersion } from "../../core/risk/feature-vector.ts";
import { parseModelFile } from "../../core/risk/model-file.ts";
import { readPage } from "./pages.ts";

const page = readPage("docs/models.md");
const examples = [...page.matchAll(/^```json\n(.*?)^```$/gms)].map(
  ([, text = ""]) => JSON.parse(text) as Readonly<Record<string, unknown>>,
);

/** The page's line on the feature, its columns without their padding. */
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split("|").map((cell) => cell.trim()));

describe("docs/models.md", () => {
  const [whole, part] = examples;

  it("shows a complete file that can be registered", () => {
    expect(parseModelFile(whole, "the example")).toEqual(whole);
  });

  it("shows trees that fit into that file in place of its terms", () => {
    const { terms: _terms, ...others } = whole ?? {};
    expect(parseModelFile({ ...others, ...part }, "the example")).toMatchObject({ kind: "trees" });
  });

  it.each(featureTable)("lists the feature $name with its unit", ({ name, unit }) => {
    expect(rows).toContainEqual(["", `\`${name}\``, unit, ""]);
    expect(page).toContain(`Version \`${featureVersion}\``);
  });

  it.each(modelStatuses)("says what a model may do that is %s", (status) => {
    expect(page).toContain(`| \`${status}\``);
  });
});
