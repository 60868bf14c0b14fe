/** How the record of a switch of one instance is closed: its target follows, its images expire, its downtime is stated. */
import { loadJudgedFacts, loadOffers, loadSubjectFacts } from "../../adapters/store/evaluations.ts";
import { commitIntents, planIntent } from "../../adapters/store/intents.ts";
import { causesOf } from "../../core/decide/linear/cause.ts";
import { flagsOfOwner } from "../../core/decide/linear/deletion-flags.ts";
import { downtimeSeconds, originalStoppedAt } from "../../core/decide/linear/downtime.ts";
import { endingOfLinear } from "../../core/decide/linear/ending.ts";
import { isolationDueNow } from "../../core/decide/linear/isolation.ts";
import { dueNow, returnCapacity } from "../../core/decide/linear/return-capacity.ts";
import { launchesOf } from "../../core/decide/linear/owners-starts.ts";
import { savingsOfSwitch } from "../../core/decide/linear/savings-of-switch.ts";
import { nextWatch } from "../../core/decide/switch/watch.ts";
import type { SwitchEnding } from "../../core/decide/switch/outcome.ts";
import { familyOf, SpotOptimizerError } from "../../core/errors.ts";
import { isRecovery, kindOf } from "../../core/model/evaluation-kind.ts";
import {
  fenceOf,
  type EvaluationFacts,
  type LinearEvaluation,
  type LinearFacts,
  type Outcome,
} from "../../core/model/evaluation.ts";
import type { Intent } from "../../core/model/intent.ts";
import type { TargetOf } from "../../core/model/target.ts";
import type { SwapStage } from "../../core/model/swap.ts";
import type { Closing, EndedInput, Lost } from "../evaluation/closing.ts";
import { isBoughtOnDemand } from "./bought.ts";
import { readOriginal, readPlacement } from "./facts.ts";
import { checkReplacement } from "./guards.ts";
import { keepTemplateId } from "./kept-template.ts";
import { noteLoss } from "./note-loss.ts";
import { changeSwap, swapOf, type LinearSession } from "./session.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The warm image served its purpose once the final one is there; whichever is the last is kept for a while. */
const expireImages = async (
  session: LinearSession<never>,
  intents: readonly Intent[],
): Promise<void> => {
  const { context, evaluation, now } = session;
  const images = intents
    .map((intent) => intent.change)
    .filter((change) => change.kind === "CREATE_IMAGE");
  const { cooloffHours, snapshotDays } = evaluation.policy;
  // They outlive the original, which is kept for the cool-off.
  const keepMs = cooloffHours * hourMs + snapshotDays * dayMs;
  const keepUntil = new Date(now.getTime() + keepMs).toISOString();
  const isSuperseded = (purpose: string): boolean =>
    purpose === "warm" && images.some((image) => image.purpose === "final");
  for (const { imageId, purpose } of images) {
    if (imageId === undefined) continue;
    await planIntent(context.table, evaluation.evaluationId, {
      id: `expire-${imageId}`,
      status: "COMMITTED",
      fence: fenceOf(evaluation),
      plannedAt: now.toISOString(),
      change: {
        kind: "EXPIRE_IMAGE",
        imageId,
        dueAt: isSuperseded(purpose) ? now.toISOString() : keepUntil,
      },
    });
  }
};

/** Of a load without data that stands on Spot now: the janitor makes it, while nobody waits. */
const keepTemplate = async (session: LinearSession<never>): Promise<void> => {
  const { context, evaluation, now } = session;
  const { evaluationId, policy } = evaluation;
  if (policy.consistency !== "stateless" || isBoughtOnDemand(session)) return;
  await planIntent(context.table, evaluationId, {
    id: keepTemplateId,
    status: "COMMITTED",
    fence: fenceOf(evaluation),
    plannedAt: now.toISOString(),
    change: {
      kind: "KEEP_TEMPLATE",
      templateName: `spot-optimizer-${evaluationId}`,
      dueAt: now.toISOString(),
    },
  });
};

/** A retired original is looked at from now on: its owner may start it again at any time. */
const commitPlan = ({ context, evaluation, now }: LinearSession<never>): Promise<void> =>
  commitIntents(context.table, evaluation.evaluationId, {
    committedAt: now.toISOString(),
    change: (intent) => {
      const { change } = intent;
      return {
        ...intent,
        ...(change.kind === "RETIRE_ORIGINAL" ? { retryAt: nextWatch(now, change.dueAt) } : {}),
        ...(change.kind === "RESERVE_CAPACITY" ? { change: dueNow(change, now) } : {}),
        ...(change.kind === "ISOLATE" ? { change: isolationDueNow(change, now) } : {}),
      };
    },
  });

