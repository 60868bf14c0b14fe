import { describe, expect, it } from "@jest/globals";
import { ledgerReport } from "../../../local/bench/ledger/report.ts";
import { reconcileMonth } from "../../../local/bench/ledger/reconcile.ts";

describe("the savings ledger beside the bill of the simulated cloud", () => {
  it("agrees with it within a thousandth over days of switches, interruptions and an owner's nights", async () => {
    const found = await reconcileMonth({ seed: 1, days: 2 });
    expect(found).toMatchObject({ meets: true, failures: 0 });
    expect(Math.abs(found.difference)).toBeLessThan(0.001);
    expect(found.paid.billed).toBeGreaterThan(2);
    expect(found.happened).toMatchObject({ SWITCHED: expect.any(Number) });
    expect(ledgerReport([found])).toContain("aim ≤ 0.1 %");
  });
});
