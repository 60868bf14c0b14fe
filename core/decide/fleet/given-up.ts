/**
 * What quarantine costs a target: it is judged a second time as if no pool were in quarantine, and no loss a ban. Where it would go to one of
 * those pools then, the saving that it has not is given up there. What a second pool in quarantine would save is not told besides.
 */
import { poolKey, type Pool } from "../../model/market.ts";
import type { Target } from "../../model/target.ts";
import { effectivePolicy } from "../../policy/policy.ts";
import type { Choice } from "../offers/choice.ts";

/** By one target, or by several. */
export interface GivenUp {
  readonly pool: Pool;
  readonly targets: number;
  /** At the prices of the verdicts. */
  readonly hourlyUsd: number;
}

const keptOutOf = ({ offers }: Choice): readonly Pool[] =>
  offers.filter(({ rejection }) => rejection?.code === "QUARANTINED").map(({ pool }) => pool);

/** Nothing is given up in shadow mode: nothing would be switched. */
export const mayGiveUp = ({ isShadowMode }: Target, choice: Choice): boolean =>
  !isShadowMode && keptOutOf(choice).length > 0;

/** As its policy would judge if a loss raised the risk and banned nothing. */
export const withoutBan = <Some extends Target>(target: Some): Some => {
  const { quarantine } = effectivePolicy(target.pipelineMode, target.policyOverrides);
  const decaying = { ...quarantine, mode: "decay" as const };
  return { ...target, policyOverrides: { ...target.policyOverrides, quarantine: decaying } };
};

const savedBy = ({ verdict: { kind, savings } }: Choice): number =>
  kind === "SWITCH" ? (savings?.hourlyUsd ?? 0) : 0;

/** @param free as it would be judged without quarantine */
export const givenUpBy = (held: Choice, free: Choice): GivenUp | undefined => {
  if (free.verdict.kind !== "SWITCH") return undefined;
  const out = new Set(keptOutOf(held).map(poolKey));
  const pool = free.verdict.offers.find((offered) => out.has(poolKey(offered)));
  if (pool === undefined) return undefined;
  return { pool, targets: 1, hourlyUsd: Math.max(0, savedBy(free) - savedBy(held)) };
};

/** One for each pool, in the order in which they were met. */
export const addGivenUp = (each: readonly GivenUp[]): readonly GivenUp[] => {
  const sums = new Map<string, GivenUp>();
  for (const { pool, targets, hourlyUsd } of each) {
    const before = sums.get(poolKey(pool));
    sums.set(poolKey(pool), {
      pool,
      targets: targets + (before?.targets ?? 0),
      hourlyUsd: hourlyUsd + (before?.hourlyUsd ?? 0),
    });
  }
  return [...sums.values()];
};
