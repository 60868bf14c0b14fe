/** What CLUSTER adds to the record of how its evaluation ended. The target stays the group: only its times move. */
import { loadSubjectFacts } from "../../adapters/store/evaluations.ts";
import { updateIntent } from "../../adapters/store/intents.ts";
import { noteHandedBack, noteRaisedMax } from "../../adapters/store/raised-maxima.ts";
import { causesOfGroup } from "../../core/decide/switch/group-cause.ts";
import { leftRaise } from "../../core/decide/cluster/left-settings.ts";
import type { StandingRaise } from "../../core/decide/cluster/maximum.ts";
import { endingOfSwaps } from "../../core/decide/switch/ending-of-swaps.ts";
import { isOpenIntent, type SwitchEnding } from "../../core/decide/switch/outcome.ts";
import type { Closing, ClosingSession } from "../evaluation/closing.ts";
import { readLostReplacements } from "../evaluation/lost-replacements.ts";
import { savingsOfSwaps } from "../evaluation/savings-of-swaps.ts";
import { changesOf, type ChangeOf, type Intent } from "../../core/model/intent.ts";
import { isAskedFor, type ClusterFacts, type Outcome } from "../../core/model/evaluation.ts";
import { isRecovery, kindOf } from "../../core/model/evaluation-kind.ts";
import { nameOf } from "../../core/model/subject.ts";
import type { TargetOf } from "../../core/model/target.ts";

/** Whatever is neither done nor undone needs a person, also where each pair has come to its end: a maximum that stays raised. */
const endingOf = async (
  session: ClosingSession<"CLUSTER">,
  intents: readonly Intent[],
): Promise<SwitchEnding> => {
  const { evaluation, swaps } = session;
  const { asgName } = evaluation.subject;
  const open = intents.filter(isOpenIntent);
  if (open.length > 0) {
    return {
      kind: "HALF_WAY",
      sentence: `The conversion of group ${asgName} left ${open.map(({ id }) => id).join(", ")} open. Next: look at its intents and effects.`,
    };
  }
  const { untried = 0 } = evaluation.progress;
  const ending = endingOfSwaps({
    name: nameOf(evaluation.subject),
    noun: "member",
    rounds: "batch",
    swaps,
    lost: await readLostReplacements(session),
    untried,
  });
  const { ended } = evaluation.progress;
  return ended === undefined
    ? ending
    : { ...ending, sentence: `${ending.sentence} No further batch was begun: ${ended.sentence}` };
};

const changedMembers: readonly string[] = ["SWITCHED", "PARTLY_SWITCHED", "FELL_BACK"];

/** The target stays the group. Who asked for On-Demand is heard until somebody asks for Spot. */
const followedBy =
  ({ evaluation, now }: ClosingSession<"CLUSTER">, { status }: Outcome) =>
  (target: TargetOf<"CLUSTER">): TargetOf<"CLUSTER"> => {
    // What EC2 takes back is launched anew where it stood: neither a wish nor a dwell time is about it.
    if (!changedMembers.includes(status) || isRecovery(evaluation)) return target;
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

/** What could not be handed back stands with the group until it is. */
const tellRaise = async (
  { context: { table }, evaluation }: ClosingSession<"CLUSTER">,
  intents: readonly Intent[],
): Promise<void> => {
  if (changesOf(intents, "RAISE_MAX").length === 0) return;
  const { accountId, region, evaluationId, subject } = evaluation;
  const group = { accountId, region, asgName: subject.asgName };
  const raise = leftRaise(intents);
  if (raise === undefined) await noteHandedBack(table, group, evaluationId);
  else await noteRaisedMax(table, group, { evaluationId, ...raiseOf(raise) });
};

export const clusterClosing: Closing<"CLUSTER"> = {
  ending: (session, { intents }) => endingOf(session, intents),
  commit: async ({ context, evaluation }, intents) => {
    for (const { id, status } of intents) {
      if (status !== "ACTED") continue;
      await updateIntent(context.table, evaluation.evaluationId, id, (stored) => ({
        ...stored,
        status: "COMMITTED",
      }));
    }
  },
  follow: async (session, { outcome, intents }) => {
    await tellRaise(session, intents);
    return followedBy(session, outcome);
  },
  // It served throughout, and nothing is held for a way back.
  figures: savingsOfSwaps,
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
