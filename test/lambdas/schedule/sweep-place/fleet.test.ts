import { describe, expect, it } from "@jest/globals";
import { loadFleetRows, readFleetOverview } from "../../../../adapters/store/fleet.ts";
import { deleteTarget } from "../../../../adapters/store/targets.ts";
import { fleetEntries } from "../../../../core/decide/fleet/fleet-view.ts";
import { targetIdSchema } from "../../../../core/model/ids.ts";
import { readFleet } from "../../../../lambdas/api/fleet.ts";
import { CloudError } from "../../../../local/cloud/contract.ts";
import { openSweepLab, passMinutes, type SweepLab } from "./place-lab.ts";

const entriesOf = async ({ account: { table, clock } }: SweepLab) =>
  fleetEntries(await readFleet({ table, now: () => new Date(clock.now()) }));

const standingsOf = async (lab: SweepLab): Promise<readonly string[]> =>
  (await entriesOf(lab)).map(({ standing }) => standing);

describe("the rows that a sweep writes", () => {
  it("tell what its targets pay, would save, and what it has judged of them", async () => {
    const lab = await openSweepLab();
    const ids = await lab.add(2);
    expect(await standingsOf(lab)).toEqual(["QUEUED", "QUEUED"]);
    await lab.sweep();
    const entries = await entriesOf(lab);
    expect(entries.map(({ row }) => row.targetId)).toEqual([...ids].sort());
    const runs = await lab.runs();
    for (const { row, standing } of entries) {
      const run = runs.find(({ targetId }) => targetId === row.targetId);
      expect(standing).toBe("SHADOW");
      expect(row).toMatchObject({
        capacity: { spot: 0, onDemand: 1 },
        pools: 1,
        pool: { instanceType: "m5.large" },
        paysHourlyUsd: row.onDemandHourlyUsd,
        saves: { basis: "SHADOW" },
        verdict: { kind: "SWITCH", reason: run?.reason, sentence: run?.sentence },
      });
      expect(row.risk).toBeGreaterThan(0);
      expect(row.saves?.monthlyUsd).toBeGreaterThan(0);
    }
  });

  it("take in what was told, and leave what was told meanwhile", async () => {
    const lab = await openSweepLab();
    const [id = ""] = await lab.add(2);
    expect((await readFleetOverview(lab.account.table)).news).toHaveLength(2);
    await lab.sweep();
    expect((await readFleetOverview(lab.account.table)).news).toEqual([]);
    await deleteTarget(lab.account.table, targetIdSchema.parse(id));
    expect(await entriesOf(lab)).toHaveLength(1);
    await passMinutes(lab, 15);
    await lab.sweep();
    const { news, places } = await readFleetOverview(lab.account.table);
    expect(news).toEqual([]);
    expect(places).toMatchObject([{ gone: [{ targetId: id }] }]);
    expect(await loadFleetRows(lab.account.table, lab.place)).toHaveLength(1);
  });

  it("follow a switch from its begin to where it stands then", async () => {
    const lab = await openSweepLab();
    await lab.add(1, { isShadowMode: false });
    await lab.sweep();
    const [planned] = await entriesOf(lab);
    expect(planned?.row.saves?.basis).toBe("PLANNED");
    expect(planned?.acting).toBeDefined();
    await passMinutes(lab, 3);
    expect(await standingsOf(lab)).toEqual(["SWITCHING"]);
    // Nobody sweeps meanwhile.
    await passMinutes(lab, 57);
    const [switched] = await entriesOf(lab);
    expect(switched).toMatchObject({
      standing: "SWITCHED",
      last: { status: "SWITCHED" },
      row: { saves: { basis: "ESTIMATED" } },
    });
    expect(switched?.row.paysHourlyUsd).toBeLessThan(switched?.row.onDemandHourlyUsd ?? 0);
    await lab.sweep();
    const [stands] = await entriesOf(lab);
    expect(stands).toMatchObject({
      standing: "ON_SPOT",
      row: { saves: { basis: "ESTIMATED" }, last: { status: "SWITCHED" } },
    });
    expect(switched?.row.pool).toEqual(stands?.row.pool);
    expect(stands?.row.paysHourlyUsd).toBeLessThan(stands?.row.onDemandHourlyUsd ?? 0);
  });

  it("stay where the place can't be read, and their place says why and since when", async () => {
    const lab = await openSweepLab();
    await lab.add(1);
    await lab.sweep();
    const denied = new CloudError("UnauthorizedOperation", "You are not authorized.", 403);
    const release = lab.account.platform.cloud.faults.before((call) => {
      if (call.operation === "DescribeInstances") throw denied;
    });
    await passMinutes(lab, 15);
    await lab.sweep();
    expect(await standingsOf(lab)).toEqual(["SHADOW"]);
    const [failed] = (await readFleetOverview(lab.account.table)).places;
    expect(failed?.failure?.error).toBe("BrokenPermission");
    await passMinutes(lab, 15);
    await lab.sweep();
    const [still] = (await readFleetOverview(lab.account.table)).places;
    expect(still?.failure?.since).toBe(failed?.failure?.since);
    release();
    await passMinutes(lab, 15);
    await lab.sweep();
    expect((await readFleetOverview(lab.account.table)).places[0]?.failure).toBeUndefined();
  });

  it.each([
    ["what was told", { pk: "FLEET", sk: "NEWS#%#tgt-0000000000000000000x" }],
    ["how the place stands", { pk: "FLEET", sk: "PLACE#%" }],
  ])("keep no sweep from its work where %s is damaged", async (_what, { pk, sk }) => {
    const lab = await openSweepLab();
    const { table } = lab.account;
    const { accountId, region } = lab.place;
    const key = {
      pk: pk.replace("%", `${accountId}#${region}`),
      sk: sk.replace("%", `${accountId}#${region}`),
    };
    await table.put({ ...key, version: 1, data: { of: "a later release" } }, { ifAbsent: true });
    await lab.add(1, { isShadowMode: false });
    expect(await lab.sweep()).toMatchObject({ kind: "SWEPT", judged: 1, started: 1 });
  });
});
