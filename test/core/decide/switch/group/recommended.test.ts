import { describe, expect, it } from "@jest/globals";
import { heededMembers } from "../../../../../core/decide/switch/group/recommended.ts";
import type { GroupMember } from "../../../../../core/model/group.ts";
import { memberId, plainMember, spotMember } from "../../cluster/plain-group.ts";

const at = "2025-03-01T12:00:00.000Z";
const before = (hours: number): string =>
  new Date(Date.parse(at) - hours * 3_600_000).toISOString();
const aged = (index: number, hours: number): GroupMember =>
  spotMember(index, { ec2: { launchedAt: before(hours) } });
const many = (count: number, hours: number): readonly GroupMember[] =>
  Array.from({ length: count }, (_, index) => aged(index + 1, hours));

const heeded = (
  members: readonly GroupMember[],
  {
    ours = members.map(({ instanceId }) => instanceId),
    policy = "move",
  }: { readonly ours?: readonly string[]; readonly policy?: "move" | "ignore" } = {},
): readonly string[] =>
  heededMembers({
    group: { members },
    brought: ours,
    policy: { onRebalanceRecommendation: policy },
    told: new Set(members.map(({ instanceId }) => instanceId)),
    at,
  });

describe("of the members that EC2 recommends to leave", () => {
  it("none goes where the policy ignores it", () => {
    expect(heeded(many(3, 10), { policy: "ignore" })).toEqual([]);
  });

  it.each([
    [3, 1],
    [19, 1],
    [20, 2],
    [57, 5],
  ])("of a group of %s go %s an hour", (size, most) => {
    expect(heeded(many(size, 10))).toHaveLength(most);
  });

  it("those that were brought within the hour count as moved", () => {
    const [first, ...others] = many(20, 10);
    expect(first).toBeDefined();
    expect(heeded([aged(1, 0.9), ...others])).toHaveLength(1);
    expect(heeded([aged(1, 0.9), aged(2, 0.5), ...others.slice(1)])).toEqual([]);
  });

  it("what our switch has brought rests six hours, and its owner's Spot half an hour", () => {
    expect(heeded([aged(1, 5.9)])).toEqual([]);
    expect(heeded([aged(1, 5.9)], { ours: [] })).toEqual([memberId(1)]);
    expect(heeded([aged(1, 0.4)], { ours: [] })).toEqual([]);
  });

  it.each([
    ["stands On-Demand", plainMember(1)],
    ["is taken back anyway", spotMember(1, { ec2: { spotStatus: "marked-for-termination" } })],
    ["leaves", spotMember(1, { lifecycleState: "Terminating" })],
  ])("one that %s is not moved", (_why, member) => {
    expect(heeded([member], { ours: [] })).toEqual([]);
  });
});
