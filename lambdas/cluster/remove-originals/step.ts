/**
 * Remove originals: judges the group again before each, and lets as many leave through it as the surplus allows: desired N+k becomes N. Each
 * drains and runs its terminating hooks; once it is gone its swap is done for good. What the owner took for himself meanwhile stays.
 */
import type * as z from "zod";
import { readActivities } from "../../../adapters/aws/autoscaling/group.ts";
import {
  terminateInGroup,
  type MembershipResult,
} from "../../../adapters/aws/autoscaling/membership.ts";
import { listIntents, updateIntent } from "../../../adapters/store/intents.ts";
import type { Ledger } from "../../../core/decide/cluster/capacity.ts";
import { paces } from "../../../core/decide/cluster/paces.ts";
import {
  judgeRemoval,
  leftWithItsPlace,
  type RemovalJudgement,
} from "../../../core/decide/cluster/removal.ts";
import {
  isLeavingGroup,
  isRetained,
  memberOf,
  type GroupFacts,
} from "../../../core/model/group.ts";
import type { Intent } from "../../../core/model/intent.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
  type SwapChange,
} from "../../evaluation/evaluation-step.ts";
import { perform } from "../../evaluation/perform.ts";
import { readGroupAgain } from "../group.ts";
import { readReckoning } from "../ledger.ts";
import { awaitPairs, type Waiting } from "../replacements.ts";
import {
  batchOf,
  changeSwap,
  giveUp,
  launchedUnderWay,
  liveClients,
  withProgress,
  type ClusterResult,
  type Launched,
  type LiveSession,
} from "../session.ts";

const outputSchema = pollingOutput(["REMOVED", "WAITING"]);
type Result = ClusterResult<z.infer<typeof outputSchema>>;

/** A hook's longest heartbeat is two hours, and it may be sent again; what lasts longer is told. Source: PutLifecycleHook, HeartbeatTimeout. */
const removalMinutes = 150;

const removalId = ({ swapId }: Launched): string => `remove-${swapId}`;

const removeOne = async (
  session: LiveSession,
  { asgName, desiredCapacity }: GroupFacts,
  swap: Launched,
): Promise<MembershipResult> => {
  const { autoScaling } = await session.customer();
  const { originalId: instanceId, swapId } = swap;
  return perform(session, {
    intent: {
      id: removalId(swap),
      swapId,
      change: { kind: "REMOVE_MEMBER", asgName, instanceId, how: "terminate" },
      before: { desiredCapacity },
    },
    action: "TerminateInstanceInAutoScalingGroup",
    resource: `${instanceId} in ${asgName}`,
    call: () => terminateInGroup(autoScaling, { asgName, instanceId }),
    refused: (result) => (result.kind === "REFUSED" ? result.sentence : undefined),
    acted: (result, change) =>
      change.kind === "REMOVE_MEMBER" && result.kind === "DONE" && result.activityId !== undefined
        ? { ...change, activityId: result.activityId }
        : change,
  });
};

/** What was made for the swap is the group's from now on: no roll-back touches it. */
const commitSwap = async (
  { context, evaluation }: LiveSession,
  { swapId }: Launched,
): Promise<void> => {
  const intents = await listIntents(context.table, evaluation.evaluationId);
  for (const { id, status } of intents.filter((intent) => intent.swapId === swapId)) {
    if (status === "UNDONE" || status === "COMMITTED") continue;
    await updateIntent(context.table, evaluation.evaluationId, id, (stored) => ({
      ...stored,
      status: "COMMITTED",
    }));
  }
};

/** What a look at one pair comes to. */
type Looked =
  | { readonly kind: "CHANGED"; readonly change: SwapChange }
  | { readonly kind: "WAITING"; readonly sentence: string };

const done = async (
  session: LiveSession,
  swap: Launched,
  news: { readonly stage: "DONE" | "ABSORBED" | "LEFT"; readonly sentence: string },
): Promise<Looked> => {
  await commitSwap(session, swap);
  return { kind: "CHANGED", change: changeSwap(swap, news) };
};

/** Of one that we have asked to leave. */
const lookAtLeaving = async (
  session: LiveSession,
  group: GroupFacts,
  swap: Launched,
): Promise<Looked> => {
  const { originalId } = swap;
  const { instanceId } = swap.replacement;
  const member = memberOf(group, originalId);
  if (member === undefined) {
    const sentence = `${instanceId} has taken over from ${originalId}, which has left the group.`;
    return done(session, swap, { stage: "DONE", sentence });
  }
  if (isRetained(member)) {
    const sentence = `${originalId} is ${member.lifecycleState}: its terminating hook was abandoned, it runs on and is billed, and the group no longer counts it. Next: see why its hook failed, then end it by hand.`;
    return done(session, swap, { stage: "LEFT", sentence });
  }
  return { kind: "WAITING", sentence: `${originalId} is ${member.lifecycleState}.` };
};

