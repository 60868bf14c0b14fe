/** Starts the original that is kept stopped before anything is launched in its successor's place, and passes it over once it is not to take over. */
import { readHealth } from "../../../adapters/aws/ec2/health.ts";
import { updateIntents } from "../../../adapters/store/intents.ts";
import { carriesTraffic } from "../../../core/decide/linear/served.ts";
import { judgeHealth } from "../../../core/decide/switch/health.ts";
import type { InstanceFacts } from "../../../core/model/instance.ts";
import { onlySwapId, type Replacement, type Swap } from "../../../core/model/swap.ts";
import type { SwapChange } from "../../evaluation/evaluation-step.ts";
import { readSubjectFacts } from "../../evaluation/facts.ts";
import { readLiveInstance } from "../../evaluation/live-instance.ts";
import {
  closeTaking,
  findKeptOriginal,
  giveBackKept,
  startKept,
  takingIn,
  type KeptOriginal,
} from "../kept-original.ts";
import {
  changeSwap,
  swapOf,
  withProgress,
  type LinearResult,
  type LinearSession,
} from "../session.ts";

type Result = LinearResult<{ readonly kind: "LAUNCHED" | "NEXT_OFFER"; readonly summary: string }>;

const startedSentence = (instanceId: string): string =>
  `Started ${instanceId}, the original, which was kept stopped: it stands On-Demand.`;

/** As what takes the place of the one that EC2 takes. */
const standingKept = async (
  session: LinearSession,
  { instanceId, zoneId, instanceType }: InstanceFacts,
): Promise<{ readonly replacement: Replacement }> => {
  const { context, evaluation } = session;
  const { lost } = await readSubjectFacts<"LINEAR">(session);
  const product = lost?.pool.product ?? "Linux/UNIX";
  const pool = { region: evaluation.region, zoneId, instanceType, product };
  return { replacement: { instanceId, pool, launchedAt: context.now().toISOString() } };
};

const started = async (session: LinearSession, original: InstanceFacts): Promise<Result> => {
  const { instanceId } = original;
  const { replacement } = await standingKept(session, original);
  const sentence = startedSentence(instanceId);
  return {
    output: { kind: "LAUNCHED", summary: sentence },
    swaps: [changeSwap(session, { stage: "LAUNCHED", sentence, replacement })],
    change: withProgress({ keptOriginal: { instanceId } }),
  };
};

/** From now on nothing stands in its place. */
const withoutReplacement = (session: LinearSession, sentence: string): SwapChange => {
  const { change } = changeSwap(session, { stage: "PLANNED", sentence });
  return {
    swapId: onlySwapId,
    change: (stored): Swap => {
      const { replacement: _given, ...rest } = change(stored);
      return rest;
    },
  };
};

/** It was not started, and is left as it was found. */
const leave = async (
  session: LinearSession,
  { original: { instanceId }, taking }: KeptOriginal,
  refusal: string,
): Promise<Result> => {
  await giveBackKept(session, taking);
  await closeTaking(session);
  const sentence = `The original ${instanceId} does not take over: ${refusal}`;
  return {
    output: { kind: "NEXT_OFFER", summary: sentence },
    swaps: [changeSwap(session, { stage: "PLANNED", sentence })],
    change: withProgress({ keptOriginal: { instanceId, refusal } }),
  };
};

/** It was started, and is not proved. What comes to it stays there until something else is proved: only then it is stopped again. */
const passOver = async (session: LinearSession, refusal: string): Promise<Result> => {
  const { context, evaluation } = session;
  const undoneAt = context.now().toISOString();
  // Those moves are planned anew, to what is launched.
  await updateIntents(context.table, evaluation.evaluationId, (intent) =>
    carriesTraffic(intent.change) && intent.status !== "UNDONE"
      ? { ...intent, status: "UNDONE", undoneAt }
      : intent,
  );
  return {
    output: { kind: "NEXT_OFFER", summary: refusal },
    swaps: [withoutReplacement(session, refusal)],
  };
};

/**
 * Not by one of many: each start is a call by itself, where a fleet is launched by one, and two hundred of them wait for each other beyond the
 * notice. Where nothing can be launched, the next recovery starts it.
 */
const startFirst = async (session: LinearSession): Promise<Result | undefined> => {
  if (session.evaluation.sharesReadings === true) return undefined;
  const found = await findKeptOriginal(session);
  if (found === undefined) return undefined;
  const { original, taking } = found;
  const refusal = await startKept(session, taking);
  return refusal === undefined ? started(session, original) : leave(session, found, refusal);
};

/** An earlier invocation has started it, and died when its swap was written and its record was not. */
const startedBefore = async (session: LinearSession): Promise<Result | undefined> => {
  const taking = await takingIn(session);
  const instanceId = swapOf(session)?.replacement?.instanceId;
  if (instanceId === undefined || taking?.instanceId !== instanceId) return undefined;
  return {
    output: { kind: "LAUNCHED", summary: startedSentence(instanceId) },
    change: withProgress({ keptOriginal: { instanceId } }),
  };
};

/** The answer of a launch that has the original started, or leaves it. Undefined: something is to be launched. */
export const startInstead = async (session: LinearSession): Promise<Result | undefined> => {
  const { keptOriginal: kept } = session.evaluation.progress;
  const swap = swapOf(session);
  if (kept === undefined) return swap === undefined ? startFirst(session) : startedBefore(session);
  const { instanceId, refusal } = kept;
  if (refusal === undefined) {
    return { output: { kind: "LAUNCHED", summary: startedSentence(instanceId) } };
  }
  return swap?.replacement?.instanceId === instanceId ? passOver(session, refusal) : undefined;
};

/** Nothing else can be launched: the original that was passed over is waited for again, unless it is lost or its checks have failed. */
export const takeLast = async (session: LinearSession): Promise<Result | undefined> => {
  const { keptOriginal: kept } = session.evaluation.progress;
  if (kept?.refusal === undefined || (await takingIn(session)) === undefined) return undefined;
  const { instanceId } = kept;
  const { ec2 } = await session.customer();
  const { kind } = judgeHealth(await readHealth(ec2, instanceId));
  if (kind === "LOST" || kind === "FAILED") return undefined;
  const original = await readLiveInstance(session, instanceId);
  if (original === undefined) return undefined;
  const sentence = `Nothing else can be launched: the original ${instanceId}, which runs, is waited for again.`;
  const { replacement } = await standingKept(session, original);
  const note = withProgress({ keptOriginal: { instanceId, isLast: true } });
  return {
    output: { kind: "LAUNCHED", summary: sentence },
    swaps: [changeSwap(session, { stage: "LAUNCHED", sentence, replacement })],
    // The first wait for it is over.
    change: (record) => {
      const { keptOriginal: _before, ...progress } = record.progress;
      return { ...note({ ...record, progress }), waits: {} };
    },
  };
};
