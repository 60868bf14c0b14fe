import { describe, expect, it } from "@jest/globals";
import { toSpot } from "../../../../core/decide/cluster/convertible.ts";
import { withoutCovered } from "../../../../core/decide/cluster/covered.ts";
import { currentJudgementVersion } from "../../../../core/model/judgement-version.ts";
import { dueMembers, type DueInput } from "../../../../core/decide/cluster/due.ts";
import { judgeOf } from "../../../../core/decide/judges.ts";
import type { GroupFacts } from "../../../../core/model/group.ts";
import type { PlacementFacts } from "../../../../core/model/market.ts";
import { observedAt } from "../offers/choice-samples.ts";
import {
  clusterPolicy,
  groupOf,
  memberId,
  plainGroup,
  plainMember,
  plainMembers,
  spotMember,
} from "./plain-group.ts";

type Reserved = Pick<PlacementFacts, "reserved" | "reservedOthers">;

const policy = clusterPolicy();
const reserved = (reservedCount: number, runningCount: number): Reserved => ({
  reserved: { reservedCount, runningCount },
});

const goingOf = (market: Reserved, change: { group?: GroupFacts; judged?: GroupFacts } = {}) => {
  const { group = plainGroup, judged = group } = change;
  const all = toSpot(group, policy);
  return withoutCovered(all, { market, judged, group, policy });
};

const dueIn = (change: Partial<DueInput>) =>
  dueMembers({
    group: plainGroup,
    policy,
    kind: "SWITCH",
    offers: [],
    judgementVersion: currentJudgementVersion,
    at: observedAt,
    ...change,
  });

describe("members of a group that Reserved Instances pay for", () => {
  it.each([
    ["nothing is reserved", reserved(0, 6), 6],
    ["two are reserved", reserved(2, 6), 4],
    ["two are reserved, and others of the account use them", reserved(2, 9), 6],
    ["all are reserved", reserved(6, 6), 0],
    ["more are reserved than run", reserved(9, 6), 0],
  ])("where %s, the others may go", (_what, market, most) => {
    const { members, most: counted, kept } = goingOf(market);
    expect(counted).toBe(most);
    // Which of them stay follows from where each could go.
    expect([members.length, kept.length]).toEqual(most === 0 ? [0, 6] : [6, 0]);
  });

  it("are told with the number", () => {
    const [first] = goingOf(reserved(6, 6)).kept;
    expect(first?.because).toBe(
      "is paid by what is reserved (6 Reserved Instances of m5.large for 6 running)",
    );
  });

  it("go all where the owner does not respect what is reserved", () => {
    const all = toSpot(plainGroup, policy);
    const anyway = clusterPolicy({ respectReservations: false });
    const input = { market: reserved(6, 6), judged: plainGroup, group: plainGroup, policy: anyway };
    expect(withoutCovered(all, input)).toMatchObject(all);
  });

  it("count by the type of each member", () => {
    const large = [1, 2].map((index) => plainMember(index));
    const other = [3, 4].map((index) => plainMember(index, { instanceType: "m5.xlarge" }));
    const group = groupOf([...large, ...other]);
    const market = {
      ...reserved(0, 2),
      reservedOthers: { "m5.xlarge": { reservedCount: 1, runningCount: 2 } },
    };
    const { most, mostOfType } = goingOf(market, { group });
    expect([most, Object.fromEntries(mostOfType)]).toEqual([3, { "m5.large": 2, "m5.xlarge": 1 }]);
    const facts = { observedAt, group };
    expect(judgeOf("CLUSTER").whereaboutsOf(facts)).toMatchObject({
      instanceType: "m5.large",
      otherTypes: ["m5.xlarge"],
    });
  });

  it("count what has left since: a later batch takes no more than the verdict allowed", () => {
    const group = groupOf(plainMembers.slice(3));
    const market = reserved(2, 6);
    expect(goingOf(market, { group, judged: plainGroup }).most).toBe(1);
    const [first] = dueIn({ group, covered: { market, judged: plainGroup } }).parts;
    expect(first?.most).toBe(1);
  });

  it("are those of the On-Demand base first: what is reserved asks for no more On-Demand than the two together", () => {
    const base = clusterPolicy({ onDemandBase: 2 });
    const due = dueIn({ policy: base, covered: { market: reserved(3, 6), judged: plainGroup } });
    expect(due.parts.map(({ members, most }) => Math.min(members.length, most))).toEqual([3]);
    expect(due.covered?.count).toBe(1);
    const one = dueIn({ policy: base, covered: { market: reserved(1, 6), judged: plainGroup } });
    expect(one.parts.map(({ most }) => most)).toEqual([4]);
    expect(one.covered).toBeUndefined();
  });

  it("hinder no way back, nor a base that was raised", () => {
    const group = groupOf([plainMember(1), spotMember(2), spotMember(3)], {
      placed: [2, 3].map((index) => ({ instanceId: memberId(index), evaluationId: "ev-1" })),
    });
    const covered = { market: reserved(1, 1), judged: group };
    const raised = dueIn({ group, policy: clusterPolicy({ onDemandBase: 2 }), covered });
    expect(raised.parts[0]).toMatchObject({ most: 1, members: [{ to: "ON_DEMAND" }, {}] });
    const back = dueIn({ group, kind: "FALL_BACK", covered });
    expect(back.parts.map(({ members }) => members.length)).toEqual([2]);
    expect(back.covered).toBeUndefined();
  });
});
