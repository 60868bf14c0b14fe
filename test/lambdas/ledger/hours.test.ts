import { describe, expect, it } from "@jest/globals";
import { savingsHoursSchema } from "../../../lambdas/api/schemas/savings-hours.ts";
import { startEvaluation } from "../../../local/lab/subject.ts";
import { openLedgerLab } from "./ledger-lab.ts";

describe("the hours of a settled day", () => {
  it("are told by the API, instance by instance, and not before it is settled", async () => {
    const lab = await openLedgerLab();
    const { api, accountId } = lab.account;
    const read = (day: string) =>
      api.get(`/savings/hours?account_id=${accountId}&day=${day}`, savingsHoursSchema);
    await lab.note();
    await lab.pass(12 * 60);
    await lab.note();
    await lab.state();
    expect((await read("2026-03-02")).resources).toEqual([]);
    await lab.pass(6 * 60);
    await lab.note();
    await lab.state();
    const found = await read("2026-03-02");
    expect(found).toMatchObject({ format: "ledger-hours/1", day: "2026-03-02" });
    expect(found.resources).toMatchObject([
      { resource_id: lab.originalId, kind: "ON_DEMAND", instance_type: "m5.large" },
      { resource_id: expect.stringMatching(/^vol-/), kind: "VOLUME" },
    ]);
    const [{ usd } = { usd: [] }] = found.resources;
    // The price list begins to hold at nine.
    expect(usd.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => "unknown"));
    expect(usd.slice(9)).toEqual(Array.from({ length: 15 }, () => "0.096000000"));
  });

  it("come to what the simulated cloud bills of each resource, on a day with a switch", async () => {
    const lab = await openLedgerLab({}, { isShadowMode: false });
    const { api, accountId, platform } = lab.account;
    const bill = platform.billing.start();
    await lab.note();
    await lab.pass(20 * 60);
    await lab.note();
    await startEvaluation(lab.account, lab.targetId);
    for (let quarter = 0; quarter < 4; quarter += 1) {
      await lab.pass(15);
      await lab.note();
    }
    await lab.pass(25 * 60);
    await lab.note();
    await lab.state();
    const day = "2026-03-03";
    const { resources } = await api.get(
      `/savings/hours?account_id=${accountId}&day=${day}`,
      savingsHoursSchema,
    );
    const lines = bill.lines({ from: `${day}T00:00:00.000Z`, to: "2026-03-04T00:00:00.000Z" });
    const billedFor = (id: string): number =>
      lines
        .filter(({ resourceId }) => resourceId === id || resourceId.endsWith(`/${id}`))
        .reduce((sum, { costNanoUsd }) => sum + Number(costNanoUsd) / 1e9, 0);
    expect(resources.map(({ kind }) => kind).toSorted()).toEqual(
      expect.arrayContaining(["ON_DEMAND", "SPOT", "VOLUME"]),
    );
    for (const { resource_id: id, usd } of resources) {
      const stated = usd.reduce((sum, cost) => sum + Number(cost ?? 0), 0);
      expect(Math.abs(stated / billedFor(id) - 1)).toBeLessThan(0.005);
    }
  });
});
