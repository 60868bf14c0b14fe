/** Takes from an evaluation in shadow mode what is to be scored: one decision on an instance, of a group or of nodes one on each that was to go. */
import type {
  ClusterFacts,
  Evaluation,
  EvaluationOffers,
  LinearFacts,
  StoredFacts,
} from "../model/evaluation.ts";
import { isOnDemand, type GroupFacts, type GroupMember } from "../model/group.ts";
import type { UnscoredReason } from "../model/ledger/shadow.ts";
import { poolKey, type Pool } from "../model/market.ts";
import type { Move } from "../model/move.ts";
import type { Offer } from "../model/offer.ts";
import type { Verdict } from "../model/verdict.ts";
import type { ShadowDecision } from "./shadow-score.ts";

interface Judged {
  readonly verdict: Verdict;
  readonly policy: ShadowDecision["policy"];
  readonly chosen: EvaluationOffers;
}

type Of = ShadowDecision | UnscoredReason;

/** Those that a verdict names, in its order, as they were known then. */
const offersNamed = (offers: readonly Offer[], named: readonly Pool[]): readonly Offer[] => {
  const byPool = new Map(offers.map((offer) => [poolKey(offer.pool), offer]));
  return named.flatMap((pool) => byPool.get(poolKey(pool)) ?? []);
};

const ofInstance = (
  { instance }: LinearFacts,
  { verdict, policy, chosen }: Judged,
): readonly Of[] => {
  if (instance === undefined) return ["FACTS_MISSING"];
  const { instanceType, platformDetails: product, tenancy, zoneId, lifecycle } = instance;
  if (verdict.kind !== "SWITCH" || lifecycle !== undefined) return ["NOT_FROM_ON_DEMAND"];
  return [
    {
      judgedAt: verdict.judgedAt,
      policy,
      original: { instanceType, product, tenancy, zoneId },
      offers: offersNamed(chosen.offers, verdict.offers),
      evaluations: 1,
    },
  ];
};

/** Its own pool first, then the others of its zone: elsewhere it may not go. */
const poolsFor = ({ pool }: Move, { offers }: Verdict): readonly Pool[] => [
  pool,
  ...offers.filter((other) => other.zoneId === pool.zoneId && poolKey(other) !== poolKey(pool)),
];

const ofMove = (
  { member, move, isFirst }: { member: GroupMember | undefined; move: Move; isFirst: boolean },
  { verdict, policy, chosen }: Judged,
): Of => {
  if (member === undefined) return "FACTS_MISSING";
  if (move.purchase !== undefined || !isOnDemand(member)) return "NOT_FROM_ON_DEMAND";
  const { instanceType, zoneId } = member;
  return {
    judgedAt: verdict.judgedAt,
    policy,
    // What does not stand on shared hardware is refused.
    original: { instanceType, product: move.pool.product, tenancy: "default", zoneId },
    offers: offersNamed(chosen.offers, poolsFor(move, verdict)),
    evaluations: isFirst ? 1 : 0,
  };
};

const ofGroup = (group: GroupFacts | undefined, judged: Judged): readonly Of[] => {
  const { moves = [] } = judged.chosen;
  const members = new Map<string, GroupMember>(
    group?.members.map((member) => [member.instanceId, member]),
  );
  if (moves.length === 0) return ["NOT_ONE_INSTANCE"];
  return moves.map((move, index) =>
    ofMove({ member: members.get(move.originalId), move, isFirst: index === 0 }, judged),
  );
};

/** @param facts on the subject, of the evaluation's own mode */
export const shadowDecisions = (
  { mode, verdict, policy }: Pick<Evaluation, "mode" | "policy" | "verdict">,
  facts: StoredFacts | undefined,
  chosen: EvaluationOffers | undefined,
): readonly Of[] => {
  if (verdict === undefined || facts === undefined || chosen === undefined)
    return ["FACTS_MISSING"];
  const judged = { verdict, policy, chosen };
  // What is stored of an evaluation is of its mode.
  return mode === "LINEAR"
    ? ofInstance(facts, judged)
    : ofGroup((facts as Pick<ClusterFacts, "group">).group, judged);
};