const estimate = async (
  session: LinearSession<never>,
  outcome: Outcome,
): Promise<Pick<LinearEvaluation, "estimatedSavings">> => {
  const { context, evaluation } = session;
  if (evaluation.verdict?.kind !== "SWITCH" || outcome.status !== "SWITCHED") return {};
  const facts = await loadJudgedFacts(context.table, evaluation.evaluationId);
  const offers = await loadOffers(context.table, evaluation.evaluationId);
  const savings = savingsOfSwitch({
    pool: swapOf(session)?.replacement?.pool,
    facts,
    offers: offers ?? [],
    policy: evaluation.policy,
  });
  return savings === undefined ? {} : { estimatedSavings: savings };
};

const downtime = (
  { evaluation }: LinearSession<never>,
  { calls }: EndedInput,
): Pick<LinearEvaluation, "downtimeSeconds"> => {
  const isStateless = evaluation.policy.consistency === "stateless";
  const seconds = downtimeSeconds({ progress: evaluation.progress, isStateless, calls });
  return seconds === undefined ? {} : { downtimeSeconds: seconds };
};

/** Of the original's type, as the verdict had it. */
const onDemandPrice = async ({
  context,
  evaluation,
}: LinearSession<never>): Promise<number | undefined> => {
  // What is stored of an evaluation is of its mode.
  const facts = (await loadJudgedFacts(context.table, evaluation.evaluationId)) as
    EvaluationFacts<"LINEAR"> | undefined;
  const { instanceType } = facts?.instance ?? {};
  return facts?.market?.onDemand.find((price) => price.instanceType === instanceType)?.hourlyUsd;
};

const costOfReturn = async (
  session: LinearSession<never>,
  { intents }: EndedInput,
): Promise<Pick<LinearEvaluation, "returnCapacity">> => {
  const endedAt = session.now.toISOString();
  const held = returnCapacity({ intents, endedAt, hourlyUsd: undefined });
  if (held === undefined) return {};
  const hourlyUsd = await onDemandPrice(session);
  return { returnCapacity: returnCapacity({ intents, endedAt, hourlyUsd }) ?? held };
};

const isCommitted = ({ status }: Intent): boolean => status === "COMMITTED" || status === "SETTLED";

/**
 * The replacement that was declared the successor, looked at right before that is recorded. Lost since: the switch is undone,
 * unless an earlier attempt of this very step has committed it; then, and where it can't be read, nobody knows who serves.
 */
const confirm = async (
  session: LinearSession,
  done: SwitchEnding,
  intents: readonly Intent[],
): Promise<SwitchEnding | Lost> => {
  try {
    await checkReplacement(session);
    return done;
  } catch (error) {
    const family = familyOf(error);
    if (!(error instanceof SpotOptimizerError) || family === "Retryable") throw error;
    const { name, message } = error;
    const isLost = name === "StaleReplacement" || name === "BrokenReplacement";
    if (isLost && !intents.some(isCommitted)) {
      return { kind: "LOST", failure: { error: name, cause: message } };
    }
    const original = session.evaluation.subject.instanceId;
    return {
      kind: "UNCONFIRMED",
      sentence:
        `${message} All had moved to the replacement; the original ${original} is kept stopped. ` +
        `Next: see which of the two serves.`,
    };
  }
};

const stages: Readonly<Partial<Record<Outcome["status"], SwapStage>>> = {
  SWITCHED: "DONE",
  FELL_BACK: "DONE",
  ROLLED_BACK: "UNDONE",
  STAYED: "UNDONE",
  NEEDS_OPERATOR: "LEFT",
};

/** The zone's name as the account has it; of a pool only the id is known. */
const zoneNameOf = async (session: LinearSession<never>, zoneId: string): Promise<string> => {
  const { placement } = await readPlacement(session);
  const found = placement.subnets.find((subnet) => subnet.zoneId === zoneId);
  if (found !== undefined) return found.zoneName;
  const { evaluationId } = session.evaluation;
  throw new SpotOptimizerError("BrokenFacts", `No subnet of ${evaluationId} is in ${zoneId}.`, {
    resource: evaluationId,
  });
};

type Followed = Pick<
  TargetOf<"LINEAR">,
  "instanceId" | "instanceType" | "availabilityZone" | "lastSwitchAt" | "updatedAt"
>;

