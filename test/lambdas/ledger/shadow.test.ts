import { describe, expect, it } from "@jest/globals";
import { readShadowMonth, updateShadowMonth } from "../../../adapters/store/ledger-shadows.ts";
import { addScores } from "../../../core/ledger/shadow-month.ts";
import { targetIdSchema } from "../../../core/model/ids.ts";
import { savingsSchema } from "../../../lambdas/api/schemas/savings.ts";
import { startEvaluation } from "../../../local/lab/subject.ts";
import { createGroupLab } from "../../../local/lab/group-lab.ts";
import { createNodeLab } from "../../../local/lab/node-lab.ts";
import type { LabAccount } from "../../../local/lab/account.ts";
import { openLedgerLab } from "./ledger-lab.ts";

describe("a target in shadow mode", () => {
  it("has its verdict scored once its horizon is over, by what came, and told by the API", async () => {
    const lab = await openLedgerLab();
    const { api, accountId } = lab.account;
    await lab.note();
    await startEvaluation(lab.account, lab.targetId);
    await lab.pass(23 * 60);
    await lab.note();
    await lab.state();
    const read = () =>
      api.get(`/savings?month=2026-03&account_id=${accountId}&shadow=true`, savingsSchema);
    expect((await read()).items[0]?.shadow).toBeUndefined();
    await lab.pass(7 * 60);
    await lab.note();
    await lab.state();
    const { items, total } = await read();
    // No target of a PROD account was launched in the pool: nobody knows whether there was capacity.
    expect(items[0]?.shadow).toMatchObject({
      proven: { decisions: 0 },
      unproven: { decisions: 1, hours: 24, exposed_hours: 0 },
      unscored: { NOT_ONE_INSTANCE: 0, NOT_FROM_ON_DEMAND: 0, FACTS_MISSING: 0, NO_PRICE: 0 },
    });
    const saved = items[0]?.shadow?.unproven.saved_usd;
    expect(saved?.likely).toBeGreaterThan(0);
    expect(saved?.likely).toBeLessThan(24 * 0.096);
    expect(total.shadow?.unproven).toEqual(items[0]?.shadow?.unproven);
    // Stated again it counts once.
    await lab.pass(6 * 60);
    await lab.note();
    await lab.state();
    expect((await read()).items[0]?.shadow?.unproven.decisions).toBe(1);
    const plain = await api.get(`/savings?month=2026-03`, savingsSchema);
    expect(plain.total.shadow).toBeUndefined();
  });
});

describe("the first days of a month", () => {
  const monthOfTarget = async (lab: Awaited<ReturnType<typeof openLedgerLab>>, month: string) => {
    const { account, place, targetId } = lab;
    const name = { accountId: place.accountId, targetId: targetIdSchema.parse(targetId), month };
    return { name, found: await readShadowMonth(account.table, name) };
  };
  const passDays = (lab: Awaited<ReturnType<typeof openLedgerLab>>, days: number) =>
    lab.pass(days * 24 * 60);

  it("have their verdicts scored as any others, though the month before had many", async () => {
    const lab = await openLedgerLab();
    await passDays(lab, 40);
    for (let hour = 0; hour < 21; hour += 1) {
      await startEvaluation(lab.account, lab.targetId);
      await lab.pass(60);
    }
    // As if all of April were scored.
    const { name } = await monthOfTarget(lab, "2026-04");
    const until = "2026-05-01T00:00:00.000Z";
    await updateShadowMonth(lab.account.table, name, (month) =>
      addScores(month, name, { until, scores: [] }),
    );
    await passDays(lab, 19);
    await startEvaluation(lab.account, lab.targetId);
    await passDays(lab, 2);
    await lab.note();
    await lab.state();
    expect(new Date(lab.account.clock.now()).toISOString()).toMatch(/^2026-05-0[2-4]/);
    expect((await monthOfTarget(lab, "2026-05")).found).toBeDefined();
  });
});

describe("a group or nodes in shadow mode", () => {
  const minuteMs = 60_000;

  /** The horizon of groups and nodes is half an hour. */
  const scoredOf = async ({ account }: { readonly account: LabAccount }) => {
    const { platform, clock, api } = account;
    await clock.run({ atMostMs: clock.now() + 60 * minuteMs });
    await platform.functions.invoke("ledger-note-spans", {});
    await platform.functions.invoke("ledger-state-days", {});
    const { total } = await api.get("/savings?month=2026-03&shadow=true", savingsSchema);
    return total.shadow;
  };

  const unscored = { NOT_ONE_INSTANCE: 0, NOT_FROM_ON_DEMAND: 0, FACTS_MISSING: 0, NO_PRICE: 0 };

  it("has a score of each member that was to go", async () => {
    const lab = await createGroupLab({ isShadowMode: true });
    await lab.account.platform.functions.invoke("ledger-note-spans", {});
    const members = lab.group()?.members.length ?? 0;
    expect((await lab.run()).status).toBe("SHADOWED");
    const shadow = await scoredOf(lab);
    expect(shadow).toMatchObject({
      unproven: { decisions: members, hours: members / 2 },
      unscored,
    });
    const saved = shadow?.unproven.saved_usd.likely ?? 0;
    expect(saved).toBeGreaterThan(0);
    expect(saved).toBeLessThan((members / 2) * 0.096);
  });

  it("has a score of each node that was to go", async () => {
    const lab = await createNodeLab({ isShadowMode: true });
    await lab.account.platform.functions.invoke("ledger-note-spans", {});
    expect((await lab.run()).status).toBe("SHADOWED");
    expect(await scoredOf(lab)).toMatchObject({ unproven: { decisions: 1, hours: 0.5 }, unscored });
  });
});
