/**
 * Remove originals: judges the group again before each, and lets as many leave through it as the surplus allows: desired N+k becomes N. Each
 * drains and runs its terminating hooks; once it is gone its swap is done for good. What the owner took for himself meanwhile stays.
 */
import type * as z from "zod";
import type { MembershipResult } from "../../../adapters/aws/autoscaling/membership.ts";
import { getIntent, listIntents, updateIntent } from "../../../adapters/store/intents.ts";
import { readInstanceState } from "../../../adapters/aws/ec2/instances.ts";
import { unsureRemovals, type Ledger } from "../../../core/decide/cluster/capacity.ts";
import { takenFromOwner } from "../../../core/decide/cluster/hidden-leave.ts";
import { committed } from "../../../core/decide/cluster/kept-original.ts";
import { paces } from "../../../core/decide/cluster/paces.ts";
import {
  judgeRemoval,
  whoIsToLeave,
  type RemovalJudgement,
} from "../../../core/decide/cluster/removal.ts";
import { onDemandHourlyOf } from "../../../core/decide/offers/choice.ts";
import { counted, usdPerHour } from "../../../core/decide/offers/figures.ts";
import { isOpenIntent } from "../../../core/decide/switch/outcome.ts";
import type { CapacityPoint } from "../../../core/model/course.ts";
import { isRecovery } from "../../../core/model/evaluation-kind.ts";
import { isRetained, memberOf, type GroupFacts } from "../../../core/model/group.ts";
import { familyOf, SpotOptimizerError } from "../../../core/errors.ts";
import { hasEnded } from "../../../core/model/instance.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
  type SwapChange,
} from "../../evaluation/evaluation-step.ts";
import { readMarketFacts } from "../../evaluation/facts.ts";
import { contentionIn } from "../../evaluation/contention.ts";
import { readReckoning } from "../ledger.ts";
import { yieldToRefresh } from "../release.ts";
import { seenShown, seenWhole } from "../sight.ts";
import { awaitPairs, type Waiting } from "../replacements.ts";
import { retirementId, stopKept } from "./keep-original.ts";
import { changeSwap, giveUp, type Launched } from "../../evaluation/swap-changes.ts";
import {
  batchOf,
  launchedUnderWay,
  liveClients,
  withProgress,
  type ClusterResult,
  type LiveSession,
} from "../session.ts";
import { openLooks, type Looks } from "./looks.ts";
import { findOutRemoval, removalOf, type Removal } from "./removal-intent.ts";
import { removeOne, type Leaver } from "./remove-one.ts";

const outputSchema = pollingOutput(["REMOVED", "WAITING"]);
type Result = ClusterResult<z.infer<typeof outputSchema>>;

/** A hook's longest heartbeat is two hours, and it may be sent again; what lasts longer is told. Source: PutLifecycleHook, HeartbeatTimeout. */
const removalMinutes = 150;

/** What was made for the swap is the group's from now on: no roll-back touches it. What its removal has taken of what the owner wants is returned, in sentences. */
const commitSwap = async (
  { context, evaluation }: LiveSession,
  { swapId }: Launched,
): Promise<readonly string[]> => {
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const own = intents.filter((intent) => intent.swapId === swapId);
  for (const { id, status } of own) {
    if (status === "UNDONE" || status === "COMMITTED") continue;
    await updateIntent(context.table, evaluation.evaluationId, id, (stored) =>
      committed(stored, context.now()),
    );
  }
  return own.flatMap((intent) => takenFromOwner(intent) ?? []);
};

/** What a look at one pair comes to. */
type Looked =
  | { readonly kind: "CHANGED"; readonly change: SwapChange }
  | { readonly kind: "WAITING"; readonly sentence: string };

/** ` at $0.0960 per hour On-Demand`; empty where the price list does not have the type. */
const priceNote = async (session: LiveSession, instanceType: string): Promise<string> => {
  const { market } = await readMarketFacts(session);
  const hourlyUsd = onDemandHourlyOf({ instanceType }, market);
  return hourlyUsd === undefined ? "" : ` at ${usdPerHour(hourlyUsd)} On-Demand`;
};

