import { beforeEach, describe, expect, it } from "@jest/globals";
import { listAudit } from "../../../adapters/store/audit.ts";
import { saveMarket } from "../../../adapters/store/markets.ts";
import { recordLoss, recordRefusal } from "../../../adapters/store/pools.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import type { Pool } from "../../../core/model/market.ts";
import { sampleMarket } from "../../core/decide/offers/choice-samples.ts";
import { apiUnderTest, startOfTime, type ApiUnderTest } from "./api-under-test.ts";

const region = "eu-central-1";
const pool: Pool = {
  region,
  zoneId: "euc1-az1",
  instanceType: "m5.large",
  product: "Linux/UNIX",
};
const poolId = "eu-central-1:euc1-az1:m5.large:linux-unix";
const path = `/risk/pools/${poolId}/quarantine`;
const accountId = accountIdSchema.parse("444455556666");
const until = "2026-03-02T12:00:00.000Z";
const body = { reason: "Incident 4711", until };

const before = (hours: number): string =>
  new Date(startOfTime.getTime() - hours * 3_600_000).toISOString();

interface RiskPool {
  readonly pool_id: string;
  readonly losses: number;
  readonly risk: { readonly probability: number; readonly calm_probability: number };
}

let api: ApiUnderTest;
beforeEach(() => {
  api = apiUnderTest();
});

const offer = (pools: readonly Pool[]) =>
  saveMarket(
    api.table,
    {
      ...sampleMarket,
      region,
      offerings: pools.map(({ instanceType, zoneId }) => ({ instanceType, zoneId })),
    },
    before(1),
  );

const lose = (at: string, what: string, environment: "LAB" | "PROD" = "PROD") =>
  recordLoss(api.table, { pool, at, what, accountId, environment });

const list = async (query = ""): Promise<readonly RiskPool[]> => {
  const answer = await api.send("GET", `/risk/pools?region=${region}${query}`);
  expect(answer.status).toBe(200);
  return (answer.body as { readonly items: readonly RiskPool[] }).items;
};

const auditActions = async (): Promise<readonly string[]> =>
  (await listAudit(api.table, { limit: 50 })).items.map(({ action }) => action);

