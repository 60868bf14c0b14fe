/**
 * Drain poll: one tick of a drain. It looks, evicts what budgets allow, waits two seconds and looks again, for at most 40 s, until nothing is left or nothing
 * moves. All evictions of a node are one intent, and those of a tick one effect. Lease and kill switch are asked again before those of each look.
 */
import type * as z from "zod";
import { updateEvaluation } from "../../../adapters/store/evaluations.ts";
import { unknownRequestId } from "../../../adapters/aws/translate-error.ts";
import { nextStep } from "../../../core/decide/kubernetes/drain/pace.ts";
import {
  afterReplies,
  type AnsweredEviction,
  type TickProgress,
} from "../../../core/decide/kubernetes/drain/replies.ts";
import { beginDrain, beginTick } from "../../../core/decide/kubernetes/drain/tick.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { DrainState } from "../../../core/model/kubernetes/drain.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { holdLease } from "../../evaluation/lease.ts";
import { assertNotStopped, perform } from "../../evaluation/perform.ts";
import { noteSight } from "../../evaluation/sight.ts";
import { requireCordon } from "../own-cordon.ts";
import {
  givenUp,
  launchedUnderWay,
  nodeThat,
  nothingUnderWay,
  roundOf,
  withProgress,
} from "../round.ts";
import { readWhyAbsorbed } from "../surplus.ts";
import { connect, type KubernetesResult } from "../session.ts";
import { sendEvictions } from "./evictions.ts";
import { openLooks, type DrainLook, type DrainSession, type Looks } from "./looks.ts";

const outputSchema = pollingOutput(["DRAINED", "DRAINING", "NONE"]);
type Result = KubernetesResult<z.infer<typeof outputSchema>>;

interface Tick {
  readonly session: DrainSession;
  readonly looks: Looks;
  readonly swapId: string;
}

interface TickEnd {
  readonly kind: "DRAINED" | "DRAINING";
  readonly sentence: string;
  readonly state: DrainState;
  readonly waitSeconds: number;
}

/** What was evicted and seen is written down, whatever stops the tick: the next one goes on from there. */
const keepState = async ({ session, looks }: Tick, state: DrainState): Promise<void> => {
  const { context, evaluation } = session;
  await updateEvaluation(context.table, evaluation.evaluationId, (stored) =>
    stored.mode !== "KUBERNETES" || stored.endedAt !== undefined
      ? stored
      : withProgress({ drain: state })(stored),
  );
  await noteSight(session, looks.seen());
};

const drained = (session: DrainSession) => {
  const { name: nodeName, uid: nodeUid, instanceId } = nodeThat(session, "original");
  return { clusterName: session.evaluation.subject.clusterName, nodeName, nodeUid, instanceId };
};

type Answered = readonly AnsweredEviction[];

/** Deletions are an intent of their own: they pass budgets over. */
const recordDeletions = async (
  { session, swapId }: Tick,
  send: () => Promise<Answered>,
): Promise<Answered> => {
  const node = drained(session);
  const { answered } = await perform(session, {
    intent: { id: `delete-pods-${swapId}`, swapId, change: { kind: "DELETE_PODS", ...node } },
    action: "DeletePods",
    resource: `pods of node ${node.nodeName}`,
    call: async () => ({ requestId: unknownRequestId, answered: await send() }),
  });
  return answered;
};

const evictOnce = async (tick: Tick, look: DrainLook): Promise<TickProgress> => {
  const { session, looks } = tick;
  const { context } = session;
  await assertNotStopped(session);
  await holdLease(session);
  const { pass, listedAt } = look;
  const send = (): Promise<Answered> =>
    sendEvictions({
      client: looks.client,
      evictions: pass.evict,
      memory: pass.memory,
      listedAt,
      now: () => context.now().toISOString(),
    });
  const deletes = pass.evict.some(({ graceSeconds }) => graceSeconds !== undefined);
  const answered = deletes ? await recordDeletions(tick, send) : await send();
  return afterReplies(pass, answered, context.now().toISOString());
};