const done = async (
  session: LiveSession,
  swap: Launched,
  news: { readonly stage: "DONE" | "ABSORBED" | "LEFT"; readonly sentence: string },
): Promise<Looked> => {
  const taken = await commitSwap(session, swap);
  const sentence = [news.sentence, ...taken].join(" ");
  return { kind: "CHANGED", change: changeSwap(swap, { ...news, sentence }) };
};

/** What AWS refuses is tried again by the restore, and told there: the other pairs go on. */
const stopIt = async (session: LiveSession, swap: Launched): Promise<Looked> => {
  const { originalId } = swap;
  try {
    const state = await stopKept(session, swap);
    return { kind: "WAITING", sentence: `${originalId} has left the group, and is ${state}.` };
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || familyOf(error) !== "Broken") throw error;
    const sentence = `${originalId} has left the group and could not be stopped: ${error.message}`;
    return { kind: "CHANGED", change: giveUp(swap, sentence) };
  }
};

/** It has left the group, and runs on until it is stopped. */
const lookAtDetached = async (session: LiveSession, swap: Launched): Promise<Looked> => {
  const { originalId, replacement } = swap;
  const { ec2 } = await session.customer();
  const state = await readInstanceState(ec2, originalId);
  if (state === undefined) {
    return {
      kind: "WAITING",
      sentence: `EC2 does not show ${originalId}, which has left the group.`,
    };
  }
  if (state === "stopped" || hasEnded(state)) {
    const sentence = `${replacement.instanceId} has taken over from ${originalId}, which has left the group and is ${state === "stopped" ? "kept stopped" : state}.`;
    return done(session, swap, { stage: "DONE", sentence });
  }
  if (state !== "running") {
    return { kind: "WAITING", sentence: `${originalId} has left the group, and is ${state}.` };
  }
  return stopIt(session, swap);
};

/** Of one that we have asked to leave. */
const lookAtLeaving = async (
  session: LiveSession,
  group: GroupFacts,
  { swap, removal }: { readonly swap: Launched; readonly removal: Removal },
): Promise<Looked> => {
  const { how, leavingId: originalId } = removal;
  const { instanceId } = swap.replacement;
  const member = memberOf(group, originalId);
  if (member === undefined && how === "detach") return lookAtDetached(session, swap);
  if (member === undefined) {
    const sentence = `${instanceId} has taken over from ${originalId}, which has left the group.`;
    return done(session, swap, { stage: "DONE", sentence });
  }
  if (isRetained(member)) {
    const price = await priceNote(session, member.instanceType);
    const sentence = `${originalId} is ${member.lifecycleState}: its terminating hook was abandoned, it runs on and is billed${price}, and the group no longer counts it. Next: see why its hook failed, then end it by hand.`;
    return done(session, swap, { stage: "LEFT", sentence });
  }
  return { kind: "WAITING", sentence: `${originalId} is ${member.lifecycleState}.` };
};

const isMarked = async ({ context, evaluation }: LiveSession, swap: Launched): Promise<boolean> => {
  const { evaluationId } = evaluation;
  const intent = await getIntent(context.table, evaluationId, retirementId(swap));
  return intent !== undefined && isOpenIntent(intent);
};

const afterCall = ({ swap, leavingId }: Leaver, result: MembershipResult): Looked => {
  if (result.kind === "DONE") return { kind: "WAITING", sentence: `${leavingId} leaves.` };
  return result.why === "WRONG_STATE" || result.why === "AT_MIN"
    ? { kind: "WAITING", sentence: result.sentence }
    : { kind: "CHANGED", change: giveUp(swap, result.sentence) };
};

const askToLeave = async (
  session: LiveSession,
  group: GroupFacts,
  leaver: Leaver,
): Promise<Looked> => {
  try {
    return afterCall(leaver, await removeOne(session, group, leaver));
  } catch (error) {
    return { kind: "WAITING", sentence: contentionIn(error) };
  }
};

