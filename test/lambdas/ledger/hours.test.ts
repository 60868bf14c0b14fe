import { describe, expect, it } from "@jest/globals";
import { savingsHoursSchema } from "../../../lambdas/api/schemas/savings-hours.ts";
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
    ]);
    const [{ usd } = { usd: [] }] = found.resources;
    // The price list begins to hold at nine.
    expect(usd.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => "unknown"));
    expect(usd.slice(9)).toEqual(Array.from({ length: 15 }, () => "0.096000000"));
  });
});
