/** What CLUSTER adds to the record of how its evaluation ended. The target stays the group: only its times move. */
import { loadSubjectFacts } from "../../adapters/store/evaluations.ts";
import { updateIntent } from "../../adapters/store/intents.ts";
import { causesOfGroup } from "../../core/decide/cluster/cause.ts";
import { endingOfCluster } from "../../core/decide/cluster/ending.ts";
import { leftRaise } from "../../core/decide/cluster/left-settings.ts";
import type { StandingRaise } from "../../core/decide/cluster/maximum.ts";
import { isOpenIntent, type SwitchEnding } from "../../core/decide/switch/outcome.ts";
import type { Closing } from "../evaluation/closing.ts";
import type { EvaluationSession } from "../evaluation/session.ts";
import type { ChangeOf, Intent } from "../../core/model/intent.ts";
import { isAskedFor, type ClusterFacts, type Outcome } from "../../core/model/evaluation.ts";
import { kindOf } from "../../core/model/evaluation-kind.ts";
import type { EvaluationId } from "../../core/model/ids.ts";
import type { TargetOf } from "../../core/model/target.ts";

/** Whatever is neither done nor undone needs a person, also where each pair has come to its end: a maximum that stays raised. */
const endingOf = (
  { evaluation, swaps }: EvaluationSession<"CLUSTER">,
  intents: readonly Intent[],
): SwitchEnding => {
  const { asgName } = evaluation.subject;
  const open = intents.filter(isOpenIntent);
  if (open.length > 0) {
    return {
      kind: "HALF_WAY",
      sentence: `The conversion of group ${asgName} left ${open.map(({ id }) => id).join(", ")} open. Next: look at its intents and effects.`,
    };
  }
  const ending = endingOfCluster(asgName, swaps);
  const { ended } = evaluation.progress;
  return ended === undefined
    ? ending
    : { ...ending, sentence: `${ending.sentence} No further batch was begun: ${ended.sentence}` };
};

const changedMembers: readonly string[] = ["SWITCHED", "PARTLY_SWITCHED", "FELL_BACK"];

/** The target stays the group. Who asked for On-Demand is heard until somebody asks for Spot. */
const followedBy =
  ({ evaluation, now }: EvaluationSession<"CLUSTER">, { status }: Outcome) =>
  (target: TargetOf<"CLUSTER">): TargetOf<"CLUSTER"> => {
    if (!changedMembers.includes(status)) return target;
    const lastSwitchAt = now.toISOString();
    const { staysOnDemand, ...others } = target;
    if (kindOf(evaluation) === "FALL_BACK") {
      const { evaluationId } = evaluation;
      return { ...others, lastSwitchAt, staysOnDemand: { evaluationId, since: lastSwitchAt } };
    }
    const isWishOver = staysOnDemand === undefined || isAskedFor(evaluation);
    return { ...others, lastSwitchAt, ...(isWishOver ? {} : { staysOnDemand }) };
  };

const raiseOf = ({ maxOriginal, maxRaised }: ChangeOf<"RAISE_MAX">): StandingRaise => ({
  maxOriginal,
  maxRaised,
});

/** What could not be handed back, until it is. */
const withRaise = (
  { raisedMax, ...target }: TargetOf<"CLUSTER">,
  evaluationId: EvaluationId,
  raise: ChangeOf<"RAISE_MAX"> | undefined,
): TargetOf<"CLUSTER"> => ({
  ...target,
  ...(raisedMax === undefined || raisedMax.evaluationId === evaluationId ? {} : { raisedMax }),
  ...(raise === undefined ? {} : { raisedMax: { evaluationId, ...raiseOf(raise) } }),
});

export const clusterClosing: Closing<"CLUSTER"> = {
  ending: (session, { intents }) => Promise.resolve(endingOf(session, intents)),
  commit: async ({ context, evaluation }, intents) => {
    for (const { id, status } of intents) {
      if (status !== "ACTED") continue;
      await updateIntent(context.table, evaluation.evaluationId, id, (stored) => ({
        ...stored,
        status: "COMMITTED",
      }));
    }
  },
  follow: (session, { outcome, intents }) => {
    const follow = followedBy(session, outcome);
    const { evaluationId } = session.evaluation;
    return Promise.resolve((target) => withRaise(follow(target), evaluationId, leftRaise(intents)));
  },
  // It served throughout, and nothing is held for a way back.
  figures: () => Promise.resolve({}),
  attempt: async ({ context, evaluation }) => {
    const facts = await loadSubjectFacts(context.table, evaluation.evaluationId);
    // What is stored of an evaluation is of its mode.
    return {
      hadDowntime: false,
      reader: causesOfGroup((facts as ClusterFacts | undefined)?.group),
    };
  },
  swaps: () => [],
};
