import { describe, expect, it } from "@jest/globals";
import {
  standingOf,
  standings,
  type Acting,
  type Capacity,
  type LastEnded,
  type StandingFacts,
} from "../../../../core/decide/fleet/standing.ts";
import { endStatuses } from "../../../../core/model/evaluation.ts";
import { evaluationKinds } from "../../../../core/model/evaluation-kind.ts";

const read = "2026-03-01T12:00:00.000Z";
const before = "2026-03-01T11:00:00.000Z";
const after = "2026-03-01T13:00:00.000Z";

const onSpot: Capacity = { spot: 1, onDemand: 0, at: read };
const mixed: Capacity = { spot: 1, onDemand: 3, at: read };
const onDemand: Capacity = { spot: 0, onDemand: 1, at: read };
const none: Capacity = { spot: 0, onDemand: 0, at: read };
const taken: Capacity = { ...none, isTaken: true };

const ended = (
  status: LastEnded["status"],
  change: Partial<LastEnded> = {},
): Pick<StandingFacts, "last"> => ({ last: { status, endedAt: before, ...change } });

const moving: Acting = { isOfMany: false, isMoving: true };
const earnest = { isShadowMode: false };

describe("the standing of a target", () => {
  it.each<[string, StandingFacts, string]>([
    ["nothing is known of it", earnest, "QUEUED"],
    ["nothing is known of it, in shadow mode", { isShadowMode: true }, "QUEUED"],
    ["it stands On-Demand", { ...earnest, capacity: onDemand }, "ON_DEMAND"],
    ["it stands On-Demand, in shadow mode", { isShadowMode: true, capacity: onDemand }, "SHADOW"],
    ["it stands on Spot", { ...earnest, capacity: onSpot }, "ON_SPOT"],
    ["some of it stands on Spot", { ...earnest, capacity: mixed }, "ON_SPOT"],
    ["its owner has put it on Spot", { isShadowMode: true, capacity: onSpot }, "ON_SPOT"],
    ["its group has no members", { ...earnest, capacity: none }, "ON_DEMAND"],
    ["its Spot Instance is gone", { ...earnest, capacity: taken }, "INTERRUPTED"],
    ["its instance is moved", { ...earnest, capacity: onDemand, acting: moving }, "SWITCHING"],
    [
      "its members are moved",
      { ...earnest, capacity: mixed, acting: { isOfMany: true, isMoving: true } },
      "MOVING",
    ],
    [
      "it is being judged",
      { ...earnest, capacity: onDemand, acting: { isOfMany: false, isMoving: false } },
      "ON_DEMAND",
    ],
    [
      "it is being launched anew",
      { ...earnest, capacity: onSpot, acting: { ...moving, kind: "RECOVER", isMoving: false } },
      "INTERRUPTED",
    ],
    [
      "EC2 takes one of its nodes",
      { ...earnest, capacity: mixed, acting: { ...moving, kind: "RESPOND" } },
      "INTERRUPTED",
    ],
    [
      "it was moved after the reading",
      { ...earnest, capacity: onDemand, ...ended("SWITCHED", { endedAt: after }) },
      "SWITCHED",
    ],
    [
      "it was moved before the reading",
      { ...earnest, capacity: onSpot, ...ended("SWITCHED") },
      "ON_SPOT",
    ],
    [
      "it was moved, and its owner has moved it back",
      { ...earnest, capacity: onDemand, ...ended("SWITCHED") },
      "ON_DEMAND",
    ],
    ["it was brought back", { ...earnest, capacity: onDemand, ...ended("FELL_BACK") }, "FALLBACK"],
    [
      "it was brought back after the reading",
      { ...earnest, capacity: onSpot, ...ended("FELL_BACK", { endedAt: after }) },
      "FALLBACK",
    ],
    [
      "it was brought back, and stands on Spot since",
      { ...earnest, capacity: onSpot, ...ended("FELL_BACK") },
      "ON_SPOT",
    ],
    [
      "somebody can still agree",
      { ...earnest, capacity: onDemand, ...ended("AWAITING_APPROVAL", { isAwaited: true }) },
      "AWAITING_APPROVAL",
    ],
    [
      "nobody can agree any longer",
      { ...earnest, capacity: onDemand, ...ended("AWAITING_APPROVAL", { isAwaited: false }) },
      "ON_DEMAND",
    ],
    [
      "a roll-back goes before where it stands",
      { ...earnest, capacity: onDemand, ...ended("ROLLED_BACK") },
      "ROLLED_BACK",
    ],
    [
      "a switch goes before an earlier roll-back",
      { ...earnest, capacity: onDemand, ...ended("ROLLED_BACK"), acting: moving },
      "SWITCHING",
    ],
    [
      "what a person must decide goes before a switch",
      { ...earnest, capacity: onSpot, ...ended("NEEDS_OPERATOR"), acting: moving },
      "NEEDS_OPERATOR",
    ],
    [
      "an adopted one stands where it stands",
      { ...earnest, capacity: onSpot, ...ended("ADOPTED") },
      "ON_SPOT",
    ],
    ["unseen and stayed", { ...earnest, ...ended("STAYED") }, "STAYED"],
    ["unseen and refused", { ...earnest, ...ended("REFUSED") }, "REFUSED"],
    ["unseen and switched", { ...earnest, ...ended("SWITCHED") }, "SWITCHED"],
    ["unseen and brought back", { ...earnest, ...ended("FELL_BACK") }, "FALLBACK"],
    ["unseen and shadowed", { isShadowMode: true, ...ended("SHADOWED") }, "SHADOW"],
    ["unseen and adopted", { ...earnest, ...ended("ADOPTED") }, "QUEUED"],
  ])("%s", (_what, facts, standing) => {
    expect(standingOf(facts)).toBe(standing);
  });
});