const carryOut = async (
  session: LiveSession,
  group: GroupFacts,
  { swap, leavingId, judged }: Leaver & { readonly judged: RemovalJudgement },
): Promise<Looked> => {
  switch (judged.kind) {
    case "WAIT":
      return { kind: "WAITING", sentence: judged.sentence };
    case "ABSORBED":
    case "VICTIM_GONE": {
      // Marks of one that does not leave by us are taken off by the restore.
      if (await isMarked(session, swap)) {
        return { kind: "CHANGED", change: giveUp(swap, judged.sentence) };
      }
      const stage = judged.kind === "ABSORBED" ? "ABSORBED" : "DONE";
      return done(session, swap, { stage, sentence: judged.sentence });
    }
    case "UNDO":
      return { kind: "CHANGED", change: giveUp(swap, judged.sentence) };
    case "REMOVE":
      return askToLeave(session, group, { swap, leavingId });
  }
};

interface Sight {
  readonly looks: Looks;
  readonly since: Ledger | undefined;
}

interface Found {
  readonly group: GroupFacts;
  /** Absent: it was not asked to leave. */
  readonly removal?: Removal;
}

/** One that we have asked to leave for certain is no longer judged. */
const findOut = async (session: LiveSession, swap: Launched, looks: Looks): Promise<Found> => {
  const removal = await removalOf(session, swap);
  if (removal?.status === "ACTED") return { group: await looks.atThoseLeaving(), removal };
  const group = await looks.beforeRemoval();
  if (removal?.status !== "PLANNED") return { group };
  return { group, removal: await findOutRemoval(session, group, { swap, removal }) };
};

/** Each that leaves changes what the next may do. */
const lookAt = async (session: LiveSession, swap: Launched, { looks, since }: Sight) => {
  const { group, removal } = await findOut(session, swap, looks);
  if (removal?.status === "ACTED") {
    // The group may be shown as it was before another one was asked to leave: nothing is reckoned by it.
    const looked = await lookAtLeaving(session, group, { swap, removal });
    const seen = since === undefined ? [] : [seenShown(session, group, since)];
    return { looked, ledger: since, seen };
  }
  const reckoning = await readReckoning(session, group, since);
  const { ledger } = reckoning;
  const seen = [await seenWhole(session, group, ledger)];
  const intents = await listIntents(session.context.table, session.evaluation.evaluationId);
  // What is asked for is not known as long as one may have left by other hands.
  const [unsure] = unsureRemovals(intents, group);
  if (unsure !== undefined) {
    const sentence = `Original ${unsure} leaves the group, and no activity tells yet by whose call.`;
    return { looked: { kind: "WAITING", sentence } as const, ledger, seen };
  }
  const pair = {
    originalId: swap.originalId,
    replacementId: swap.replacement.instanceId,
    isRecovery: isRecovery(session.evaluation),
    intents,
    group,
  };
  const leavingId = whoIsToLeave(pair) ?? swap.originalId;
  const judged = judgeRemoval({
    ...pair,
    originalId: leavingId,
    joinedAt: swap.joinedAt ?? session.now.toISOString(),
    settings: group.settings,
    reckoning,
    now: session.context.now().toISOString(),
  });
  return { looked: await carryOut(session, group, { swap, leavingId, judged }), ledger, seen };
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
    const capacity: CapacityPoint[] = [];
    const looks = openLooks(session);
    let last = session.evaluation.progress.ledger;
    for (const swap of launchedUnderWay(session)) {
      const { looked, ledger, seen } = await lookAt(session, swap, { looks, since: last });
      last = ledger;
      capacity.push(...seen);
      if (looked.kind === "CHANGED") swaps.push(looked.change);
      else waiting.push({ swap, sentence: looked.sentence });
    }
    const note = withProgress(last === undefined ? {} : { ledger: last });
    const sight = { capacity };
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
      await yieldToRefresh(session, "removal");
      const { output, change } = awaited.answer;
      return { output, round, swaps, sight, change: (record) => note(change(record)) };
    }
    return {
      output: {
        kind: "REMOVED",
        summary: `Batch ${String(round)}: ${counted(swaps.length, "swap")} at an end.`,
      },
      round,
      swaps: [...swaps, ...(awaited?.swaps ?? [])],
      sight,
      change: note,
    };
  },
});
