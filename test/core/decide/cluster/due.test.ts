import { describe, expect, it } from "@jest/globals";
import { currentJudgementVersion } from "../../../../core/model/judgement-version.ts";
import { dueMembers, type DueInput } from "../../../../core/decide/cluster/due.ts";
import type { GroupFacts } from "../../../../core/model/group.ts";
import { hoursBefore, observedAt, sampleOffer, samplePool } from "../offers/choice-samples.ts";
import {
  clusterPolicy,
  groupOf,
  memberId,
  plainMember,
  plainMembers,
  spotMember,
} from "./plain-group.ts";

const staying = { probability: 0.01, horizonHours: 0.5, modelVersion: "streak-1" };
const offers = ["use1-az4", "use1-az1"].map((zone) =>
  sampleOffer(samplePool("m5.large", zone), 0.03, { staying }),
);
const placed = (...indexes: readonly number[]): Partial<GroupFacts> => ({
  placed: indexes.map((index) => ({ instanceId: memberId(index), evaluationId: "ev-1" })),
});

const due = (group: GroupFacts, change: Partial<DueInput> = {}) =>
  dueMembers({
    group,
    policy: clusterPolicy(),
    kind: "SWITCH",
    offers,
    judgementVersion: currentJudgementVersion,
    at: observedAt,
    ...change,
  });

/** By part: whose place is in question, where each stands, and where it must go. */
const told = (group: GroupFacts, change: Partial<DueInput> = {}) =>
  due(group, change).parts.map(({ members, most }) => ({
    most,
    members: members.map(({ member, standing, to }) => [
      member.instanceId,
      standing.kind,
      ...(to === undefined ? [] : [to]),
    ]),
  }));

describe("members whose place is in question", () => {
  it("are those On-Demand above the base, before those on Spot", () => {
    const group = groupOf([plainMember(1), plainMember(2), spotMember(3)], placed(3));
    expect(told(group, { policy: clusterPolicy({ onDemandBase: 1 }) })).toEqual([
      { most: 1, members: [1, 2].map((index) => [memberId(index), "ON_DEMAND"]) },
      { most: 1, members: [[memberId(3), "SPOT"]] },
    ]);
  });

  it("are as many on Spot as the base lacks", () => {
    const group = groupOf([plainMember(1), spotMember(2), spotMember(3)], placed(2, 3));
    const [first] = told(group, { policy: clusterPolicy({ onDemandBase: 2 }) });
    expect(first).toEqual({
      most: 1,
      members: [2, 3].map((index) => [memberId(index), "ON_DEMAND", "ON_DEMAND"]),
    });
  });

  it("are those alone that EC2 takes back where they are to be launched anew, and that a switch has brought", () => {
    const taken = (index: number, change = {}) =>
      spotMember(index, { ec2: { spotStatus: "instance-terminated-no-capacity" }, ...change });
    const gone = taken(4, { lifecycleState: "Terminating" });
    const members = [plainMember(1), taken(2), taken(3), gone, spotMember(5)];
    const group = groupOf(members, placed(2, 4, 5));
    expect(told(group, { kind: "RECOVER" })).toEqual([
      { most: Infinity, members: [[memberId(2), "INTERRUPTED"]] },
    ]);
    const { kept } = due(group, { kind: "RECOVER" });
    expect(kept.map(({ instanceId }) => instanceId)).toEqual([memberId(4), memberId(3)]);
    expect(told(groupOf(plainMembers), { kind: "RECOVER" })).toEqual([]);
  });

  it("are all on Spot that a switch has brought where the way back was asked for, however young", () => {
    const young = spotMember(2, { ec2: { launchedAt: hoursBefore(0.1) } });
    const group = groupOf([plainMember(1), young, spotMember(3)], placed(2));
    const policy = clusterPolicy({ dwellHours: 24 });
    expect(told(group, { kind: "FALL_BACK", policy })).toEqual([
      { most: Infinity, members: [[memberId(2), "ON_DEMAND", "ON_DEMAND"]] },
    ]);
  });

  it.each([
    [
      "younger than the dwell time",
      spotMember(1, { ec2: { launchedAt: hoursBefore(3) } }),
      "is within its dwell time of 8 h",
    ],
    [
      "in a pool of which nothing is known",
      spotMember(1, { instanceType: "x9.large" }),
      "stands in a pool whose price or risk is not known",
    ],
  ])("are none %s, and it is said why", (_, member, because) => {
    const { parts, kept } = due(groupOf([member], placed(1)), {
      policy: clusterPolicy({ dwellHours: 8 }),
    });
    expect(parts).toEqual([]);
    expect(kept).toEqual([{ instanceId: memberId(1), because }]);
  });

  it("are none of a group that stands On-Demand up to its base", () => {
    expect(
      told(groupOf(plainMembers), { policy: clusterPolicy({ onDemandBase: "100%" }) }),
    ).toEqual([]);
  });
});

describe("members that stand on Spot, and may stand better elsewhere", () => {
  const size = 20;
  const fleet = (young: number, hours = 0.9): GroupFacts => {
    const indexes = Array.from({ length: size }, (_, index) => index + 1);
    const aged = (index: number) =>
      spotMember(index, { ec2: { launchedAt: hoursBefore(index <= young ? hours : 7) } });
    return groupOf(indexes.map(aged), placed(...indexes));
  };
  const mostOf = (group: GroupFacts, change: Partial<DueInput> = {}) =>
    due(group, change).parts.map(({ members, most, isPaced }) => [members.length, most, isPaced]);

  it("move to other pools a tenth of their group an hour: whoever came to Spot within it counts", () => {
    expect(mostOf(fleet(0))).toEqual([[20, 2, true]]);
    expect(mostOf(fleet(1))).toEqual([[19, 1, true]]);
    expect(mostOf(fleet(1, 1.1))).toEqual([[19, 2, true]]);
  });

  it("wait where as many have come, and it is said why", () => {
    expect(mostOf(fleet(2))).toEqual([[18, 0, true]]);
    const { kept } = due(fleet(2));
    expect(kept.find(({ instanceId }) => instanceId === memberId(3))?.because).toContain("waits");
  });

  it("share that with those that leave at a recommendation", () => {
    expect(mostOf(fleet(0), { recommended: [memberId(1)] })).toEqual([
      [1, Infinity, undefined],
      [20, 1, true],
    ]);
  });

  it("rest six hours after they came, whatever the policy says", () => {
    expect(due(fleet(20, 5.9)).parts).toEqual([]);
    expect(due(fleet(20, 5.9)).kept[0]?.because).toBe("is within its dwell time of 6 h");
    expect(mostOf(fleet(20, 6))).toEqual([[20, 2, true]]);
  });

  it("went all at once, and with no rest but the policy's, where an earlier version of the rules judges", () => {
    expect(mostOf(fleet(5), { judgementVersion: 7 })).toEqual([[20, Infinity, undefined]]);
    const policy = clusterPolicy({ onRebalanceRecommendation: "move" });
    expect(mostOf(fleet(5), { judgementVersion: 7, policy })).toEqual([[15, Infinity, undefined]]);
  });
});
