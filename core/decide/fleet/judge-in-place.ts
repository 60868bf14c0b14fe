/** Judges one target by the lists of its place: through the very judgement of its mode, with what the lists leave open beside the verdict. */
import type { Account } from "../../model/account.ts";
import type { EvaluationFacts, Failure } from "../../model/evaluation.ts";
import type { DeploymentId } from "../../model/ids.ts";
import { currentJudgementVersion } from "../../model/judgement-version.ts";
import type {
  MarketFacts,
  PlacementFacts,
  PoolMemory,
  RegionMarket,
  ReservedCoverage,
} from "../../model/market.ts";
import type { PipelineMode } from "../../model/pipeline-mode.ts";
import { reservedCoverage } from "../../model/reserved.ts";
import type { ModelStanding } from "../../model/risk-model.ts";
import {
  callsForAction,
  isPassing,
  uncheckedCodes,
  type UncheckedCode,
  type Verdict,
  type VerdictReason,
} from "../../model/verdict.ts";
import type { RiskModel } from "../../risk/model.ts";
import { judgeOf } from "../judges.ts";
import type { Choice } from "../offers/choice.ts";
import type { Whereabouts } from "../offers/judge.ts";
import { factsOfGroup } from "./facts-of-group.ts";
import { factsOfInstance } from "./facts-of-instance.ts";
import { factsOfNodes } from "./facts-of-nodes.ts";
import type { SharedOffers } from "./shared-offers.ts";
import type { Side, SubjectInPlace, SubjectInput } from "./side.ts";

export interface InPlaceInput<Mode extends PipelineMode> extends SubjectInput<Mode> {
  readonly account: Account;
  readonly policyVersion: string;
  readonly model: RiskModel;
  readonly riskModel: ModelStanding;
  /** Of the product that `productInPlace` names. */
  readonly market: RegionMarket;
  /** Of the region, with what the target's own losses say. */
  readonly memory: PoolMemory;
  readonly deploymentId: DeploymentId;
  /** Instances that switches are about to take away: they are not counted among those that a reservation pays for. */
  readonly leaving?: readonly string[];
  /** A person asks, and not the sweep. */
  readonly isAskedFor?: boolean;
  /** Of this reading: targets with the same need and policy ask the market once. */
  readonly shared?: SharedOffers;
}

export type BulkJudgement<Mode extends PipelineMode> =
  | {
      readonly kind: "JUDGED";
      /** With `unchecked` where anything was left open. Without it the workflow concludes the same from the same facts. */
      readonly verdict: Verdict;
      readonly choice: Choice;
      /** From these the choice is recomputed, byte for byte; `withUnchecked` makes the verdict of it. */
      readonly facts: EvaluationFacts<Mode>;
      /** Before anything is done, the subject is to be looked at alone: it would switch, or only that can tell whether it would. */
      readonly isLookWanted: boolean;
    }
  /** The list that would show it could not be read, or what it shows of it can't be understood. */
  | { readonly kind: "NOT_JUDGED"; readonly failure: Failure };

export const withUnchecked = (verdict: Verdict, unchecked: readonly UncheckedCode[]): Verdict =>
  unchecked.length === 0 ? verdict : { ...verdict, unchecked };

const sides: { readonly [Mode in PipelineMode]: Side<Mode> } = {
  LINEAR: factsOfInstance,
  CLUSTER: factsOfGroup,
  KUBERNETES: factsOfNodes,
};

type SubjectRead = Extract<SubjectInPlace<PipelineMode>, { readonly kind: "READ" }>;

const findSubject = <Mode extends PipelineMode>(
  mode: Mode,
  input: InPlaceInput<Mode>,
): SubjectInPlace<Mode> => {
  const { reading, riskModel, deploymentId, market } = input;
  return sides[mode]({
    ...input,
    known: { observedAt: reading.readAt, riskModel, deploymentId },
    typeNamed: (name) => market.types.find(({ instanceType }) => instanceType === name),
  });
};

/** Where its replacement could go, as an evaluation reads it for one target. */
const placementOf = (
  { reading, leaving = [] }: Pick<InPlaceInput<PipelineMode>, "reading" | "leaving">,
  { product: platform, vpcId, instanceType, otherTypes = [] }: Whereabouts,
): PlacementFacts => {
  const covered = (type: string): ReservedCoverage =>
    reservedCoverage(reading, { instanceType: type, platform, leaving });
  return {
    subnets: reading.subnets
      .filter((subnet) => subnet.vpcId === vpcId)
      .map(({ vpcId: _of, ...subnet }) => subnet),
    reserved: covered(instanceType),
    ...(otherTypes.length > 0 && {
      reservedOthers: Object.fromEntries(otherTypes.map((type) => [type, covered(type)])),
    }),
    // A hint, asked for where a switch is about to be made: AWS limits how often.
    placementScores: [],
  };
};

/** Undefined where it would be another product's: then nothing may rest on it. */
const marketOf = (
  input: InPlaceInput<PipelineMode>,
  whereabouts: Whereabouts | undefined,
): MarketFacts | undefined => {
  const { market, memory, reading } = input;
  if (whereabouts?.product !== market.product) return undefined;
  return {
    ...market,
    ...memory,
    ...placementOf(input, whereabouts),
    observedAt: reading.readAt,
  };
};

/** Given by what stands against the subject itself, before anybody looks at the market. */
const beforeMarket: ReadonlySet<VerdictReason> = new Set(uncheckedCodes);

const isLookWanted = (
  verdict: Verdict,
  { leavesOpen, unchecked }: Pick<SubjectRead, "leavesOpen" | "unchecked">,
): boolean => {
  // What passes by itself is asked right before it matters, however often it was looked at.
  if (unchecked.every(isPassing)) return false;
  if (callsForAction(verdict) || leavesOpen === "ALL") return true;
  return leavesOpen === "MARKET" && !beforeMarket.has(verdict.reason);
};

/** What is not to be changed is not, whatever passes by itself. */
const leftOpen = (
  verdict: Verdict,
  { unchecked }: Pick<SubjectRead, "unchecked">,
): readonly UncheckedCode[] =>
  callsForAction(verdict) ? unchecked : unchecked.filter((code) => !isPassing(code));

/**
 * Through the judgement of the mode, which is the workflow's own.
 * @throws BrokenFacts where `market` is another product's than the subject's, and the verdict would rest on it
 */
export const judgeInPlace = <Mode extends PipelineMode>(
  mode: Mode,
  input: InPlaceInput<Mode>,
): BulkJudgement<Mode> => {
  const found = findSubject(mode, input);
  if (found.kind === "NOT_READ") return { kind: "NOT_JUDGED", failure: found.failure };
  const { account, target, policy, policyVersion, model } = input;
  const { shared, memory } = input;
  const { lastSwitchAt } = target;
  const market = marketOf(input, found.whereabouts);
  const facts = { ...found.facts, ...(market !== undefined && { market }) };
  const choice = judgeOf(mode).judge({
    account,
    target,
    facts,
    policy,
    policyVersion,
    model,
    judgementVersion: currentJudgementVersion,
    isAskedFor: input.isAskedFor ?? false,
    ...(lastSwitchAt !== undefined && { lastSwitchAt }),
    ...(shared !== undefined && { offersOn: shared.among(input.market, memory) }),
  });
  const verdict = withUnchecked(choice.verdict, leftOpen(choice.verdict, found));
  return { kind: "JUDGED", verdict, choice, facts, isLookWanted: isLookWanted(verdict, found) };
};
