/** Facts of a judgement apart into what many have in common and what changes by itself, so that what stays is stored once. */
import type { EvaluationFacts, Registered } from "./evaluation.ts";
import type { FactsDigests } from "./judged-run.ts";
import type { PlacementFacts, PoolMemory, RegionMarket } from "./market.ts";
import type { PipelineMode } from "./pipeline-mode.ts";
import type { Verdict } from "./verdict.ts";
import type { Policy } from "../policy/policy.ts";

export interface FactsParts {
  /** Without times of its own: what does not change is the same at every sweep. */
  readonly subject: unknown;
  /** Absent: nothing of the market was looked at. */
  readonly market?: { readonly placement: PlacementFacts; readonly memory: PoolMemory };
}

export const partsOfFacts = ({
  observedAt: _stored,
  market,
  ...subject
}: EvaluationFacts): FactsParts => {
  if (market === undefined) return { subject };
  const { subnets, reserved, reservedOthers, placementScores } = market;
  const { losses, refusals, quarantined } = market;
  return {
    subject,
    market: {
      placement: {
        subnets,
        reserved,
        placementScores,
        ...(reservedOthers !== undefined && { reservedOthers }),
      },
      memory: { losses, quarantined, ...(refusals !== undefined && { refusals }) },
    },
  };
};

/** @param at when they were read, ISO 8601: one reading shows all of a place */
export const factsOfParts = <Mode extends PipelineMode>(
  at: string,
  {
    subject,
    market,
    region,
  }: FactsParts & {
    /** Where the market was looked at. */
    readonly region?: RegionMarket;
  },
): EvaluationFacts<Mode> => {
  const facts = { ...(subject as object), observedAt: at };
  return (
    market === undefined || region === undefined
      ? facts
      : { ...facts, market: { ...region, ...market.memory, ...market.placement, observedAt: at } }
  ) as EvaluationFacts<Mode>;
};

/** The first verdict of a run. */
export interface FirstJudged {
  /** ISO 8601 */
  readonly at: string;
  readonly verdict: Verdict;
  readonly facts: FactsDigests;
}

/** What is stored of the subject of a verdict. */
export interface JudgedSubject {
  readonly registered: Registered & { readonly policy: Policy };
  readonly facts: unknown;
}
