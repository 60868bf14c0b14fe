import { describe, expect, it } from "@jest/globals";
import { addTotals, totalsOf } from "../../../../../core/decide/fleet/preflight/totals.ts";
import { noTotals } from "../../../../../core/model/preflight.ts";
import { onceRow, preflightRowSample, refusedRow } from "./rows.ts";

describe("the totals of a preflight", () => {
  it("count by outcome, mode, reason and what is missing, with what would be saved", () => {
    expect(totalsOf([onceRow, onceRow, preflightRowSample({ monthlyUsd: 40 })])).toEqual({
      outcomes: {
        WILL_ONCE: { subjects: 2, monthlyUsd: 200 },
        WILL: { subjects: 1, monthlyUsd: 40 },
      },
      modes: {
        "CLUSTER WILL_ONCE": { subjects: 2, monthlyUsd: 200 },
        "LINEAR WILL": { subjects: 1, monthlyUsd: 40 },
      },
      reasons: {
        "WILL_ONCE IAC_MANAGED": { subjects: 2, monthlyUsd: 200 },
        "WILL SAVINGS_WORTH_THE_RISK": { subjects: 1, monthlyUsd: 40 },
      },
      missing: { "CONSENT accept_iac_drift=true": { subjects: 2, monthlyUsd: 200 } },
    });
  });

  it("of two regions are those of both together", () => {
    const rows = [onceRow, refusedRow, preflightRowSample()];
    expect(addTotals(totalsOf(rows.slice(0, 1)), totalsOf(rows.slice(1)))).toEqual(totalsOf(rows));
    expect(totalsOf([])).toEqual(noTotals);
  });
});