describe("what is remembered of pools", () => {
  it("is nothing where nothing was lost, refused or set", async () => {
    expect(await list()).toEqual([]);
  });

  it("is told in sum too, of all pages and of what is asked for", async () => {
    await offer([pool]);
    const other = { ...pool, zoneId: "euc1-az2" };
    const lost = { at: before(3), accountId, environment: "PROD" } as const;
    await lose(before(24), "i-1");
    await recordLoss(api.table, { ...lost, pool: other, what: "i-2" });
    await recordLoss(api.table, { ...lost, at: before(2), pool: other, what: "i-3" });
    const totalOf = async (query: string) =>
      (await api.send("GET", `/risk/pools?region=${region}${query}`)).body["total"];
    const all = await list();
    expect(all.map(({ losses }) => losses)).toEqual([1, 2]);
    expect(await totalOf("")).toEqual({ losses: 3, lab_losses: 0 });
    expect(await totalOf("&limit=1")).toEqual({ losses: 3, lab_losses: 0 });
    expect(await totalOf("&zone_id=euc1-az2")).toEqual({ losses: 2, lab_losses: 0 });
  });

  it("of a LAB account is told beside what counts: it is not forgotten", async () => {
    await offer([pool]);
    // Two at once are one.
    await lose(before(3), "i-1", "LAB");
    await lose(before(3), "i-2", "LAB");
    await lose(before(1), "i-3", "LAB");
    const { body: page } = await api.send("GET", `/risk/pools?region=${region}`);
    expect(page).toMatchObject({
      items: [{ pool_id: poolId, losses: 0, lab_losses: 2, losses_by_day: [] }],
      total: { losses: 0, lab_losses: 2 },
    });
  });

  it("is told by pool: what it took and refused, and what is left of that now", async () => {
    await offer([pool]);
    for (const index of [0, 1, 2]) await lose(before(24), `i-${String(index)}`);
    await lose(before(1), "i-lab", "LAB");
    await recordRefusal(api.table, { pool, at: before(2), what: "evl-1#warm-1" });
    const [found] = await list();
    expect(found).toMatchObject({
      pool_id: poolId,
      pool: {
        region,
        zone_id: "euc1-az1",
        instance_type: "m5.large",
        product: "Linux/UNIX",
      },
      losses: 1,
      lab_losses: 1,
      decayed_losses: 0.5,
      last_loss_at: before(24),
      refusals: 1,
      last_refusal_at: before(2),
    });
    expect(found?.risk.probability).toBeGreaterThan(found?.risk.calm_probability ?? 1);
  });

  it("counts its losses by day, oldest first, and each of them on one day", async () => {
    for (const [index, hours] of [1, 30, 31, 167].entries()) {
      await lose(before(hours), `i-${String(index)}`);
    }
    const days = [1, 30, 167].map((hours) => before(hours).slice(0, 10));
    const [today, yesterday, first] = days;
    expect(await list()).toMatchObject([
      {
        losses: 4,
        losses_by_day: [
          { day: first, losses: 1 },
          { day: yesterday, losses: 2 },
          { day: today, losses: 1 },
        ],
      },
    ]);
  });

  it("is given at once for all pools of a large region", async () => {
    expect((await api.send("GET", `/risk/pools?region=${region}&limit=2000`)).status).toBe(200);
    const refused = await api.send("GET", `/risk/pools?region=${region}&limit=2001`);
    expect(refused.body).toMatchObject({
      errors: [{ field: "limit", message: "must be a whole number from 1 to 2000" }],
    });
  });

  it("names no account, no instance and no evaluation", async () => {
    await lose(before(1), "i-0a1b2c3d4e5f60718");
    const answer = await api.send("GET", `/risk/pools?region=${region}`);
    const text = JSON.stringify(answer.body);
    expect(text).toContain(poolId);
    expect(text).not.toContain(accountId);
    expect(text).not.toMatch(/i-0a1b2c3d4e5f60718|evl-/);
  });

  it("has no risk where no market was read, and is told all the same", async () => {
    await lose(before(1), "i-1");
    expect((await list())[0]).not.toHaveProperty("risk");
  });

  it("is forgotten after a week", async () => {
    await lose(before(169), "i-1");
    expect(await list()).toEqual([]);
  });

  it("comes in pages, of a zone or a type where they are asked for", async () => {
    const others = [
      { ...pool, zoneId: "euc1-az2" },
      { ...pool, instanceType: "c5.large" },
      { ...pool, product: "Windows" },
    ];
    for (const [index, each] of [pool, ...others].entries()) {
      await recordLoss(api.table, { pool: each, at: before(1), what: `i-${String(index)}` });
    }
    const all = (await list()).map(({ pool_id: id }) => id);
    expect(all).toEqual([
      "eu-central-1:euc1-az1:c5.large:linux-unix",
      poolId,
      "eu-central-1:euc1-az1:m5.large:windows",
      "eu-central-1:euc1-az2:m5.large:linux-unix",
    ]);
    expect((await list("&zone_id=euc1-az2")).map(({ pool_id: id }) => id)).toEqual([all[3]]);
    expect((await list("&instance_type=c5.large")).map(({ pool_id: id }) => id)).toEqual([all[0]]);
    const paged: string[] = [];
    let cursor = "";
    do {
      const answer = await api.send("GET", `/risk/pools?region=${region}&limit=3${cursor}`);
      const page = answer.body as { items: readonly RiskPool[]; cursor?: string };
      paged.push(...page.items.map(({ pool_id: id }) => id));
      cursor = page.cursor === undefined ? "" : `&cursor=${page.cursor}`;
    } while (cursor !== "");
    expect(paged).toEqual(all);
  });

  it("is not paged by another list's cursor", async () => {
    for (const zoneId of ["euc1-az1", "euc1-az2"]) {
      await recordLoss(api.table, { pool: { ...pool, zoneId }, at: before(1), what: zoneId });
    }
    const first = await api.send("GET", `/risk/pools?region=${region}&limit=1`);
    const { cursor } = first.body as { readonly cursor: string };
    const answer = await api.send("GET", `/risk/pools?region=eu-west-1&cursor=${cursor}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ field: "cursor" }] });
  });

  it.each(["", "?region=cn-north-1", "?region=eu-central-1&limit=0"])(
    "needs a region that is served, and a page: %s",
    async (query) => {
      expect((await api.send("GET", `/risk/pools${query}`)).status).toBe(400);
    },
  );
});

describe("the quarantine of a pool", () => {
  const set = { reason: "Incident 4711", since: startOfTime.toISOString(), until, set_by: "local" };

  it("is set by a person, listed, and over by itself", async () => {
    const answer = await api.send("POST", path, body);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ pool_id: poolId, ...set });
    expect(await list()).toMatchObject([{ pool_id: poolId, losses: 0, quarantine: set }]);
    expect(await auditActions()).toEqual(["SET_QUARANTINE"]);
    api.pass(86_400);
    expect(await list()).toEqual([]);
  });

  it("that is set again the same stays as it stands, with one row in the audit trail", async () => {
    const key = { "idempotency-key": "once" };
    const first = await api.send("POST", path, body, key);
    api.pass(60);
    expect((await api.send("POST", path, body, key)).body).toEqual(first.body);
    expect((await api.send("POST", path, body)).body).toEqual(first.body);
    expect(await auditActions()).toEqual(["SET_QUARANTINE"]);
    const longer = { ...body, until: "2026-03-05T12:00:00.000Z" };
    expect((await api.send("POST", path, longer)).body).toMatchObject({ until: longer.until });
    expect(await auditActions()).toHaveLength(2);
  });

  it("is lifted with a reason, once", async () => {
    await api.send("POST", path, body);
    const lifted = await api.send("DELETE", `${path}?reason=It%20is%20over`);
    expect(lifted.status).toBe(204);
    expect(await list()).toEqual([]);
    expect((await api.send("DELETE", `${path}?reason=It%20is%20over`)).status).toBe(404);
    expect(await auditActions()).toEqual(expect.arrayContaining(["LIFT_QUARANTINE"]));
  });

  it("that is over is not lifted", async () => {
    await api.send("POST", path, body);
    api.pass(86_400);
    expect((await api.send("DELETE", `${path}?reason=It%20is%20over`)).status).toBe(404);
  });

  it.each([
    [{ until }, "reason"],
    [{ reason: "Incident 4711" }, "until"],
    [{ ...body, reason: "Interrupted i-0a1b2c3d4e5f60718" }, "reason"],
    [{ ...body, reason: "Account 444455556666 lost all" }, "reason"],
    [{ ...body, until: "2026-03-01T12:00:00.000Z" }, "until"],
    [{ ...body, until: "2026-04-01T12:00:00.000Z" }, "until"],
    [{ ...body, hours: 4 }, "hours"],
  ])("refuses %j naming the field", async (wrong, field) => {
    const answer = await api.send("POST", path, wrong);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ field }] });
    expect(await list()).toEqual([]);
  });

  it("is not lifted without a reason", async () => {
    await api.send("POST", path, body);
    expect((await api.send("DELETE", path)).status).toBe(400);
    expect(await list()).toHaveLength(1);
  });

  it.each(["eu-central-1", "eu-central-1:euc1-az1:m5.large", `${poolId}-x`, "a:b:c:linux-unix"])(
    "refuses what is not the id of a pool: %s",
    async (id) => {
      expect((await api.send("POST", `/risk/pools/${id}/quarantine`, body)).status).toBe(400);
    },
  );

  it("is refused of a pool that the region does not offer: a misspelled one would keep nobody out", async () => {
    await offer([{ ...pool, zoneId: "euc1-az2" }]);
    const answer = await api.send("POST", path, body);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({
      detail: "eu-central-1 does not offer m5.large in euc1-az1.",
    });
  });
});
