import { describe, expect, it } from "@jest/globals";
import { nodeDeferrals, nodeReasons } from "../../core/model/reasons/node.ts";
import { kubernetesWorkflow } from "../../statemachines/kubernetes.ts";
import { readPage } from "./pages.ts";

const page = readPage("docs/workflows/kubernetes.md");

describe("docs/workflows/kubernetes.md", () => {
  it.each(Object.keys(kubernetesWorkflow.States))(
    "draws the state %s, and says what it does",
    (state) => {
      expect(page).toContain(`state "${state}" as `);
      expect(page).toContain(`| ${state} `);
    },
  );

  it.each([...nodeReasons, ...nodeDeferrals])("has a row for %s", (code) => {
    expect(page).toMatch(new RegExp(`^\\| \`${code}\` +\\| \\S`, "m"));
  });
});
