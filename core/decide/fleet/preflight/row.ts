/** What a preflight tells of a subject, once it was judged: will it be switched, for what, and what stands in the way. */
import { poolKey } from "../../../model/market.ts";
import type { Failure } from "../../../model/evaluation.ts";
import type { Offer } from "../../../model/offer.ts";
import type { PipelineMode } from "../../../model/pipeline-mode.ts";
import type { Missing, PreflightOutcome, PreflightRow } from "../../../model/preflight.ts";
import type { Target } from "../../../model/target.ts";
import { callsForAction, type Verdict } from "../../../model/verdict.ts";
import type { Policy } from "../../../policy/policy.ts";
import { judgeOf } from "../../judges.ts";
import type { BulkJudgement } from "../judge-in-place.ts";
import type { SubjectInPlace } from "../subjects-in-place.ts";
import { besideVerdict } from "./beside.ts";
import { lossesOf } from "./losses.ts";
import { nameOfTarget, registrableOf, rowIdOf } from "./subject.ts";

type Judgement = BulkJudgement<PipelineMode>;
type Judged = Extract<Judgement, { kind: "JUDGED" }>;

export interface RowInput {
  readonly subject: SubjectInPlace;
  /** As which it is registered, or as `supposedTarget` has it. */
  readonly target: Target;
  readonly isRegistered: boolean;
  /** The effective one. */
  readonly policy: Policy;
  /** As if all that is missing were given. */
  readonly judgement: Judgement;
  readonly missing: readonly Missing[];
}

const mostOffers = 3;

type PreflightOffer = PreflightRow["offers"][number];

const tellOffer = ({ pool, spotHourlyUsd, risk }: Offer): readonly PreflightOffer[] =>
  spotHourlyUsd === undefined || risk === undefined
    ? []
    : [
        {
          instanceType: pool.instanceType,
          zoneId: pool.zoneId,
          spotHourlyUsd,
          risk: risk.probability,
          horizonHours: risk.horizonHours,
        },
      ];

/** Those that the verdict names in its order, else the best of what is on offer. */
const offersOf = (verdict: Verdict, offers: readonly Offer[]): readonly PreflightOffer[] => {
  const named = verdict.offers.flatMap(
    (pool) => offers.find((offer) => poolKey(offer.pool) === poolKey(pool)) ?? [],
  );
  const best = named.length > 0 ? named : offers.filter(({ rejection }) => rejection === undefined);
  return best
    .filter(({ purchase }) => purchase === undefined)
    .flatMap(tellOffer)
    .slice(0, mostOffers);
};

const outcomeOf = (
  { verdict, isLookWanted }: Judged,
  missing: readonly Missing[],
): PreflightOutcome => {
  if (isLookWanted) return "WOULD";
  if (!callsForAction(verdict)) return "WONT";
  return missing.length > 0 ? "WILL_ONCE" : "WILL";
};

const withoutAws = (tags: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith("aws:")));

const headOf = ({
  subject,
  target,
  isRegistered,
}: Pick<RowInput, "subject" | "target" | "isRegistered">) => {
  const shown = registrableOf(subject);
  return {
    id: rowIdOf(target),
    region: target.region,
    mode: target.pipelineMode,
    name: nameOfTarget(target),
    ...(shown === undefined
      ? {}
      : {
          instanceId: shown.instanceId,
          instanceType: shown.instanceType,
          zoneName: shown.availabilityZone,
        }),
    ...(isRegistered ? { targetId: target.targetId } : {}),
    tags: withoutAws(subject.tags),
  };
};

/** A verdict says it of all that go together. */
const savedBy = ({ savings }: Verdict): Pick<PreflightRow, "monthlyUsd" | "savingsPercent"> =>
  savings === undefined ? {} : { monthlyUsd: savings.monthlyUsd, savingsPercent: savings.percent };

/** What a switch means for it. */
const meaningOf = ({ target, policy }: RowInput, { verdict, facts }: Judged) => {
  const downtimeSeconds = judgeOf(target.pipelineMode).downtimeOf(policy, target);
  const { instances, later } = besideVerdict(target, facts, policy);
  return {
    ...savedBy(verdict),
    instances,
    downtimeSeconds,
    losses: [...lossesOf(target, downtimeSeconds)],
    later: [...later],
  };
};

/** Where there is no switch. */
const noMeaning = { instances: 0, downtimeSeconds: 0, losses: [], later: [] };

const rowOfJudged = (input: RowInput, judged: Judged): PreflightRow => {
  const { verdict, choice } = judged;
  const { missing } = input;
  const outcome = outcomeOf(judged, missing);
  const isOpen = outcome !== "WONT";
  return {
    ...headOf(input),
    ...(isOpen ? meaningOf(input, judged) : noMeaning),
    outcome,
    reason: (outcome === "WILL_ONCE" ? missing[0]?.reason : undefined) ?? verdict.reason,
    sentence: verdict.sentence,
    // Where it stays for another reason nothing is gained by giving it, or by looking closer.
    missing: isOpen ? [...missing] : [],
    offers: [...offersOf(verdict, choice.offers)],
    unchecked: isOpen ? [...(verdict.unchecked ?? [])] : [],
  };
};

/** Nothing is said of it but why. */
export const rowOfFailure = (
  input: Pick<RowInput, "subject" | "target" | "isRegistered">,
  { error, cause }: Failure,
): PreflightRow => ({
  ...headOf(input),
  ...noMeaning,
  outcome: "NOT_JUDGED",
  reason: error,
  sentence: cause,
  missing: [],
  offers: [],
  unchecked: [],
});

export const preflightRow = (input: RowInput): PreflightRow => {
  const { judgement } = input;
  if (judgement.kind === "JUDGED") return rowOfJudged(input, judgement);
  return rowOfFailure(input, judgement.failure);
};
