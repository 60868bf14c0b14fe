import { describe, expect, it } from "@jest/globals";
import { listLedgerDays } from "../../../adapters/store/ledger-days.ts";
import { ledgerDayKey } from "../../../adapters/store/ledger-keys.ts";
import { readLedgerPlace } from "../../../adapters/store/ledger-places.ts";
import { createEvaluation } from "../../../adapters/store/evaluations.ts";
import { planIntent } from "../../../adapters/store/intents.ts";
import { accountIdSchema, evaluationIdSchema, targetIdSchema } from "../../../core/model/ids.ts";
import { intent } from "../../adapters/store/examples.ts";
import { linearEvaluation } from "../../adapters/store/stored-items/samples.ts";
import { savingsSchema } from "../../../lambdas/api/schemas/savings.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import { addWorkload, register } from "../../../local/lab/subject.ts";
import { openLedgerLab } from "./ledger-lab.ts";

/** More targets than are stated at once, a day after they were registered. */
const withThirty = async () => {
  const lab = await openLedgerLab();
  const { account } = lab;
  const targetIds = [lab.targetId];
  while (targetIds.length < 30) {
    const instance = addWorkload(account, { instanceType: "m5.large", rootGib: 30 });
    targetIds.push(await register(account, instance, { isShadowMode: true }));
  }
  await lab.note();
  await lab.pass(24 * 60);
  await lab.note();
  const firstDays = async (of: readonly string[] = targetIds) => {
    const months = of.map((targetId) =>
      listLedgerDays(account.table, { targetId: targetIdSchema.parse(targetId), month: "2026-03" }),
    );
    return (await Promise.all(months)).flatMap(([first]) => first ?? []);
  };
  return { lab, targetIds, firstDays };
};

