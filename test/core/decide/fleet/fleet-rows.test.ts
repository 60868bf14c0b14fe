import { describe, expect, it } from "@jest/globals";
import { sweptFleet, type SweptPlace } from "../../../../core/decide/fleet/fleet-rows.ts";
import type { FleetPlace } from "../../../../core/model/fleet-row.ts";
import { evaluationIdSchema } from "../../../../core/model/ids.ts";
import type { PlaceReading } from "../../../../core/model/place-reading.ts";
import { plainInstance } from "../linear/eligible-facts.ts";
import { fleetTarget, placeOfFleet, readingOf } from "./fleet-samples.ts";

const plainZoneId = plainInstance.zoneId;

const first = fleetTarget(1);
const second = fleetTarget(2);
const reading: PlaceReading = readingOf([
  { instanceId: first.instanceId, lifecycle: "spot", tags: { Name: "web" } },
  { instanceId: second.instanceId },
]);

const swept = (change: Partial<SweptPlace> = {}): SweptPlace => ({
  place: placeOfFleet,
  reading,
  targets: [first, second].map((target) => ({ target, isTaken: false })),
  running: [],
  rowsBefore: [],
  before: undefined,
  nowMs: 1_000,
  ...change,
});

/** The next sweep of the same place. */
const next = (
  { rows, place }: { readonly rows: SweptPlace["rowsBefore"]; readonly place: FleetPlace },
  change: Partial<SweptPlace> = {},
): SweptPlace =>
  swept({
    rowsBefore: rows,
    before: place,
    nowMs: 2_000,
    reading: { ...reading, readAt: "2026-03-01T12:15:00.000Z" },
    ...change,
  });

describe("the rows of a place", () => {
  it("tell name, pool and capacity as the reading shows them", () => {
    const { rows } = sweptFleet(swept());
    expect(rows).toMatchObject([
      {
        name: "web",
        capacity: { spot: 1, onDemand: 0 },
        pools: 1,
        pool: { instanceType: "m5.large", zoneId: plainZoneId },
        changedIn: 1_000,
      },
      { name: second.instanceId, capacity: { spot: 0, onDemand: 1 } },
    ]);
  });

  it("of what the reading does not show they tell the registration alone", () => {
    const [row] = sweptFleet(swept({ reading: readingOf([]) })).rows;
    expect(row).toEqual({
      targetId: first.targetId,
      accountId: first.accountId,
      region: first.region,
      mode: "LINEAR",
      instanceId: first.instanceId,
      instanceType: "m5.large",
      isShadowMode: first.isShadowMode,
      maxRisk: 0.3,
      name: first.instanceId,
      changedIn: 1_000,
    });
  });

  it("what stands still is paid for by nobody, and in no pool", () => {
    const still = readingOf([{ instanceId: first.instanceId, state: "stopped" }]);
    const [row] = sweptFleet(swept({ reading: still })).rows;
    expect(row?.capacity).toEqual({ spot: 0, onDemand: 0 });
    expect(row?.pools).toBeUndefined();
  });

  it("a later sweep changes those that it finds otherwise, and no others", () => {
    const before = sweptFleet(swept());
    const same = sweptFleet(next(before));
    expect(same.isChanged).toBe(false);
    expect(same.rows).toEqual(before.rows);
    expect(same.place.sequence).toBe(2_000);
    const saved = { paysHourlyUsd: 0.04, onDemandHourlyUsd: 0.1 };
    const other = sweptFleet(
      next(before, {
        targets: [
          { target: first, isTaken: false, figures: saved },
          { target: second, isTaken: false },
        ].map((each, index) => ({ ...each, before: before.rows[index] })),
      }),
    );
    expect(other.isChanged).toBe(true);
    expect(other.rows.map(({ changedIn }) => changedIn)).toEqual([2_000, 1_000]);
  });

  it("figures of one that was not judged this time stay", () => {
    const figures = { risk: 0.1, paysHourlyUsd: 0.04, onDemandHourlyUsd: 0.1 };
    const before = sweptFleet(swept({ targets: [{ target: first, isTaken: false, figures }] }));
    const [old] = before.rows;
    const targets = [{ target: first, isTaken: false, before: old }];
    expect(sweptFleet(next(before, { targets })).rows).toEqual([old]);
  });

  it("one whose evaluation has ended since the reading before has changed, whatever it says", () => {
    const last = {
      evaluationId: evaluationIdSchema.parse("evl-0123456789abcdefghjk"),
      status: "SWITCHED" as const,
      sentence: "It serves on Spot.",
      endedAt: "2026-03-01T12:01:00.000Z",
    };
    const targets = [{ target: first, isTaken: false, last }];
    const before = sweptFleet(swept({ targets }));
    expect(sweptFleet(next(before, { targets })).rows[0]?.changedIn).toBe(2_000);
    const third = next(sweptFleet(next(before, { targets })), { targets, nowMs: 3_000 });
    expect(sweptFleet(third).rows[0]?.changedIn).toBe(2_000);
  });

  it("remembers which targets went, and of which it does not", () => {
    const before = sweptFleet(swept());
    const gone = sweptFleet(next(before, { targets: [{ target: first, isTaken: false }] }));
    expect(gone.isChanged).toBe(true);
    expect(gone.place).toMatchObject({
      gone: [{ targetId: second.targetId, since: 2_000 }],
      goneFrom: 1_000,
    });
    const many = Array.from({ length: 501 }, (_, index) => fleetTarget(index + 10));
    const full = sweptFleet(swept({ targets: many.map((target) => ({ target, isTaken: false })) }));
    const empty = sweptFleet(next(full, { targets: [] }));
    expect(empty.place.gone).toHaveLength(500);
    expect(empty.place.goneFrom).toBe(2_000);
    const back = sweptFleet(next(gone, { nowMs: 3_000 }));
    expect(back.place.gone).toEqual([]);
  });

  it("a clock that was set back does not number two sweeps alike", () => {
    const before = sweptFleet(swept());
    expect(sweptFleet(next(before, { nowMs: 5 })).place.sequence).toBe(1_001);
  });
});
