import { describe, expect, it } from "@jest/globals";
import { groupDeferrals, groupReasons } from "../../core/model/reasons/group.ts";
import { groupTags } from "../../core/policy/group-tags.ts";
import { clusterWorkflow } from "../../statemachines/cluster.ts";
import { readPage } from "./pages.ts";

const page = readPage("docs/workflows/cluster.md");

describe("docs/workflows/cluster.md", () => {
  it.each(Object.keys(clusterWorkflow.States))(
    "draws the state %s, and says what it does",
    (state) => {
      expect(page).toContain(`state "${state}" as `);
      expect(page).toContain(`| ${state} `);
    },
  );

  it.each([...groupReasons, ...groupDeferrals, "NOT_ENROLLED"])("has a row for %s", (code) => {
    expect(page).toMatch(new RegExp(`^\\| \`${code}\` +\\| \\S`, "m"));
  });

  it.each(groupTags)("has a row for the tag $key, with its form", ({ key, form }) => {
    const configuration = readPage("docs/configuration.md");
    expect(configuration).toContain(`| \`${key}\``);
    expect(configuration).toContain(form);
  });
});
