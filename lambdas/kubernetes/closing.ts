/** What KUBERNETES adds to the record of how its evaluation ended. A target of one node follows it; one of a whole node group stays. */
import { loadSubjectFacts } from "../../adapters/store/evaluations.ts";
import { updateIntent } from "../../adapters/store/intents.ts";
import { endingOfSwaps } from "../../core/decide/switch/ending-of-swaps.ts";
import { isOpenIntent, type SwitchEnding } from "../../core/decide/switch/outcome.ts";
import { isResponse } from "../../core/model/evaluation-kind.ts";
import { isAskedFor, type Outcome } from "../../core/model/evaluation.ts";
import type { GroupFacts } from "../../core/model/group.ts";
import type { Intent } from "../../core/model/intent.ts";
import type { KubernetesFacts } from "../../core/model/kubernetes/facts.ts";
import { nameOf } from "../../core/model/subject.ts";
import type { Swap } from "../../core/model/swap.ts";
import type { TargetOf } from "../../core/model/target.ts";
import { causesOfGroup } from "../../core/decide/switch/group-cause.ts";
import type { Closing, ClosingSession } from "../evaluation/closing.ts";
import { readLostReplacements } from "../evaluation/lost-replacements.ts";
import { savingsOfSwaps } from "../evaluation/savings-of-swaps.ts";
import { endingOfResponse } from "./response-closing.ts";

type Session = ClosingSession<"KUBERNETES">;

/** Whatever is neither done nor undone needs a person, also where each node has come to its end: a mark that stays. */
const endingOf = async (session: Session, intents: readonly Intent[]): Promise<SwitchEnding> => {
  const { evaluation, swaps } = session;
  const name = nameOf(evaluation.subject);
  const open = intents.filter(isOpenIntent);
  if (isResponse(evaluation)) return endingOfResponse(session);
  if (open.length > 0) {
    return {
      kind: "HALF_WAY",
      sentence: `The replacement of nodes of ${name} left ${open.map(({ id }) => id).join(", ")} open. Next: look at its intents and effects.`,
    };
  }
  const { untried = 0, ended } = evaluation.progress;
  const ending = endingOfSwaps({
    name,
    noun: "node",
    rounds: "round",
    swaps,
    lost: await readLostReplacements(session),
    untried,
  });
  return ended === undefined
    ? ending
    : { ...ending, sentence: `${ending.sentence} No further node was begun: ${ended.sentence}` };
};

const readGroup = async ({ context, evaluation }: Session): Promise<GroupFacts | undefined> => {
  const facts = await loadSubjectFacts(context.table, evaluation.evaluationId);
  // What is stored of an evaluation is of its mode.
  return (facts as KubernetesFacts | undefined)?.group;
};

const changedNodes: readonly string[] = ["SWITCHED", "PARTLY_SWITCHED"];

/** The node that stands in the place of the target's. */
const successorOf = (
  { node, instanceId }: TargetOf<"KUBERNETES">,
  swaps: readonly Swap[],
): Swap["replacement"] =>
  node.scope === "ONE"
    ? swaps.find((swap) => swap.originalId === instanceId && swap.stage === "DONE")?.replacement
    : undefined;

/** Of a managed node group it stands in the one on Spot. */
const movedTo = (
  target: TargetOf<"KUBERNETES">,
  { evaluation, swaps }: Pick<Session, "evaluation" | "swaps">,
): TargetOf<"KUBERNETES"> => {
  const successor = successorOf(target, swaps);
  if (successor === undefined) return target;
  const { spotNodeGroup } = evaluation.policy;
  const isManaged = target.node.asgName === undefined && spotNodeGroup !== "";
  return {
    ...target,
    instanceId: successor.instanceId,
    instanceType: successor.pool.instanceType,
    node: isManaged ? { ...target.node, nodeGroup: spotNodeGroup } : target.node,
  };
};

/** Who asked for On-Demand is heard until somebody asks for Spot. */
const followedBy =
  (session: Session, { status }: Outcome) =>
  (target: TargetOf<"KUBERNETES">): TargetOf<"KUBERNETES"> => {
    if (isResponse(session.evaluation) || !changedNodes.includes(status)) return target;
    const { evaluation, now } = session;
    const lastSwitchAt = now.toISOString();
    const { staysOnDemand, ...others } = movedTo(target, session);
    const isWishOver = staysOnDemand === undefined || isAskedFor(evaluation);
    return {
      ...others,
      lastSwitchAt,
      updatedAt: lastSwitchAt,
      ...(isWishOver ? {} : { staysOnDemand }),
    };
  };

export const kubernetesClosing: Closing<"KUBERNETES"> = {
  ending: (session, { intents }) => endingOf(session, intents),
  commit: async ({ context, evaluation }, intents) => {
    for (const { id, status } of intents) {
      // Of a call of a response whose answer was lost nothing is left to be undone: its node has ended.
      const isOver = status === "ACTED" || (status === "PLANNED" && isResponse(evaluation));
      if (!isOver) continue;
      await updateIntent(context.table, evaluation.evaluationId, id, (stored) => ({
        ...stored,
        status: "COMMITTED",
      }));
    }
  },
  follow: (session, { outcome }) => Promise.resolve(followedBy(session, outcome)),
  // Its pods served throughout, as far as their budgets asked, and nothing is held for a way back.
  figures: savingsOfSwaps,
  attempt: async (session) => ({
    hadDowntime: false,
    reader: causesOfGroup(await readGroup(session)),
  }),
  swaps: () => [],
};