/** It stands on On-Demand, as its owner had it. Where somebody asked for that, it is not switched by itself again. */
const followBack =
  ({ evaluation, now }: LinearSession<never>, followed: Followed) =>
  (target: TargetOf<"LINEAR">): TargetOf<"LINEAR"> => {
    const { evaluationId, subject, progress } = evaluation;
    if (target.instanceId !== subject.instanceId && target.instanceId !== followed.instanceId) {
      return target;
    }
    const { launchesSeen: _originals, ownersDeletionFlags: owners, ...rest } = target;
    const isOpen = progress.flagsNotReturned !== undefined && owners !== undefined;
    return {
      ...rest,
      ...followed,
      // Where nobody asked for it the sweep brings it to Spot again when that is worth it.
      ...(kindOf(evaluation) === "FALL_BACK"
        ? { staysOnDemand: { evaluationId, since: now.toISOString() } }
        : {}),
      // What is not returned yet is when the target is deleted.
      ...(isOpen ? { ownersDeletionFlags: owners } : {}),
    };
  };

/** For whom judges it later: EC2 forgets a launch with the next one. Noted here, where the target is written anyway. */
const noteLaunch = async ({
  context,
  evaluation,
}: LinearSession<never>): Promise<(target: TargetOf<"LINEAR">) => TargetOf<"LINEAR">> => {
  const facts = await loadSubjectFacts(context.table, evaluation.evaluationId);
  // What is stored of an evaluation is of its mode.
  const { instance } = (facts ?? {}) as LinearFacts;
  // What a recovery knows of is not what EC2 shows.
  if (instance === undefined || isRecovery(evaluation)) return (target) => target;
  return (target) =>
    target.instanceId === instance.instanceId
      ? { ...target, launchesSeen: [...launchesOf(instance, target)] }
      : target;
};

export const linearClosing: Closing<"LINEAR"> = {
  ending: async (session, { intents, calls, failure }) => {
    const { evaluation } = session;
    const wasDown = originalStoppedAt(calls) !== undefined;
    const ending = endingOfLinear({ evaluation, swap: swapOf(session), intents, wasDown });
    return ending.kind === "DONE" && failure === undefined
      ? confirm(session, ending, intents)
      : ending;
  },
  commit: async (session, intents) => {
    await noteLoss(session);
    await commitPlan(session);
    await expireImages(session, intents);
    await keepTemplate(session);
  },
  follow: async (session, { outcome }) => {
    const replacement = swapOf(session)?.replacement;
    const isMade = outcome.status === "SWITCHED" || outcome.status === "FELL_BACK";
    if (!isMade || replacement === undefined) return noteLaunch(session);
    const { subject, progress } = session.evaluation;
    const endedAt = session.now.toISOString();
    const { instanceId, pool } = replacement;
    const followed = {
      instanceId,
      instanceType: pool.instanceType,
      availabilityZone: await zoneNameOf(session, pool.zoneId),
      lastSwitchAt: progress.servingAt ?? endedAt,
      updatedAt: endedAt,
    };
    if (outcome.status === "FELL_BACK") return followBack(session, followed);
    const flags = flagsOfOwner(await readOriginal(session));
    return (target) => {
      // One that its owner has pointed at another instance since is the owner's.
      if (target.instanceId !== subject.instanceId && target.instanceId !== instanceId)
        return target;
      // The launches of another instance say nothing of this one; who asked for Spot no longer asks for On-Demand.
      const { launchesSeen: _originals, staysOnDemand: _wish, ...rest } = target;
      // Of one that stood on Spot already they were noted when it left On-Demand.
      return { ...rest, ...followed, ownersDeletionFlags: target.ownersDeletionFlags ?? flags };
    };
  },
  figures: async (session, input) => ({
    ...(await estimate(session, input.outcome)),
    ...downtime(session, input),
    ...(await costOfReturn(session, input)),
  }),
  attempt: async ({ context, evaluation }) => {
    const facts = await loadSubjectFacts(context.table, evaluation.evaluationId);
    // What is stored of an evaluation is of its mode.
    const { instance } = (facts ?? {}) as LinearFacts;
    const hadDowntime = evaluation.progress.frozenAt !== undefined;
    return { hadDowntime, reader: causesOf(instance) };
  },
  swaps: (session, { outcome }) => {
    const stage = stages[outcome.status];
    const isBegun = swapOf(session) !== undefined;
    return isBegun && stage !== undefined
      ? [changeSwap(session, { stage, sentence: outcome.sentence })]
      : [];
  },
};
