import { describe, expect, it } from "@jest/globals";
import { isOnTheWayBack, returnsToBegin } from "../../../../core/decide/fleet/returns.ts";
import { evaluationIdSchema, targetIdSchema, type TargetId } from "../../../../core/model/ids.ts";
import type { SpotBackoff } from "../../../../core/model/spot-backoff.ts";
import type { Target } from "../../../../core/model/target.ts";
import { linearTarget } from "../linear/eligible-facts.ts";

const now = new Date("2026-03-02T12:00:00.000Z");
const before = (minutes: number): string =>
  new Date(now.getTime() - minutes * 60_000).toISOString();

const targetOf = (nth: number, change: Partial<Target> = {}): Target =>
  ({
    ...linearTarget,
    targetId: targetIdSchema.parse(`tgt-${String(nth).padStart(10, "0")}`),
    lastSwitchAt: before(100),
    lastEvaluatedAt: before(100),
    ...change,
  }) as Target;

const backoffOf = ({ targetId }: Target, change: Partial<SpotBackoff> = {}): SpotBackoff => ({
  targetId,
  evaluationId: evaluationIdSchema.parse("evl-00000000000000000001"),
  lostPool: { zoneId: "use1-az1", instanceType: "m5.large", product: "Linux/UNIX" },
  lostAt: before(110),
  losses: 1,
  recoveredAt: before(100),
  ...change,
});

const some = (count: number): readonly Target[] =>
  Array.from({ length: count }, (_, index) => targetOf(index + 1));

const begin = (
  targets: readonly Target[],
  backoffs: readonly SpotBackoff[],
  wanted: readonly Target[] = targets,
): readonly TargetId[] => [
  ...returnsToBegin(wanted, {
    targets,
    backoffs: new Map(backoffs.map((each) => [each.targetId, each])),
    now,
  }),
];

describe("loads that go back to Spot", () => {
  it("are five at once, in the order given, of two hundred that fell together", () => {
    const targets = some(200);
    const backoffs = targets.map((target) => backoffOf(target));
    expect(begin(targets, backoffs)).toEqual(targets.slice(0, 5).map(({ targetId }) => targetId));
  });

  it("are none while five go on", () => {
    const targets = some(200);
    const backoffs = targets.map((target, index) =>
      backoffOf(target, index < 5 ? { returnBegunAt: before(20) } : {}),
    );
    expect(begin(targets, backoffs, targets.slice(5))).toEqual([]);
  });

  it("are begun beside some that were cut off hours ago", () => {
    const targets = some(9);
    const backoffs = targets.map((target, index) =>
      backoffOf(target, index < 5 ? { returnBegunAt: before(6 * 60) } : {}),
    );
    expect(begin(targets, backoffs, targets.slice(5))).toHaveLength(3);
  });

  it("are as many more as have ended since, though not of a pool of which a third has begun in this hour", () => {
    const targets = some(9).map((target, index) =>
      index < 3 ? targetOf(index + 1, { lastEvaluatedAt: before(5) }) : target,
    );
    const begun = (minutes: number) =>
      targets.map((target, index) =>
        backoffOf(target, index < 3 ? { returnBegunAt: before(minutes) } : {}),
      );
    expect(begin(targets, begun(59), targets.slice(3))).toEqual([]);
    expect(begin(targets, begun(60), targets.slice(3))).toHaveLength(3);
  });

  it.each([
    [1, 1],
    [2, 1],
    [5, 1],
    [6, 2],
    [9, 3],
    [15, 5],
  ])("of %i that fell from a pool begin %i in an hour", (fallen, expected) => {
    const targets = some(fallen);
    expect(
      begin(
        targets,
        targets.map((target) => backoffOf(target)),
      ),
    ).toHaveLength(expected);
  });

  it("are counted by the pool from which they fell", () => {
    const targets = some(4);
    const backoffs = targets.map((target, index) =>
      backoffOf(target, {
        lostPool: {
          zoneId: index < 2 ? "use1-az1" : "use1-az4",
          instanceType: "m5.large",
          product: "Linux/UNIX",
        },
      }),
    );
    expect(begin(targets, backoffs)).toEqual([targets[0]?.targetId, targets[2]?.targetId]);
  });

  it("do not count those that fell more than a day ago", () => {
    const targets = some(9);
    const backoffs = targets.map((target, index) =>
      backoffOf(target, { lostAt: before(index < 3 ? 110 : 24 * 60 + 1) }),
    );
    expect(begin(targets, backoffs)).toHaveLength(1);
  });
});

describe("what is on its way back", () => {
  it("was last moved by its recovery", () => {
    const target = targetOf(1);
    const backoffs = new Map([[target.targetId, backoffOf(target)]]);
    expect(isOnTheWayBack(target, backoffs)).toBe(true);
    expect(isOnTheWayBack({ ...target, lastSwitchAt: before(1) }, backoffs)).toBe(false);
    expect(isOnTheWayBack(targetOf(2), backoffs)).toBe(false);
  });
});
