import { describe, expect, it } from "@jest/globals";
import { limitName } from "../../core/policy/limit-name.ts";
import { limitKeys } from "../../core/policy/policy.ts";
import { policyTable } from "../../local/docs/policy-table.ts";

const rows = policyTable()
  .split("\n")
  .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| /, "").trim()));

const rowOf = (name: string) => rows.find(([limit]) => limit === `\`${name}\``);

describe("the table of the policy", () => {
  it("has a row for each limit", () => {
    const named = rows.slice(2).map(([limit]) => limit);
    expect(named).toEqual(limitKeys().map((key) => `\`${limitName(key)}\``));
  });

  it.each([
    ["require_approval", "all", "`false`"],
    ["consistency", "LINEAR", '`"stop-and-image"`'],
    ["max_pool_share_percent", "CLUSTER, KUBERNETES", "`100`"],
    ["max_risk", "all", "LINEAR: `0.3`; CLUSTER, KUBERNETES: `1`"],
    ["batch_size", "CLUSTER", "`1`"],
    ["dwell_hours", "all", "LINEAR: `24`; CLUSTER, KUBERNETES: `0`"],
  ])("says of %s to which modes it applies, and which default each has", (name, ...cells) => {
    expect(rowOf(name)?.slice(1, 3)).toEqual(cells);
  });

  it("says of a limit of two shapes what each may be", () => {
    expect(rowOf("on_demand_base")?.[3]).toBe("whole number, 0 to 10000, or text");
    expect(rowOf("allowed_attributes")?.[3]).toBe("list of `vcpu`, `gib`, at most 5");
  });
});
