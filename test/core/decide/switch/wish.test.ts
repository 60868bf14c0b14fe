import { describe, expect, it } from "@jest/globals";
import { heldBackByWish } from "../../../../core/decide/switch/wish.ts";
import { evaluationIdSchema } from "../../../../core/model/ids.ts";
import type { Verdict } from "../../../../core/model/verdict.ts";

const verdict: Verdict = {
  kind: "SWITCH",
  reason: "SAVINGS_WORTH_THE_RISK",
  sentence: "It saves 60 %.",
  offers: [{ region: "us-east-1", zoneId: "use1-az4", instanceType: "m5.large", product: "x" }],
  savings: { hourlyUsd: 0.06, monthlyUsd: 43.8, percent: 60 },
  modelVersion: "streak-1",
  policyVersion: "pol-1",
  judgedAt: "2026-03-02T09:00:00.000Z",
};
const staysOnDemand = {
  evaluationId: evaluationIdSchema.parse("evl-0123456789abcdefghij"),
  since: "2026-03-01T09:00:00.000Z",
};

describe("a switch after somebody has asked for On-Demand", () => {
  it("is a stay where nobody asked for it, and says who could", () => {
    const held = heldBackByWish(verdict, { target: { staysOnDemand }, isAskedFor: false });
    expect(held).toMatchObject({ kind: "STAY", reason: "ASKED_TO_STAY", offers: [] });
    expect(held.savings).toBeUndefined();
    expect(held.sentence).toContain(staysOnDemand.evaluationId);
    expect(held.sentence).toContain(verdict.sentence);
  });

  it.each([
    ["somebody asks for it now", { target: { staysOnDemand }, isAskedFor: true }, verdict],
    ["nobody asked for On-Demand", { target: {}, isAskedFor: false }, verdict],
    [
      "a stay was judged",
      { target: { staysOnDemand }, isAskedFor: false },
      { ...verdict, kind: "STAY" },
    ],
  ] as const)("is what it was where %s", (_when, input, judged) => {
    expect(heldBackByWish(judged, input)).toBe(judged);
  });
});
