import { describe, expect, it } from "@jest/globals";
import { healthyPods, neverAllows, waitsFor } from "../../../../core/decide/kubernetes/budgets.ts";
import type { BudgetFacts } from "../../../../core/model/kubernetes/budget.ts";
import { aBudget, aPod, at } from "./objects.ts";

const { maxUnavailable: _none, ...unset } = aBudget();
const atLeast = (
  minAvailable: number | string,
  desiredHealthy: number,
  expectedPods: number,
): BudgetFacts => ({ ...unset, minAvailable, desiredHealthy, expectedPods });
const atMost = (
  maxUnavailable: number | string,
  desiredHealthy: number,
  expectedPods: number,
): BudgetFacts => ({ ...unset, maxUnavailable, desiredHealthy, expectedPods });
const failing = (message: string): BudgetFacts["conditions"] => [
  { type: "DisruptionAllowed", status: "False", reason: "SyncFailed", message },
];

const pod = aPod({ of: "web" });
const ownerless = aPod({ labels: { app: "web" } });

describe("a budget that never lets a pod go", () => {
  it.each<[string, BudgetFacts, string]>([
    ["minAvailable 67% of 2", atLeast("67%", 2, 2), "run 4 pods"],
    ["minAvailable 91% of 10", atLeast("91%", 10, 10), "run 12 pods"],
    ["minAvailable 50% of 1", atLeast("50%", 1, 1), "run 2 pods"],
    ["minAvailable 100%", atLeast("100%", 3, 3), "set its maxUnavailable to 1"],
    ["minAvailable 3 of 3", atLeast(3, 3, 3), "run 4 pods"],
    ["minAvailable 3 of 2, as at night", atLeast(3, 3, 2), "run 4 pods"],
    ["maxUnavailable 0", atMost(0, 3, 3), "set its maxUnavailable to 1"],
    ["maxUnavailable 0%", atMost("0%", 3, 3), "set its maxUnavailable to 1"],
    [
      "of Jobs, which have no scale",
      {
        ...atMost(1, 0, 0),
        conditions: failing("jobs.batch does not implement the scale subresource"),
      },
      "jobs.batch does not implement the scale subresource",
    ],
  ])("%s is told with what would help", (_name, budget, told) => {
    expect(neverAllows(budget, pod)?.sentence).toContain(told);
  });

  it.each<[string, BudgetFacts]>([
    ["a percentage", atLeast("50%", 0, 0)],
    ["maxUnavailable", atMost(1, 0, 0)],
  ])("is one by %s over pods without a controller", (_name, budget) => {
    expect(neverAllows(budget, ownerless)?.sentence).toContain("has no controller");
    expect(neverAllows(budget, pod)).toBeUndefined();
  });

  it.each<[string, BudgetFacts]>([
    ["maxUnavailable 1% of 3, rounded up", atMost("1%", 2, 3)],
    ["maxUnavailable 30% of 1, rounded up", atMost("30%", 0, 1)],
    ["minAvailable 2 of 3", atLeast(2, 2, 3)],
    ["one that its controller has not looked at yet", { ...atLeast(3, 3, 3), generation: 2 }],
    ["one without pods", atLeast(2, 2, 0)],
  ])("is not %s", (_name, budget) => {
    expect(neverAllows(budget, pod)).toBeUndefined();
  });
});

describe("a budget that lets none go now", () => {
  const three = [1, 2, 3].map((number) => aPod({ of: "web", name: `web-${String(number)}` }));

  it("is waited for, with its figures", () => {
    const budget = aBudget({ disruptionsAllowed: 0, desiredHealthy: 3 });
    expect(waitsFor(budget, three)?.sentence).toBe(
      "budget shop/web lets none go now (3 healthy, 3 wanted, maxUnavailable 1)",
    );
  });

  it("is waited for while its controller is behind, whatever its status says", () => {
    expect(waitsFor(aBudget({ generation: 2 }), three)?.sentence).toContain("has not looked at it");
    const crashed = [aPod({ of: "web", name: "web-4", isReady: false }), ...three.slice(1)];
    expect(waitsFor(aBudget(), crashed)?.sentence).toContain("2 healthy, 2 wanted");
  });

  it("is not one with room", () => {
    expect(waitsFor(aBudget(), three)).toBeUndefined();
  });

  it("counts neither what terminates nor another namespace", () => {
    const others = [
      aPod({ of: "web", name: "web-4", deletionTimestamp: at(9) }),
      aPod({ of: "web", name: "web-5", namespace: "bank" }),
    ];
    expect(healthyPods(aBudget(), [...three, ...others])).toBe(3);
  });
});
