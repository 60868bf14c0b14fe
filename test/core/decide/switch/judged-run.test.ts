import { describe, expect, it } from "@jest/globals";
import { canonicalJson } from "../../../../core/canonical.ts";
import { likenessOf } from "../../../../core/decide/switch/judged-run.ts";
import type { Verdict } from "../../../../core/model/verdict.ts";

const pool = (zoneId: string) => ({
  region: "eu-central-1",
  zoneId,
  instanceType: "m6i.large",
  product: "Linux/UNIX",
});

const verdict: Verdict = {
  kind: "SWITCH",
  reason: "SAVINGS_WORTH_THE_RISK",
  sentence: "It saves 61 %.",
  offers: [pool("euc1-az1"), pool("euc1-az2")],
  savings: { hourlyUsd: 0.05, monthlyUsd: 36.5, percent: 61 },
  unchecked: ["LAUNCH_REFUSED"],
  modelVersion: "streak-1",
  policyVersion: "pol-0",
  judgementVersion: 1,
  judgedAt: "2026-03-01T12:00:00.000Z",
};

describe("verdicts that are alike", () => {
  it.each<{ readonly name: string; readonly change: Partial<Verdict>; readonly alike: boolean }>([
    {
      name: "in prices, words and times alone",
      change: {
        sentence: "It saves 60 %.",
        savings: { hourlyUsd: 0.04, monthlyUsd: 29.2, percent: 60 },
        judgedAt: "2026-03-01T12:15:00.000Z",
      },
      alike: true,
    },
    { name: "in pools behind the first", change: { offers: [pool("euc1-az1")] }, alike: true },
    {
      name: "in kind and reason",
      change: { kind: "STAY", reason: "SAVINGS_BELOW_MINIMUM", offers: [] },
      alike: false,
    },
    { name: "in the pool", change: { offers: [pool("euc1-az2")] }, alike: false },
    { name: "in the policy", change: { policyVersion: "pol-1" }, alike: false },
    { name: "in the model", change: { modelVersion: "streak-2" }, alike: false },
    { name: "in the rules", change: { judgementVersion: 2 }, alike: false },
    { name: "in what is left open", change: { unchecked: [] }, alike: false },
  ])("differ $name: $alike", ({ change, alike }) => {
    const [one, other] = [verdict, { ...verdict, ...change }].map((each) =>
      canonicalJson(likenessOf(each)),
    );
    expect(one === other).toBe(alike);
  });
});