/** Evicts, where the look says so, and goes on until the tick is over. */
const goOn = async (tick: Tick, look: DrainLook): Promise<TickEnd> => {
  const { session } = tick;
  const { pass } = look;
  const { verdict } = pass;
  if (verdict.kind === "STOP") {
    await keepState(tick, pass.state);
    throw new SpotOptimizerError(verdict.error, verdict.sentence, {
      resource: nodeThat(session, "original").name,
    });
  }
  const { sentence } = verdict;
  if (verdict.kind === "DRAINED") {
    return { kind: "DRAINED", sentence, state: pass.state, waitSeconds: 0 };
  }
  const progress = pass.evict.length === 0 ? pass : await evictOnce(tick, look);
  const { state, memory } = progress;
  const now = session.context.now().toISOString();
  const next = nextStep({ state, memory, isMoving: verdict.isMoving, now });
  if (next.kind === "RETURN") {
    return { kind: "DRAINING", sentence, state, waitSeconds: next.waitSeconds };
  }
  await session.context.pause(next.inSeconds * 1000);
  return lookAndGoOn(tick, progress);
};

/** An error of the cluster's says nothing of what was evicted before. */
const lookAndGoOn = async (tick: Tick, progress: TickProgress): Promise<TickEnd> => {
  let look: DrainLook;
  try {
    look = await tick.looks.look(progress);
  } catch (error) {
    await keepState(tick, progress.state);
    throw error;
  }
  return goOn(tick, look);
};

/** From the first eviction on the tick is one effect of the intent. */
const evictInTick = async (tick: Tick, look: DrainLook): Promise<TickEnd> => {
  const { session, swapId } = tick;
  const node = drained(session);
  const { end } = await perform(session, {
    intent: { id: `drain-${swapId}`, swapId, change: { kind: "DRAIN_NODE", ...node } },
    action: "EvictPods",
    resource: `pods of node ${node.nodeName}`,
    call: async () => ({ requestId: unknownRequestId, end: await goOn(tick, look) }),
  });
  return end;
};

/** Looks without an eviction change nothing, and need no effect. */
const runTick = async (tick: Tick, progress: TickProgress): Promise<TickEnd> => {
  const { session } = tick;
  let now = progress;
  for (;;) {
    const look = await tick.looks.look(now);
    const { pass } = look;
    if (pass.evict.length > 0) return evictInTick(tick, look);
    if (pass.verdict.kind !== "DRAINING") return goOn(tick, look);
    const { state, memory, verdict } = pass;
    const at = session.context.now().toISOString();
    const next = nextStep({ state, memory, isMoving: verdict.isMoving, now: at });
    if (next.kind === "RETURN") {
      const { sentence } = verdict;
      return { kind: "DRAINING", sentence, state, waitSeconds: next.waitSeconds };
    }
    await session.context.pause(next.inSeconds * 1000);
    now = pass;
  }
};

export const drainPollStep = defineEvaluationStep({
  name: "drain-poll",
  clients: ["autoScaling", "ec2", "eks", "kubernetes"],
  mode: "KUBERNETES",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session): Promise<Result> => {
    const swap = launchedUnderWay(session);
    if (swap === undefined) return nothingUnderWay(session);
    const absorbed = await readWhyAbsorbed(session, swap);
    if (absorbed !== undefined) return givenUp(session, swap, absorbed);
    const { client } = await connect(session);
    const cordon = await requireCordon(session, swap);
    const now = session.context.now().toISOString();
    const state = session.evaluation.progress.drain ?? beginDrain(now);
    const looks = openLooks(session, { client, swap, cordon });
    const end = await runTick(
      { session, looks, swapId: swap.swapId },
      { state, memory: beginTick(state, now) },
    );
    const { kind, sentence: summary, waitSeconds } = end;
    return {
      output: { kind, summary, waitSeconds },
      round: roundOf(session),
      sight: looks.seen(),
      change: withProgress({ drain: end.state }),
    };
  },
});
