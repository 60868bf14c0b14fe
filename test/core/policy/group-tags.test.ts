import { describe, expect, it } from "@jest/globals";
import { groupTags, policyOfGroup, readGroupTags } from "../../../core/policy/group-tags.ts";
import { effectivePolicy, modesOf } from "../../../core/policy/policy.ts";
import { limitName } from "../../../core/policy/limit-name.ts";

const tag = (name: string, value: string) => ({ [`spot-optimizer:${name}`]: value });

describe("the tags of a group", () => {
  it.each(groupTags)("are named after the limit, which groups have: $key", ({ key, limit }) => {
    expect(key).toBe(`spot-optimizer:${limitName(limit).replaceAll("_", "-")}`);
    expect(modesOf(limit)).toContain("CLUSTER");
  });

  it.each([
    ["on-demand-base", "2", { onDemandBase: 2 }],
    ["on-demand-base", "30%", { onDemandBase: "30%" }],
    ["on-demand-base", "30 percent", { onDemandBase: "30%" }],
    ["batch-size", " 4 ", { batchSize: 4 }],
    ["max-pool-share-percent", "25", { maxPoolSharePercent: 25 }],
    ["min-savings-percent", "20", { minSavingsPercent: 20 }],
    ["allowed-types", "m5 m6i.large", { allowedTypes: ["m5", "m6i.large"] }],
    ["excluded-types", "t3,m5.large", { excludedTypes: ["t3", "m5.large"] }],
  ])("%s = %j is %j", (name, value, limits) => {
    expect(readGroupTags(tag(name, value))).toEqual({ limits, malformed: [] });
  });

  it.each([
    ["enabled", "yes"],
    ["on-demand-base", "half"],
    ["on-demand-base", "101%"],
    ["on-demand-base", "-1"],
    ["batch-size", "0"],
    ["batch-size", "11"],
    ["batch-size", "2.5"],
    ["batch-size", ""],
    ["batch-size", "0x4"],
    ["allowed-types", ""],
    ["allowed-types", "M5!"],
    ["batch_size", "4"],
    ["Batch-Size", "4"],
    ["min-saving-percent", "20"],
    ["dwell-hours", "4"],
  ])("%s = %j is malformed, not ignored", (name, value) => {
    const { limits, malformed } = readGroupTags(tag(name, value));
    expect(limits).toEqual({});
    expect(malformed).toEqual([expect.objectContaining({ key: `spot-optimizer:${name}`, value })]);
  });

  it.each([
    ["true", true],
    ["FALSE", false],
  ])("enabled = %s", (value, enabled) => {
    expect(readGroupTags(tag("enabled", value))).toEqual({ enabled, limits: {}, malformed: [] });
  });

  it("that no limit of a group has are told with those that there are", () => {
    const { malformed } = readGroupTags(tag("min-saving-percent", "20"));
    expect(malformed[0]?.form).toMatch(/^one of spot-optimizer:enabled, /);
    expect(malformed[0]?.form).toContain("spot-optimizer:min-savings-percent");
  });

  it("leave others alone, our claim and the owner's own", () => {
    expect(
      readGroupTags({ ...tag("claim", "dpl-1#1"), ...tag("enrolled", "true"), a: "b" }),
    ).toEqual({ limits: {}, malformed: [] });
  });

  it("win over what is registered", () => {
    const policy = effectivePolicy("CLUSTER", { batchSize: 2, minSavingsPercent: 30 });
    const applied = policyOfGroup(policy, readGroupTags(tag("batch-size", "5")));
    expect(applied).toEqual({ ...policy, batchSize: 5 });
  });
});
