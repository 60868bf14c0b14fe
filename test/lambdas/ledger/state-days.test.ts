import { describe, expect, it } from "@jest/globals";
import { savingsSchema } from "../../../lambdas/api/schemas/savings.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import { openLedgerLab } from "./ledger-lab.ts";

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
