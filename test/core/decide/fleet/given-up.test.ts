import { describe, expect, it } from "@jest/globals";
import { addGivenUp, givenUpBy, mayGiveUp } from "../../../../core/decide/fleet/given-up.ts";
import type { Choice } from "../../../../core/decide/offers/choice.ts";
import type { Pool } from "../../../../core/model/market.ts";
import type { Target } from "../../../../core/model/target.ts";
import type { VerdictKind } from "../../../../core/model/verdict.ts";
import { samplePool } from "../offers/choice-samples.ts";

const [cheap, dear] = [samplePool("m5.large", "use1-az1"), samplePool("m5.large", "use1-az2")];

const chosen = (
  kind: VerdictKind,
  pools: readonly Pool[],
  { hourlyUsd = 0, out = [] }: { hourlyUsd?: number; out?: readonly Pool[] } = {},
): Choice => ({
  offers: out.map((pool) => ({ pool, rejection: { code: "QUARANTINED", sentence: "is out" } })),
  verdict: {
    kind,
    reason: "SAVINGS_WORTH_THE_RISK",
    sentence: "",
    offers: pools,
    ...(kind === "SWITCH" && {
      savings: { hourlyUsd, monthlyUsd: 730 * hourlyUsd, percent: 50 },
    }),
    modelVersion: "streak-1",
    policyVersion: "pol-0123456789ab",
    judgedAt: "2025-03-01T12:00:00.000Z",
  },
});

describe("what quarantine costs", () => {
  it("is what the verdict without it would save more, told at the pool that it would take", () => {
    const held = chosen("SWITCH", [dear], { hourlyUsd: 0.5, out: [cheap] });
    const free = chosen("SWITCH", [cheap, dear], { hourlyUsd: 0.75 });
    expect(givenUpBy(held, free)).toEqual({ pool: cheap, targets: 1, hourlyUsd: 0.25 });
    const stays = chosen("STAY", [], { out: [cheap] });
    expect(givenUpBy(stays, free)).toEqual({ pool: cheap, targets: 1, hourlyUsd: 0.75 });
  });

  it("is nothing where the target would not go there, or would not go at all", () => {
    const held = chosen("SWITCH", [dear], { hourlyUsd: 0.5, out: [cheap] });
    expect(givenUpBy(held, chosen("SWITCH", [dear], { hourlyUsd: 0.5 }))).toBeUndefined();
    expect(givenUpBy(held, chosen("STAY", []))).toBeUndefined();
  });

  it("is never below zero: a calmer pool may be a dearer one", () => {
    const held = chosen("SWITCH", [dear], { hourlyUsd: 0.6, out: [cheap] });
    const free = chosen("SWITCH", [cheap], { hourlyUsd: 0.5 });
    expect(givenUpBy(held, free)).toMatchObject({ targets: 1, hourlyUsd: 0 });
  });

  it("is added up by pool", () => {
    const each = { pool: cheap, targets: 1, hourlyUsd: 0.25 };
    expect(addGivenUp([each, { ...each, pool: dear }, each])).toEqual([
      { pool: cheap, targets: 2, hourlyUsd: 0.5 },
      { pool: dear, targets: 1, hourlyUsd: 0.25 },
    ]);
  });

  it("is not asked of what is in shadow mode, or kept out of nothing", () => {
    const target = (isShadowMode: boolean) => ({ isShadowMode }) as Target;
    const held = chosen("STAY", [], { out: [cheap] });
    expect(mayGiveUp(target(false), held)).toBe(true);
    expect(mayGiveUp(target(true), held)).toBe(false);
    expect(mayGiveUp(target(false), chosen("STAY", []))).toBe(false);
  });
});
