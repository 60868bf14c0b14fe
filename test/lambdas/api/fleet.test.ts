import { describe, expect, it } from "@jest/globals";
import { createEvaluation, updateEvaluation } from "../../../adapters/store/evaluations.ts";
import { saveFleetRows, updateFleetPlace } from "../../../adapters/store/fleet.ts";
import { digestOf } from "../../../adapters/store/judged-bodies.ts";
import type { Table } from "../../../adapters/store/table.ts";
import type { FleetRow } from "../../../core/model/fleet-row.ts";
import { targetIdSchema } from "../../../core/model/ids.ts";
import type { FleetJson } from "../../../lambdas/api/schemas/fleet.ts";
import { unitsOfReading } from "../../../local/platform/call-recorder.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { accountId, at, evaluation, targetId } from "../../adapters/store/examples.ts";
import { fleetPlace, fleetRow, placeOfFleet } from "../../core/decide/fleet/fleet-samples.ts";
import { apiUnderTest, startOfTime, withTarget, type ApiUnderTest } from "./api-under-test.ts";

const get = async (api: ApiUnderTest, after?: string): Promise<FleetJson> => {
  const query = after === undefined ? "" : `?after=${encodeURIComponent(after)}`;
  const { status, body } = await api.send("GET", `/fleet${query}`);
  expect(status).toBe(200);
  return body;
};

/** As a sweep writes them. */
const sweep = async (
  { table }: ApiUnderTest,
  sequence: number,
  rows: readonly FleetRow[],
): Promise<void> => {
  await saveFleetRows(table, placeOfFleet, rows);
  await updateFleetPlace(table, placeOfFleet, (stored) => ({
    ...fleetPlace(),
    ...stored,
    sequence,
  }));
};

const priced = {
  paysHourlyUsd: 0.04,
  onDemandHourlyUsd: 0.1,
  saves: { monthlyUsd: 43.8, basis: "ESTIMATED" },
} as const;

/** One after the other. */
const rowsOf = ({ columns }: FleetJson): readonly Readonly<Record<string, unknown>>[] =>
  columns.target_id.map((_, index) =>
    Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column[index]])),
  );

