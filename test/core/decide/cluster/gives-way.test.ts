import { describe, expect, it } from "@jest/globals";
import { givesWay, type GivingWay } from "../../../../core/decide/cluster/gives-way.ts";
import { observedAt } from "../offers/choice-samples.ts";
import { memberId, plainGroup, plainMember, spotMember } from "./plain-group.ts";

const taken = { ec2: { spotStatus: "instance-terminated-no-capacity" } };
const mark = (index: number) => ({ instanceId: memberId(index), evaluationId: "evl-1" });

const way = (change: Partial<GivingWay> = {}): string | undefined =>
  givesWay({
    group: { ...plainGroup, members: [plainMember(1), spotMember(2, taken)], placed: [mark(2)] },
    policy: { moveOwnersSpot: false },
    brought: [],
    at: observedAt,
    ...change,
  })?.sentence;

describe("a conversion between two batches", () => {
  it("gives way to the answer for a member that EC2 takes back", () => {
    expect(way()).toBe("EC2 takes 1 member of group web back: that is answered first.");
  });

  it("gives way where it has brought that member itself", () => {
    const group = { ...plainGroup, members: [spotMember(2, taken)] };
    expect(way({ group, brought: [mark(2)] })).toContain("1 member");
  });

  it.each([
    ["nobody is taken", [spotMember(2)], [mark(2)]],
    [
      "it is its owner's Spot Instance, which no response launches anew",
      [spotMember(2, taken)],
      [],
    ],
    [
      "it no longer serves",
      [spotMember(2, { ...taken, lifecycleState: "Terminating" })],
      [mark(2)],
    ],
  ])("goes on where %s", (_why, members, placed) => {
    expect(way({ group: { ...plainGroup, members, placed } })).toBeUndefined();
  });
});
