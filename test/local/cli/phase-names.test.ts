import { describe, expect, it } from "@jest/globals";
import { phaseName } from "../../../local/cli/report/phase-names.ts";
import { workflowNodes } from "../../../local/console/workflow-nodes.ts";

const nodes = workflowNodes();

describe("the names of phases", () => {
  it.each(["LINEAR", "CLUSTER", "KUBERNETES"] as const)("are those of the states of %s", (mode) => {
    const said = nodes[mode].map(({ phase }) => phaseName(mode, phase));
    expect(said).toEqual(nodes[mode].map(({ name }) => name));
  });
});
