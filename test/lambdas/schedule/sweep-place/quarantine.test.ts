import { describe, expect, it } from "@jest/globals";
import { recordLoss } from "../../../../adapters/store/pools.ts";
import { openSweepLab, passMinutes, type SweepLab } from "./place-lab.ts";

interface PoolJson {
  readonly region: string;
  readonly zone_id: string;
  readonly instance_type: string;
}

interface RiskPool {
  readonly pool: PoolJson;
  readonly given_up?: { readonly targets: number; readonly hourly_usd: number };
}

const idOf = ({ region, zone_id, instance_type }: PoolJson): string =>
  `${region}:${zone_id}:${instance_type}:linux-unix`;

const get = async <Body>({ account: { api } }: SweepLab, path: string): Promise<Body> =>
  JSON.parse(await api.getText(path)) as Body;

const lastPool = async (lab: SweepLab, targetId: string): Promise<PoolJson> => {
  const { last_verdict } = await get<{ readonly last_verdict: { readonly pool: PoolJson } }>(
    lab,
    `/lab/instances/${targetId}`,
  );
  return last_verdict.pool;
};

const quarantine = async (lab: SweepLab, pool: PoolJson): Promise<void> => {
  const until = new Date(lab.account.clock.now() + 86_400_000).toISOString();
  const { status } = await lab.account.api.send({
    method: "POST",
    path: `/risk/pools/${idOf(pool)}/quarantine`,
    body: { reason: "Incident 4711", until },
  });
  expect(status).toBe(200);
};

const riskPools = async (lab: SweepLab): Promise<readonly RiskPool[]> =>
  (await get<{ readonly items: readonly RiskPool[] }>(lab, "/risk/pools?region=us-east-1")).items;

/** The first verdict of a target that nothing keeps out, and its pool in quarantine from then on. */
const openQuarantined = async () => {
  const lab = await openSweepLab();
  const [shadow = ""] = await lab.add(1);
  await lab.sweep();
  const pool = await lastPool(lab, shadow);
  await quarantine(lab, pool);
  return { lab, shadow, pool };
};

describe("a pool in quarantine", () => {
  it("is left out of the next sweep's verdicts, which replay byte for byte as those before it do", async () => {
    const { lab, shadow, pool } = await openQuarantined();
    await passMinutes(lab, 15);
    await lab.sweep();
    expect(await lastPool(lab, shadow)).not.toEqual(pool);
    const runs = await get<{
      readonly current: { readonly first_at: string };
      readonly items: readonly { readonly first_at: string }[];
    }>(lab, `/lab/instances/${shadow}/runs`);
    const all = [runs.current, ...runs.items];
    expect(all).toHaveLength(2);
    for (const { first_at } of all) {
      const { text } = await lab.account.api.send({
        method: "POST",
        path: `/lab/instances/${shadow}/runs/replay`,
        body: { first_at, verdict: "LAST" },
      });
      expect(JSON.parse(text)).toMatchObject({ identical: true });
    }
  });

  it("is told what it costs: of each target that would go there, not of those in shadow mode", async () => {
    const { lab, pool } = await openQuarantined();
    const before = await riskPools(lab);
    expect(before.map((each) => each.pool)).toMatchObject([pool]);
    expect(before[0]).not.toHaveProperty("given_up");
    await lab.add(2, { isShadowMode: false });
    await passMinutes(lab, 15);
    await lab.sweep();
    const [found] = await riskPools(lab);
    expect(found?.given_up?.targets).toBe(2);
    expect(found?.given_up?.hourly_usd).toBeGreaterThan(0);
    const lifted = await lab.account.api.send({
      method: "DELETE",
      path: `/risk/pools/${idOf(pool)}/quarantine?reason=It%20is%20over`,
    });
    expect(lifted.status).toBe(204);
    await lab.sweep();
    expect(await riskPools(lab)).toEqual([]);
  });

  it("is told what it costs where policies ban it after a loss", async () => {
    const lab = await openSweepLab();
    const [shadow = ""] = await lab.add(1);
    await lab.sweep();
    const pool = await lastPool(lab, shadow);
    await recordLoss(lab.account.table, {
      pool: {
        region: pool.region,
        zoneId: pool.zone_id,
        instanceType: pool.instance_type,
        product: "Linux/UNIX",
      },
      at: new Date(lab.account.clock.now()).toISOString(),
      what: "i-0fedcba9876543210",
    });
    await lab.add(1, {
      isShadowMode: false,
      target: {
        policyOverrides: {
          acceptChangeOf: ["primary-private-ip"],
          quarantine: { mode: "ban", hours: 24 },
          // What a loss raises the risk to is not the question here.
          maxRisk: 1,
          interruptionCostHours: 0,
        },
      },
    });
    await passMinutes(lab, 15);
    await lab.sweep();
    expect(await riskPools(lab)).toMatchObject([{ pool, losses: 1, given_up: { targets: 1 } }]);
  });
});
