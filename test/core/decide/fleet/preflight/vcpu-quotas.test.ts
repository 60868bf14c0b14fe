import { describe, expect, it } from "@jest/globals";
import {
  quotaNeeds,
  rowsBeyond,
  standingOf,
  type QuotaInput,
  type QuotaNeed,
} from "../../../../../core/decide/fleet/preflight/vcpu-quotas.ts";
import type { PreflightRow } from "../../../../../core/model/preflight.ts";
import { preflightRowSample } from "./rows.ts";

const types = [
  { instanceType: "m5.large", vcpu: 2 },
  { instanceType: "m6i.large", vcpu: 2 },
  { instanceType: "g5.xlarge", vcpu: 4 },
  { instanceType: "p5.48xlarge", vcpu: 192 },
  { instanceType: "im4gn.large", vcpu: 2 },
];

const rowOf = (id: string, change: Partial<PreflightRow> = {}): PreflightRow =>
  preflightRowSample({ id, ...change });

const offer = (instanceType: string): Pick<PreflightRow, "offers" | "instanceType"> => ({
  instanceType,
  offers: [{ instanceType, zoneId: "euc1-az2", spotHourlyUsd: 1, risk: 0, horizonHours: 24 }],
});

const needsOf = (change: Partial<QuotaInput>): readonly QuotaNeed[] =>
  quotaNeeds({ instances: [], types, rows: [], fallsBack: true, ...change });

const spotIn = (needs: readonly QuotaNeed[], code = "L-34B43A08"): QuotaNeed => {
  const found = needs.find(({ quota }) => quota.quotaCode === code);
  if (found === undefined) throw new Error(`Nothing draws on ${code}.`);
  return found;
};

describe("quotas of vCPUs", () => {
  it.each([
    ["m5.large", "L-34B43A08", "L-1216C47A"],
    ["im4gn.large", "L-34B43A08", "L-1216C47A"],
    ["g5.xlarge", "L-3819A6DF", "L-DB2E81BA"],
    ["p5.48xlarge", "L-7212CCBC", "L-417A185B"],
  ])("of %s are %s and %s", (type, ...codes) => {
    const needs = needsOf({ rows: [rowOf("a", offer(type))] });
    expect(needs.map(({ quota }) => quota.quotaCode)).toEqual(codes);
  });

  it("are not asked for where nothing would go to Spot", () => {
    expect(needsOf({ rows: [rowOf("a", { outcome: "WONT" })] })).toEqual([]);
  });

  it("of On-Demand are left out where our role may launch none", () => {
    const needs = needsOf({ rows: [rowOf("a")], fallsBack: false });
    expect(needs.map(({ purchase }) => purchase)).toEqual(["SPOT"]);
  });

  it("count what runs on Spot or shuts down, and nothing that is stopped", () => {
    const spot = { instanceType: "m5.large", lifecycle: "spot" } as const;
    const instances = [
      { ...spot, state: "running" as const },
      { ...spot, state: "shutting-down" as const },
      { ...spot, state: "stopped" as const },
      { ...spot, state: "terminated" as const },
      { instanceType: "m5.large", state: "running" as const },
      { ...spot, instanceType: "g5.xlarge", state: "running" as const },
    ];
    expect(spotIn(needsOf({ instances, rows: [rowOf("a")] })).usedVcpus).toBe(4);
  });

  it("of On-Demand have room for all that goes back, beside what stays", () => {
    const instances = [1, 2, 3].map(() => ({
      instanceType: "m5.large",
      state: "running" as const,
    }));
    const need = spotIn(needsOf({ instances, rows: [rowOf("a")] }), "L-1216C47A");
    expect(standingOf(need, { vcpus: 6 })).toMatchObject({ usedVcpus: 4, neededVcpus: 2 });
    expect(standingOf(need, { vcpus: 6 })).not.toHaveProperty("raiseTo");
    expect(standingOf(need, { vcpus: 5 })).toMatchObject({ fittingSubjects: 0, raiseTo: 6 });
    // That it could not come back is told, and hinders nothing.
    expect(rowsBeyond(need, standingOf(need, { vcpus: 5 }))).toEqual([]);
  });

  it("are filled by what saves most; what does not fit leaves room for what is smaller", () => {
    const rows = [
      rowOf("small", { monthlyUsd: 10 }),
      rowOf("large", { instances: 4, monthlyUsd: 90 }),
      rowOf("huge", { instances: 9, monthlyUsd: 80 }),
    ];
    const need = spotIn(needsOf({ rows }));
    const standing = standingOf(need, { vcpus: 10 });
    expect(standing).toMatchObject({ fittingSubjects: 2, fittingInstances: 5, raiseTo: 28 });
    expect(rowsBeyond(need, standing).map(({ id, outcome }) => [id, outcome])).toEqual([
      ["huge", "WILL_ONCE"],
    ]);
  });

  it("that could not be read say nothing of what fits", () => {
    const need = spotIn(needsOf({ rows: [rowOf("a")] }));
    const standing = standingOf(need, { because: "AccessDenied" });
    expect(standing).not.toHaveProperty("fittingSubjects");
    expect(rowsBeyond(need, standing)).toEqual([]);
  });

  it("leave what would switch by the lists alone as open as it was", () => {
    const need = spotIn(needsOf({ rows: [rowOf("a", { outcome: "WOULD" })] }));
    const [row] = rowsBeyond(need, standingOf(need, { vcpus: 0 }));
    expect(row).toMatchObject({ outcome: "WOULD", missing: [{ kind: "QUOTA" }] });
  });
});
