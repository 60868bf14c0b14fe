import { describe, expect, it } from "@jest/globals";
import { estimateOf } from "../../../../../core/decide/fleet/preflight/estimate.ts";
import { preflightIdSchema } from "../../../../../core/model/ids.ts";
import { noTotals, type PreflightPlace } from "../../../../../core/model/preflight.ts";

const place = (change: Partial<PreflightPlace>): PreflightPlace => ({
  preflightId: preflightIdSchema.parse("pfl-0123456789"),
  region: "eu-central-1",
  status: "LOOKING",
  notedAt: "2026-03-01T12:00:00.000Z",
  pages: 1,
  rows: 100,
  lookedAt: 0,
  toLookAt: 0,
  totals: noTotals,
  ...change,
});

describe("the estimate of a preflight", () => {
  it("is three calls and two seconds for each that would switch, once the lists are read", () => {
    expect(estimateOf([place({ toLookAt: 60, lookedAt: 10 })])).toEqual({
      calls: 150,
      seconds: 100,
    });
  });

  it("adds calls, and takes the slowest region's time: they are read side by side", () => {
    const places = [place({ toLookAt: 10 }), place({ toLookAt: 30 }), place({ status: "WAITING" })];
    expect(estimateOf(places)).toEqual({ calls: 12 + 30 + 90, seconds: 60 });
  });

  it.each(["DONE", "FAILED"] as const)("is nothing once all is %s", (status) => {
    expect(estimateOf([place({ status, toLookAt: 5 })])).toEqual({ calls: 0, seconds: 0 });
  });
});
