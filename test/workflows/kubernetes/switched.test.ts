import { describe, expect, it } from "@jest/globals";
import { courseAmong } from "../../../adapters/store/course.ts";
import { loadEvaluation } from "../../../adapters/store/evaluations.ts";
import { changesOf, complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import { createNodeLab, type NodeLabOptions } from "../../../local/lab/node-lab.ts";

const managed = { isManaged: true, policy: { spot_node_group: "spot" } } as const;

describe("nodes are replaced without hurting a pod", () => {
  it.each<readonly [what: string, nodes: number, options: NodeLabOptions]>([
    ["one of a self-managed group", 1, {}],
    ["all of a self-managed group, one after the other", 3, { scope: "ALL" }],
    ["one of a managed node group, by its Spot node group", 1, managed],
  ])("%s", async (_what, nodes, options) => {
    const lab = await createNodeLab(options);
    const ending = await lab.run();
    expect(complaintsAboutNodes(lab, ending)).toEqual([]);
    expect(ending.status).toBe("SWITCHED");
    expect(ending.swaps.map(({ stage }) => stage)).toEqual(
      Array.from({ length: nodes }, () => "DONE"),
    );
    const { verdict, estimatedSavings } = ending.evaluation;
    expect(estimatedSavings?.hourlyUsd).toBeGreaterThan(0.04 * nodes);
    // Of all nodes together, before and afterwards.
    expect(verdict?.savings?.hourlyUsd).toBeCloseTo(estimatedSavings?.hourlyUsd ?? 0, 4);
  });
});

describe("budgets of a node's pods", () => {
  it("are followed from the plan to the empty node: what each allowed, and how many were healthy of those needed", async () => {
    const lab = await createNodeLab({});
    const ending = await lab.run();
    const stored = await loadEvaluation(lab.account.table, ending.evaluation.evaluationId);
    const { budgets } = courseAmong(stored?.items ?? []);
    const names = new Set(budgets.map(({ name }) => name));
    expect(names.size).toBeGreaterThan(0);
    for (const name of names) {
      const series = budgets.filter((point) => point.name === name);
      expect(series.length).toBeGreaterThan(1);
      expect(series.filter(({ healthy, needed }) => healthy < needed)).toEqual([]);
    }
  });
});

describe("without access to the cluster", () => {
  it("the evaluation ends DEGRADED with the remedy, having done nothing", async () => {
    const lab = await createNodeLab({ hasAccess: false });
    const ending = await lab.run();
    expect(ending.status).toBe("DEGRADED");
    expect(ending.evaluation.outcome?.sentence).toContain("aws eks create-access-entry");
    expect(changesOf(lab)).toEqual([]);
    expect(complaintsAboutNodes(lab, ending)).toEqual([]);
  });
});