describe("the days of a target", () => {
  it("are stated until they are settled, and shown by the API in dollars, as JSON and as a table", async () => {
    const lab = await openLedgerLab();
    const { api, accountId } = lab.account;
    await lab.note();
    await lab.pass(15 * 60);
    await lab.note();
    await lab.state();
    expect(await lab.days()).toMatchObject([
      { day: "2026-03-02", isFinal: false },
      { day: "2026-03-03", isFinal: false },
    ]);
    await lab.pass(6 * 60);
    await lab.note();
    await lab.state();
    expect((await lab.days()).map(({ isFinal }) => isFinal)).toEqual([true, false]);
    const found = await api.get(`/savings?month=2026-03&account_id=${accountId}`, savingsSchema);
    const [month] = found.items;
    expect(month).toMatchObject({ target_id: lab.targetId, days: 2, is_final: false });
    // It was registered at nine: what ran before does not count.
    expect(month?.terms["would"]).toMatchObject({ source: "priced", unbounded_seconds: 0 });
    expect(month?.terms["would"]?.usd).toBeCloseTo(21 * 0.096, 2);
    expect(month?.terms["ran"]?.usd).toBe(month?.terms["would"]?.usd);
    expect(found.total).toMatchObject({
      targets: 1,
      net_usd: { is_range: false, is_bounded: true },
    });
    const csv = await api.send({
      method: "GET",
      path: "/savings?month=2026-03",
      headers: { accept: "text/csv" },
    });
    expect(csv.text.split("\r\n")[0]).toMatch(
      /^account_id,target_id,month,days,is_final,net_low_usd/,
    );
    expect(csv.text.split("\r\n")).toHaveLength(3);
  });

  it("are not settled while a list of prices can't be read", async () => {
    const lab = await openLedgerLab();
    await lab.note();
    await lab.pass(24 * 60);
    await lab.note();
    const release = lab.account.platform.cloud.faults.before(({ operation }) => {
      if (operation !== "GetProducts") return;
      throw new CloudError("AccessDeniedException", "You are not authorized.", 400);
    });
    await lab.state();
    release();
    const unread = await lab.days();
    expect(unread.every(({ isFinal }) => !isFinal)).toBe(true);
    expect(unread.at(-1)?.terms.would).toMatchObject({ nanoUsd: 0n, source: "unknown" });
    await lab.pass(6 * 60);
    await lab.note();
    await lab.state();
    const read = await lab.days();
    expect(read.at(-1)?.terms.would.nanoUsd).toBeGreaterThan(0n);
    expect(read.some(({ isFinal }) => isFinal)).toBe(true);
  });

  it("are not settled of those for whom a list of prices was not read, where time did not suffice for all", async () => {
    const { lab, firstDays } = await withThirty();
    const { account } = lab;
    const release = account.platform.cloud.faults.before(({ operation }) => {
      if (operation !== "GetProducts") return;
      account.clock.elapse(130_000);
      throw new CloudError("AccessDeniedException", "You are not authorized.", 400);
    });
    await lab.state();
    release();
    // Only some were reached, and all of these without prices.
    expect((await firstDays()).length).toBeGreaterThan(0);
    expect((await firstDays()).length).toBeLessThan(30);
    await lab.state();
    await lab.pass(6 * 60);
    await lab.note();
    await lab.state();
    const settled = await firstDays();
    expect(settled).toHaveLength(30);
    expect(settled.filter(({ isFinal }) => !isFinal)).toEqual([]);
    expect(settled.filter(({ terms }) => terms.would.nanoUsd === 0n)).toEqual([]);
  });

  it("have what an evaluation holds, however many came after it", async () => {
    const lab = await openLedgerLab();
    const { table, accountId } = lab.account;
    await lab.note();
    await lab.asOwner("StopInstances", { InstanceIds: [lab.originalId] });
    const ofTarget = {
      ...linearEvaluation,
      accountId: accountIdSchema.parse(accountId),
      targetId: targetIdSchema.parse(lab.targetId),
    };
    await createEvaluation(table, { ...ofTarget, startedAt: "2026-03-02T09:30:00.000Z" });
    const actedAt = "2026-03-02T10:00:00.000Z";
    const held = {
      kind: "RESERVE_CAPACITY",
      clientToken: "token",
      instanceType: "m5.large",
      zoneName: "us-east-1a",
      platform: "Linux/UNIX",
      tenancy: "default",
      endsAt: "2026-03-02T16:00:00.000Z",
      dueAt: "2026-03-02T16:00:00.000Z",
      reservationId: "cr-1",
    } as const;
    const planned = intent("reserve", { status: "ACTED", actedAt, change: held });
    await planIntent(table, ofTarget.evaluationId, planned);
    for (let number = 0; number < 101; number += 1) {
      const evaluationId = evaluationIdSchema.parse(`evl-${String(9_000_000_000 + number)}`);
      const startedAt = new Date(Date.parse(actedAt) + (number + 1) * 60_000).toISOString();
      await createEvaluation(table, { ...ofTarget, evaluationId, startedAt });
    }
    await lab.pass(15 * 60);
    await lab.note();
    await lab.state();
    const [first] = await lab.days();
    expect(Number(first?.terms.reservations.nanoUsd) / 1e9).toBeCloseTo(6 * 0.096, 3);
  });

  it("of one whose records can't be read keep no other target's waiting", async () => {
    const { lab, targetIds, firstDays } = await withThirty();
    const { table } = lab.account;
    const [first = lab.targetId, ...others] = targetIds.toSorted();
    const key = ledgerDayKey(first, "2026-03-01");
    await table.put({ ...key, version: 1, data: { damaged: true } }, { ifAbsent: true });
    await lab.state();
    const stated = new Set((await firstDays(others)).map((day) => String(day.targetId)));
    expect([...stated].toSorted()).toEqual(others);
    const place = await readLedgerPlace(table, lab.place);
    expect(place?.round).toBeUndefined();
    expect(place?.settledBefore).toBeUndefined();
  });

  it("are settled although AWS lists no price for the platform: what it costs stays unknown", async () => {
    const lab = await openLedgerLab({ platformDetails: "Linux with SQL Server Web" });
    await lab.note();
    await lab.pass(27 * 60);
    await lab.note();
    await lab.state();
    const [first] = await lab.days();
    expect(first).toMatchObject({
      isFinal: true,
      terms: { would: { nanoUsd: 0n, source: "unknown" } },
    });
    expect(first?.terms.would.unboundedSeconds).toBeGreaterThan(50_000);
  });

  it("come to nothing where nothing is known: a month without a target is empty", async () => {
    const lab = await openLedgerLab();
    const found = await lab.account.api.get("/savings?month=2025-01", savingsSchema);
    expect(found).toMatchObject({ month: "2025-01", items: [], total: { targets: 0 } });
    const unknown = await lab.account.api.send({ method: "GET", path: "/savings?month=2025-13" });
    expect(unknown.status).toBe(400);
  });
});