describe("GET /fleet", () => {
  it("of an empty fleet has no rows, and columns all the same", async () => {
    const fleet = await get(apiUnderTest());
    expect(fleet.columns.target_id).toEqual([]);
    expect(fleet).toMatchObject({ is_complete: true, removed: [], places: [], attention: [] });
    expect(fleet.totals.targets).toBe(0);
  });

  it("shows a target from its registration on, as it is changed, until it is forgotten", async () => {
    const api = apiUnderTest();
    const id = await withTarget(api);
    expect(rowsOf(await get(api))).toMatchObject([
      {
        target_id: id,
        standing: "QUEUED",
        instance_type: "m5.large",
        is_shadow_mode: true,
        members: null,
        verdict: null,
      },
    ]);
    await api.send("PATCH", `/lab/instances/${id}`, { is_shadow_mode: false });
    expect(rowsOf(await get(api))).toMatchObject([{ target_id: id, is_shadow_mode: false }]);
    await api.send("DELETE", `/lab/instances/${id}`);
    expect(rowsOf(await get(api))).toEqual([]);
  });

  it("tells in its row what the sweep has found of a target", async () => {
    const api = apiUnderTest();
    const verdict = { kind: "STAY", reason: "BEST_POOL", sentence: "Best pool already." } as const;
    const pool = { instanceType: "m5.large", zoneId: "use1-az1" };
    await sweep(api, 1_000, [fleetRow(1, { ...priced, verdict, pools: 1, pool, risk: 0.01 })]);
    const fleet = await get(api);
    expect(rowsOf(fleet)).toEqual([
      {
        target_id: targetId(1),
        name: "web-1",
        mode: "LINEAR",
        account_id: accountId,
        region: placeOfFleet.region,
        instance_id: fleetRow(1).instanceId,
        is_shadow_mode: false,
        members: 1,
        standing: "ON_SPOT",
        moving: null,
        instance_type: "m5.large",
        zone_id: "use1-az1",
        pools: 1,
        risk: 0.01,
        max_risk: 0.3,
        pays_hourly_usd: 0.04,
        on_demand_hourly_usd: 0.1,
        saves_monthly_usd: 43.8,
        saves_basis: "ESTIMATED",
        verdict: "STAY",
        reason: "BEST_POOL",
        sentence: "Best pool already.",
        judged_at: null,
        acting_evaluation_id: null,
        last_evaluation_id: null,
      },
    ]);
    expect(fleet.places).toEqual([
      { account_id: accountId, region: placeOfFleet.region, judged_at: fleetPlace().readAt },
    ]);
  });

  it("its totals are the sums of all rows, also where few are sent", async () => {
    const api = apiUnderTest();
    const planned = { ...priced, saves: { monthlyUsd: 10.1, basis: "PLANNED" } } as const;
    const rows = [
      fleetRow(1, priced),
      fleetRow(2, { ...planned, capacity: { spot: 0, onDemand: 4 } }),
      fleetRow(3, { ...planned, capacity: { spot: 0, onDemand: 1 }, isShadowMode: true }),
      fleetRow(4),
    ];
    await sweep(api, 1_000, rows);
    const all = await get(api);
    const sum = (name: keyof FleetJson["columns"], from: FleetJson = all): number =>
      Number(
        (from.columns[name] as (number | null)[])
          .reduce<number>((s, v) => s + (v ?? 0), 0)
          .toFixed(6),
      );
    const { totals } = all;
    expect(totals).toMatchObject({
      targets: all.columns.target_id.length,
      members: sum("members"),
      pays_hourly_usd: sum("pays_hourly_usd"),
      on_demand_hourly_usd: sum("on_demand_hourly_usd"),
      standings: { ON_SPOT: 2, ON_DEMAND: 1, SHADOW: 1 },
    });
    const { ESTIMATED, PLANNED, SHADOW } = totals.saves_monthly_usd;
    expect(Number((ESTIMATED + PLANNED + SHADOW).toFixed(6))).toBe(sum("saves_monthly_usd"));
    const few = await get(api, all.revision);
    expect(few).toMatchObject({ is_complete: false, totals, columns: { target_id: [] } });
  });

  it("sends with `after` what a sweep has changed since, and what it no longer found", async () => {
    const api = apiUnderTest();
    await sweep(api, 1_000, [fleetRow(1), fleetRow(2), fleetRow(3)]);
    const { revision } = await get(api);
    await sweep(api, 2_000, [fleetRow(1), fleetRow(2, { risk: 0.2, changedIn: 2_000 })]);
    await updateFleetPlace(api.table, placeOfFleet, (stored) => ({
      ...fleetPlace(),
      ...stored,
      gone: [{ targetId: targetId(3), since: 2_000 }],
    }));
    const since = await get(api, revision);
    expect(since.is_complete).toBe(false);
    expect(rowsOf(since)).toMatchObject([{ target_id: targetId(2), risk: 0.2 }]);
    expect(since.removed).toEqual([targetId(3)]);
    const again = await get(api, since.revision);
    expect(rowsOf(again)).toEqual([]);
    expect(again.removed).toEqual([]);
  });

  it("sends with `after` what evaluations have begun and ended since, and once more when that is over", async () => {
    const api = apiUnderTest();
    await sweep(api, 1_000, [fleetRow(1), fleetRow(2)]);
    const { revision } = await get(api);
    const startedAt = startOfTime.toISOString();
    await createEvaluation(api.table, evaluation(7, { startedAt }));
    const begun = await get(api, revision);
    expect(rowsOf(begun)).toMatchObject([
      { target_id: targetId(1), acting_evaluation_id: evaluation(7).evaluationId },
    ]);
    const outcome = { status: "STAYED", reason: "X", sentence: "It stays." } as const;
    await updateEvaluation(api.table, evaluation(7).evaluationId, (stored) => ({
      ...stored,
      status: "STAYED",
      endedAt: startedAt,
      outcome,
    }));
    const over = await get(api, begun.revision);
    const { evaluationId } = evaluation(7);
    expect(rowsOf(over)).toMatchObject([
      { acting_evaluation_id: null, last_evaluation_id: evaluationId },
    ]);
    // Hours later nothing is told of it any longer: its row stands as the sweep has written it.
    api.pass(3 * 3_600);
    const forgotten = await get(api, over.revision);
    expect(rowsOf(forgotten)).toMatchObject([{ target_id: targetId(1), last_evaluation_id: null }]);
    expect(rowsOf(await get(api, forgotten.revision))).toEqual([]);
  });

  it.each([["of-another-deployment"], ["x.y.z"], ["a"]])(
    "answers a revision that it does not know (%s) with all rows",
    async (after) => {
      const api = apiUnderTest();
      await sweep(api, 1_000, [fleetRow(1)]);
      expect(await get(api, after)).toMatchObject({
        is_complete: true,
        columns: { target_id: [targetId(1)] },
      });
    },
  );

  it("says why the last sweep could judge nothing in a place", async () => {
    const api = apiUnderTest();
    const failure = { error: "BrokenPermission", cause: "Access denied.", since: at(0) };
    await updateFleetPlace(api.table, placeOfFleet, () => fleetPlace({ failure }));
    expect((await get(api)).places).toMatchObject([{ failure }]);
  });

  it("has room for ten thousand targets in one answer, and reads their rows again only after a sweep", async () => {
    const table = createMemoryTable();
    let units = 0;
    const counted: Table = {
      // As DynamoDB's items are packed.
      packing: "dense",
      put: (item, condition) => table.put(item, condition),
      delete: (key, condition) => table.delete(key, condition),
      get: async (...asked) => {
        const item = await table.get(...asked);
        units += unitsOfReading(item === undefined ? [] : [item]);
        return item;
      },
      query: async (input) => {
        const page = await table.query(input);
        units += unitsOfReading(page.items);
        return page;
      },
    };
    const api = apiUnderTest({ table: counted });
    const rows = Array.from({ length: 10_000 }, (_, index) => {
      const percent = (20 + ((index * 7_919) % 600) / 10).toFixed(1);
      const sentence = `m5.large in use1-az1 saves ${percent} % at a risk of 0.1 % in 24 h: no other pool is better by 5 %.`;
      return fleetRow(index, {
        ...priced,
        verdict: { kind: "STAY", reason: "BEST_POOL", sentence },
        targetId: targetIdSchema.parse(
          `tgt-${digestOf(index)
            .toLowerCase()
            .replaceAll(/[^a-z0-9]/g, "")
            .slice(0, 20)}`,
        ),
      });
    });
    await sweep(api, 1_000, rows);
    const read = async (): Promise<{ readonly text: string; readonly units: number }> => {
      units = 0;
      const { body } = await api.send("GET", "/fleet");
      return { text: JSON.stringify(body), units };
    };
    const first = await read();
    expect(first.text.length).toBeLessThan(0.8 * 6 * 1024 * 1024);
    expect(first.units).toBeLessThanOrEqual(200);
    const second = await read();
    expect(second.text).toBe(first.text);
    expect(second.units).toBeLessThanOrEqual(5);
    await sweep(api, 2_000, rows.slice(1));
    expect((await read()).units).toBeGreaterThan(50);
  });
});
