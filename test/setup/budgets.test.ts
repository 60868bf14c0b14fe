import { describe, expect, it } from "@jest/globals";
import { budgets, tellBudgets } from "./budgets.ts";

const file = (name: string, seconds: number) => ({
  testFilePath: `/home/somebody/project/test/${name}.test.ts`,
  perfStats: { runtime: seconds * 1000 },
});

describe("the budgets of the tests", () => {
  it("are 170 seconds together", () => {
    expect(budgets.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(170);
  });

  it("are told with what was taken of each, on the cores that there were", () => {
    const files = [
      file("workflows/kubernetes/failing-calls", 30),
      file("workflows/cluster/undone", 40),
      file("local/property/cluster", 1),
      file("workflows/linear/recover-data", 20),
      file("local/demo/fleet", 3),
      file("lambdas/waste/harm", 6),
      file("core/ledger/state-day", 1),
      file("workflows/linear/move-root", 200),
      file("core/money", 0.5),
    ];
    expect(tellBudgets(files, 2)).toEqual([
      "KUBERNETES: 15.0 s of 2 workers, within its 20 s",
      "CLUSTER: 20.5 s of 2 workers, over its 20 s",
      "interruptions: 10.0 s of 2 workers, within its 10 s",
      "fleet: 1.5 s of 2 workers, within its 5 s",
      "governance and ledger: 3.5 s of 2 workers, within its 15 s",
      "LINEAR and the rest: 100.3 s of 2 workers, over its 100 s",
    ]);
  });
});
