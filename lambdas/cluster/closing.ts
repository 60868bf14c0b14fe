/** What CLUSTER adds to the record of how its evaluation ended. The target stays the group: only its times move. */
import { loadSubjectFacts } from "../../adapters/store/evaluations.ts";
import { updateIntent } from "../../adapters/store/intents.ts";
import { causesOfGroup } from "../../core/decide/cluster/cause.ts";
import { endingOfCluster } from "../../core/decide/cluster/ending.ts";
import { isOpenIntent, type SwitchEnding } from "../../core/decide/switch/outcome.ts";
import type { Closing } from "../evaluation/closing.ts";
import type { EvaluationSession } from "../evaluation/session.ts";
import type { Intent } from "../../core/model/intent.ts";
import type { ClusterFacts } from "../../core/model/evaluation.ts";

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
  follow: (session, { outcome }) => {
    const isConverted = outcome.status === "SWITCHED" || outcome.status === "PARTLY_SWITCHED";
    const lastSwitchAt = session.now.toISOString();
    return Promise.resolve((target) => (isConverted ? { ...target, lastSwitchAt } : target));
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