describe("whatever is known of a target", () => {
  const capacities = [undefined, onSpot, mixed, onDemand, none, taken];
  const lasts: readonly (LastEnded | undefined)[] = [
    undefined,
    ...endStatuses.flatMap((status) =>
      [before, after].flatMap((endedAt) =>
        [true, false].map((isAwaited) => ({ status, endedAt, isAwaited })),
      ),
    ),
  ];
  const actings: readonly (Acting | undefined)[] = [
    undefined,
    ...[undefined, ...evaluationKinds].flatMap((kind) =>
      [true, false].flatMap((isOfMany) =>
        [true, false].map((isMoving) => ({
          isOfMany,
          isMoving,
          ...(kind !== undefined && { kind }),
        })),
      ),
    ),
  ];
  const all: readonly StandingFacts[] = [true, false].flatMap((isShadowMode) =>
    capacities.flatMap((capacity) =>
      lasts.flatMap((last) =>
        actings.map((acting) => ({
          isShadowMode,
          ...(capacity !== undefined && { capacity }),
          ...(last !== undefined && { last }),
          ...(acting !== undefined && { acting }),
        })),
      ),
    ),
  );
  const standing = all.map((facts) => ({ facts, word: standingOf(facts) }));

  it("each word is given by something, and no other is", () => {
    expect(new Set(standing.map(({ word }) => word))).toEqual(new Set(standings));
  });

  it("it needs a person if and only if its last evaluation says so", () => {
    const wrong = standing.filter(
      ({ facts, word }) =>
        (word === "NEEDS_OPERATOR") !== (facts.last?.status === "NEEDS_OPERATOR"),
    );
    expect(wrong).toEqual([]);
  });

  it("a move is told only while one goes on", () => {
    const told = standing.filter(({ word }) => word === "SWITCHING" || word === "MOVING");
    expect(told.filter(({ facts }) => facts.acting?.isMoving !== true)).toEqual([]);
    expect(
      told.filter(({ facts, word }) => facts.acting?.isOfMany !== (word === "MOVING")),
    ).toEqual([]);
  });

  it("on Spot stands only what a reading shows there", () => {
    const told = standing.filter(({ word }) => word === "ON_SPOT");
    expect(told.filter(({ facts }) => (facts.capacity?.spot ?? 0) === 0)).toEqual([]);
  });

  it("what waits for an approval is told only while somebody can give it", () => {
    const told = standing.filter(({ word }) => word === "AWAITING_APPROVAL");
    expect(told.filter(({ facts }) => facts.last?.isAwaited !== true)).toEqual([]);
  });
});