const carryOut = async (
  session: LiveSession,
  group: GroupFacts,
  { swap, judged }: { readonly swap: Launched; readonly judged: RemovalJudgement },
): Promise<Looked> => {
  const { originalId } = swap;
  switch (judged.kind) {
    case "WAIT":
      return { kind: "WAITING", sentence: judged.sentence };
    case "ABSORBED":
      return done(session, swap, { stage: "ABSORBED", sentence: judged.sentence });
    case "VICTIM_GONE":
      return done(session, swap, { stage: "DONE", sentence: judged.sentence });
    case "UNDO":
      return { kind: "CHANGED", change: giveUp(swap, judged.sentence) };
    case "REMOVE": {
      const result = await removeOne(session, group, swap);
      if (result.kind === "DONE") return { kind: "WAITING", sentence: `${originalId} leaves.` };
      return result.why === "WRONG_STATE" || result.why === "AT_MIN"
        ? { kind: "WAITING", sentence: result.sentence }
        : { kind: "CHANGED", change: giveUp(swap, result.sentence) };
    }
  }
};

/** Or is about to. */
const hasLeft = (group: GroupFacts, { originalId }: Launched): boolean => {
  const original = memberOf(group, originalId);
  return original === undefined || isLeavingGroup(original);
};

/** Of a call whose answer is not known, and whose original leaves or has left, the group's activities tell whether it acted. */
const readRemoval = async (
  session: LiveSession,
  group: GroupFacts,
  swap: Launched,
): Promise<Intent["status"] | undefined> => {
  const { context, evaluation } = session;
  const { evaluationId } = evaluation;
  const id = removalId(swap);
  const intents = await listIntents(context.table, evaluationId);
  const status = intents.find((intent) => intent.id === id)?.status;
  if (status !== "PLANNED" || !hasLeft(group, swap)) return status;
  const { autoScaling } = await session.customer();
  const activities = await readActivities(autoScaling, group.asgName);
  const hasActed = leftWithItsPlace(activities, swap.originalId);
  if (hasActed === undefined) return status;
  const now = hasActed ? "ACTED" : "UNDONE";
  await updateIntent(context.table, evaluationId, id, (stored) => ({ ...stored, status: now }));
  return now;
};

/** On a reading of this moment: each that leaves changes what the next may do. */
const lookAt = async (session: LiveSession, swap: Launched, since: Ledger | undefined) => {
  const group = await readGroupAgain(session);
  const removal = await readRemoval(session, group, swap);
  const reckoning = await readReckoning(session, group, since);
  const { ledger } = reckoning;
  if (removal === "ACTED") {
    return { looked: await lookAtLeaving(session, group, swap), ledger };
  }
  if (removal === "PLANNED" && hasLeft(group, swap)) {
    const sentence = `Original ${swap.originalId} leaves the group, and no activity tells yet by whose call.`;
    return { looked: { kind: "WAITING", sentence } as const, ledger };
  }
  const judged = judgeRemoval({
    originalId: swap.originalId,
    replacementId: swap.replacement.instanceId,
    joinedAt: swap.joinedAt ?? session.now.toISOString(),
    group,
    settings: group.settings,
    reckoning,
    now: session.context.now().toISOString(),
  });
  return { looked: await carryOut(session, group, { swap, judged }), ledger };
};

export const removeOriginalsStep = defineEvaluationStep({
  name: "remove-originals",
  clients: [...liveClients],
  mode: "CLUSTER",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session): Promise<Result> => {
    const round = batchOf(session);
    const waiting: Waiting[] = [];
    const swaps: SwapChange[] = [];
    let last = session.evaluation.progress.ledger;
    for (const swap of launchedUnderWay(session)) {
      const { looked, ledger } = await lookAt(session, swap, last);
      last = ledger;
      if (looked.kind === "CHANGED") swaps.push(looked.change);
      else waiting.push({ swap, sentence: looked.sentence });
    }
    const note = withProgress(last === undefined ? {} : { ledger: last });
    const awaited =
      waiting.length === 0
        ? undefined
        : awaitPairs(session, {
            phase: "removal",
            minutes: removalMinutes,
            pace: paces.removal,
            waiting,
            nextStep: "See which terminating hook or deregistration does not come to its end.",
          });
    if (awaited?.kind === "WAITING") {
      const { output, change } = awaited.answer;
      return { output, round, swaps, change: (record) => note(change(record)) };
    }
    return {
      output: {
        kind: "REMOVED",
        summary: `${String(swaps.length)} pairs of batch ${String(round)} are over.`,
      },
      round,
      swaps: [...swaps, ...(awaited?.swaps ?? [])],
      change: note,
    };
  },
});
