import { describe, expect, it } from "@jest/globals";
import { budgetPoints } from "../../../../core/decide/kubernetes/budget-points.ts";
import { nameOfBudget } from "../../../../core/decide/kubernetes/budgets.ts";
import { aBudget, aPod } from "./objects.ts";

const at = "2026-03-02T09:00:00.000Z";
const budget = aBudget();
const pod = { ...aPod({ of: "web" }), nodeName: "node-1" };
const view = { budgets: [budget], daemonSets: [], pods: [pod] };

describe("the budgets that are followed", () => {
  it("are those of pods on the node that goes, by their own status", () => {
    expect(budgetPoints({ view, node: { name: "node-1" }, followed: new Set(), at })).toEqual([
      {
        at,
        name: nameOfBudget(budget),
        allowed: budget.disruptionsAllowed,
        healthy: budget.currentHealthy,
        needed: budget.desiredHealthy,
      },
    ]);
  });

  it("are not those of other nodes, until one is followed: its pods come up there", () => {
    const elsewhere = { view, node: { name: "node-2" }, at };
    expect(budgetPoints({ ...elsewhere, followed: new Set() })).toEqual([]);
    const followed = new Set([nameOfBudget(budget)]);
    expect(budgetPoints({ ...elsewhere, followed }).map(({ name }) => name)).toEqual([
      nameOfBudget(budget),
    ]);
  });
});
