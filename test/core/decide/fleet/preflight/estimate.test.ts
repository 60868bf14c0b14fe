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

const totalsWith = (modes: Readonly<Record<string, number>>): PreflightPlace["totals"] => ({
  ...noTotals,
  modes: Object.fromEntries(
    Object.entries(modes).map(([key, subjects]) => [key, { subjects, monthlyUsd: 0 }]),
  ),
});

describe("the estimate of a preflight", () => {
  it("is two seconds for each that would switch, and as many calls as its mode takes, once the lists are read", () => {
    const totals = totalsWith({
      "LINEAR WOULD": 50,
      "LINEAR WILL": 10,
      "CLUSTER WOULD": 2,
      "KUBERNETES WOULD": 1,
    });
    expect(estimateOf([place({ toLookAt: 63, lookedAt: 10, totals })])).toEqual({
      calls: 50 * 3 + 2 * 20 + 30,
      seconds: 106,
    });
  });

  it("is nothing once each was looked at, though some stay open", () => {
    const totals = totalsWith({ "CLUSTER WOULD": 2 });
    expect(estimateOf([place({ toLookAt: 5, lookedAt: 5, totals })])).toEqual({
      calls: 0,
      seconds: 0,
    });
  });

  it("adds calls, and takes the slowest region's time: they are read side by side", () => {
    const places = [
      place({ toLookAt: 10, totals: totalsWith({ "LINEAR WOULD": 10 }) }),
      place({ toLookAt: 30, totals: totalsWith({ "LINEAR WOULD": 30 }) }),
      place({ status: "WAITING" }),
    ];
    expect(estimateOf(places)).toEqual({ calls: 12 + 30 + 90, seconds: 60 });
  });

  it.each(["DONE", "FAILED"] as const)("is nothing once all is %s", (status) => {
    expect(estimateOf([place({ status, toLookAt: 5 })])).toEqual({ calls: 0, seconds: 0 });
  });
});
