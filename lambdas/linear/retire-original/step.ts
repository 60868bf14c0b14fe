/**
 * Retire original: stopped once no target group drains it any longer, tagged with its due time and kept; the janitor
 * terminates it after the cool-off. Our claim on it ends first: the mark is the last that is changed. A Spot Instance that is
 * left can't be kept stopped, and is ended here.
 */
import type * as z from "zod";
import type { ShownInstance } from "../../../adapters/aws/ec2/instances.ts";
import { createTags } from "../../../adapters/aws/ec2/tags.ts";
import { getIntent, updateIntent } from "../../../adapters/store/intents.ts";
import { takesDataBack } from "../../../core/decide/linear/data-way-back.ts";
import { paces } from "../../../core/decide/linear/paces.ts";
import { retirementTags, tagsBefore } from "../../../core/decide/switch/retirement-tags.ts";
import { drainDeadlineMinutes } from "../../../core/decide/switch/drain.ts";
import type { InstanceFacts } from "../../../core/model/instance.ts";
import { isRecovery, leavesSpot } from "../../../core/model/evaluation-kind.ts";
import { lastResolution } from "../../../core/model/resolution.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { ourTags } from "../../evaluation/our-tags.ts";
import { perform } from "../../evaluation/perform.ts";
import { readSharedHealth } from "../../evaluation/shared-reading.ts";
import { releaseClaim } from "../claim.ts";
import { isBoughtOnDemand } from "../bought.ts";
import {
  endAnnounced,
  endOriginal,
  isGone,
  isOriginalEnded,
  noteTaken,
  returnOwnersFlags,
} from "../end-original.ts";
import { orGiveUpLost } from "../give-up-kept.ts";
import { checkReplacement, isAwake, whereItDrains } from "../guards.ts";
import { identityRound, moveAgain, readStanding } from "../identity/standing.ts";
import { settleKept } from "../settle-kept.ts";
import { keepReplacement, type Kept } from "../keep-attachments.ts";
import { quiesceTaken } from "../last-words.ts";
import { releaseHeld } from "../release-held.ts";
import { stopIntent, stopOriginal } from "../stop-original.ts";
import { waitFor, type Awaited } from "../../evaluation/waiting.ts";
import { type LinearResult, type LinearSession, replacementId, withProgress } from "../session.ts";

const hourMs = 3_600_000;

const retirementId = "retire-original";

/** What a person has resumed begins its cool-off anew: the one that was planned before may be over by now. */
const renewCooloff = async (
  { context, evaluation, now }: LinearSession,
  dueAt: string,
): Promise<void> => {
  const resumed = lastResolution(evaluation);
  if (resumed === undefined) return;
  const { evaluationId } = evaluation;
  const planned = await getIntent(context.table, evaluationId, retirementId);
  if (planned === undefined || planned.plannedAt >= resumed.at) return;
  await updateIntent(context.table, evaluationId, retirementId, (stored) =>
    stored.change.kind === "RETIRE_ORIGINAL"
      ? {
          ...stored,
          status: "PLANNED",
          plannedAt: now.toISOString(),
          change: { ...stored.change, dueAt },
        }
      : stored,
  );
};

/** Returns when the cool-off ends, ISO 8601. `tags`: as they were read right before. */
const startCooloff = async (
  session: LinearSession,
  { instanceId, launchedAt, tags }: Pick<InstanceFacts, "instanceId" | "launchedAt" | "tags">,
): Promise<string> => {
  const { evaluation, now } = session;
  const { ec2 } = await session.customer();
  const ours = ourTags(evaluation);
  let dueAt = new Date(now.getTime() + evaluation.policy.cooloffHours * hourMs).toISOString();
  await renewCooloff(session, dueAt);
  await perform(session, {
    intent: {
      id: retirementId,
      change: { kind: "RETIRE_ORIGINAL", instanceId, dueAt, launchedAt },
      before: tagsBefore(tags, ours),
    },
    action: "CreateTags",
    resource: instanceId,
    // A retry has found our own tags: what stood there before them says the first intent.
    call: ({ change, before = {} }) => {
      if (change.kind === "RETIRE_ORIGINAL") dueAt = change.dueAt;
      const tags = retirementTags(ours, dueAt, before);
      return createTags(ec2, { resources: [instanceId], tags });
    },
  });
  return dueAt;
};

/**
 * The original of a stateless load serves until its identity has moved, and then keeps the connections that it had. It is
 * waited for here and not in "Move identity": the Elastic IPs need not wait for it, and the deadline of moving is shorter
 * than the longest drain. A stateful one was stopped before it left its groups: there is nothing to wait for.
 */
const waitForDrain = async (session: LinearSession<"elb">) => {
  const sentence = await whereItDrains(session);
  if (sentence === undefined) return undefined;
  return waitFor(session, {
    phase: "drain",
    minutes: drainDeadlineMinutes,
    pace: paces.drain,
    sentence,
    resource: session.evaluation.subject.instanceId,
    nextStep: "See why the target group keeps the original beyond its deregistration delay.",
  });
};

/** It can't be started as it is: docs/runbook.md says how to return. */
const withoutRoot = ({ evaluation }: LinearSession): string => {
  const { movedRootVolumeId } = evaluation.progress;
  return movedRootVolumeId === undefined ? "" : `, without its root volume ${movedRootVolumeId},`;
};

/** Nothing is given up for a replacement that is not proved to be well. */
const whatIsUnproved = async (session: LinearSession): Promise<string | undefined> => {
  const health = await checkReplacement(session);
  return health.kind === "WAITING" ? health.sentence : undefined;
};

/** Nor for one on Spot with which something goes that must not. */
const whatIsInDoubt = async (session: LinearSession): Promise<Kept> => {
  const sentence = await whatIsUnproved(session);
  return sentence === undefined ? keepReplacement(session) : { kind: "DOUBT", sentence };
};

/** Undefined while the whole identity is at the replacement. */
const whatIsLacking = async (
  session: LinearSession<"ec2" | "elb">,
  doubtful: Omit<Awaited, "sentence">,
  shown?: ShownInstance,
) => {
  const standing = await readStanding(session, shown);
  if (standing.kind === "WHOLE") return undefined;
  const { sentence } = standing;
  return standing.kind === "MOVE_AGAIN"
    ? moveAgain(session, sentence)
    : waitFor(session, { ...doubtful, ...identityRound(session), sentence });
};

type RetireSession = LinearSession<"ec2" | "elb" | "ssm">;

const outputSchema = pollingOutput(["RETIRED", "MOVE_AGAIN", "WAITING", "GIVEN_UP"]);
type Result = LinearResult<z.infer<typeof outputSchema>>;

/** It can't be kept stopped. What serves has proved itself, with the whole identity; what hangs on the other outlives it. */
const whatKeepsSpot = async (
  session: LinearSession<"ec2" | "elb">,
  doubtful: Omit<Awaited, "sentence">,
) => {
  const draining = await waitForDrain(session);
  const lacking = await whatIsLacking(session, doubtful);
  if (lacking !== undefined) return lacking;
  if (draining !== undefined) return draining;
  const sentence = await endOriginal(session);
  return sentence === undefined ? undefined : waitFor(session, { ...doubtful, sentence });
};

/** What serves on Spot from now on takes nothing with it; and while the other one lives, what serves is proved once more. */
const whatSpeaksAgainst = async (
  session: LinearSession,
  isEnded: boolean,
): Promise<string | undefined> => {
  if (isBoughtOnDemand(session)) return isEnded ? undefined : whatIsUnproved(session);
  const kept = await whatIsInDoubt(session);
  return kept.kind === "DOUBT" ? kept.sentence : undefined;
};

/** Ended, for good. */
const retireSpot = async (session: LinearSession<"ec2" | "elb">): Promise<Result> => {
  const resource = replacementId(session);
  const { instanceId } = session.evaluation.subject;
  const { stopDeadlineMinutes: minutes } = session.evaluation.policy;
  const doubtful = { minutes, pace: paces.retire, phase: "retire-healthy", resource };
  const isEnded = await isOriginalEnded(session);
  const doubt = await whatSpeaksAgainst(session, isEnded);
  if (doubt !== undefined) return waitFor(session, { ...doubtful, sentence: doubt });
  if (!isEnded) {
    const kept = await whatKeepsSpot(session, doubtful);
    if (kept !== undefined) return kept;
  } else if (takesDataBack(session.evaluation)) {
    const lacking = await whatIsLacking(session, doubtful);
    if (lacking !== undefined) return lacking;
    await releaseHeld(session);
  }
  // They wait as long as it stands on Spot.
  const flagsNotReturned = isBoughtOnDemand(session) ? await returnOwnersFlags(session) : undefined;
  const note =
    flagsNotReturned === undefined
      ? ""
      : ` Its owner's deletion flags are not returned: ${flagsNotReturned}`;
  return {
    output: {
      kind: "RETIRED",
      summary: `${resource} has taken over; the Spot Instance ${instanceId} was ended.${note}`,
    },
    ...(flagsNotReturned === undefined ? {} : { change: withProgress({ flagsNotReturned }) }),
  };
};

/** What EC2 has announced and not brought about by then is ended by us: it serves nobody, and costs. */
const overdueMs = 10 * 60_000;

const isOverdue = ({ evaluation: { progress }, now }: LinearSession<never>): boolean =>
  now.getTime() >= Date.parse(progress.takenAt ?? now.toISOString()) + overdueMs;

const takenPhase = "retire-taken";

const waitForEnd = (
  session: RetireSession,
  doubtful: Omit<Awaited, "sentence">,
  sentence = `EC2 has not ended ${session.evaluation.subject.instanceId} yet.`,
) => {
  const minutes = doubtful.minutes + overdueMs / 60_000;
  return waitFor(session, { ...doubtful, minutes, phase: takenPhase, sentence });
};

/** Undefined once the Spot Instance has ended. */
const whatKeepsTaken = async (session: RetireSession, doubtful: Omit<Awaited, "sentence">) => {
  if ((await isOriginalEnded(session)) || (await noteTaken(session, isGone))) return undefined;
  if (!isOverdue(session)) return waitForEnd(session, doubtful);
  const sentence = await endAnnounced(session);
  return sentence === undefined ? undefined : waitForEnd(session, doubtful, sentence);
};

/** What serves was proved since the other one is waited for, and one of many sees in what was read for all that it lives: nothing is to be done. */
const isSeenToLive = async (session: RetireSession): Promise<boolean> => {
  const { subject, startedAt: causedAt, waits } = session.evaluation;
  if (waits[takenPhase] === undefined || isOverdue(session)) return false;
  const { instanceId } = subject;
  return isAwake((await readSharedHealth(session, { instanceId, causedAt }))?.state);
};

/** Of a recovery: there is nothing to keep. */
const retireTaken = async (session: RetireSession): Promise<Result> => {
  // Without data it has served until its successor was proved with the identity.
  await quiesceTaken(session);
  const resource = replacementId(session);
  const { policy, subject } = session.evaluation;
  // It may have taken over before EC2's checks have passed: these are waited for here.
  const minutes = Math.max(policy.stopDeadlineMinutes, policy.healthyDeadlineMinutes);
  const doubtful = { minutes, pace: paces.retire, phase: "retire-healthy", resource };
  if (await isSeenToLive(session)) return waitForEnd(session, doubtful);
  const kept = await whatIsInDoubt(session);
  if (kept.kind === "DOUBT") return waitFor(session, { ...doubtful, sentence: kept.sentence });
  const lacking = await whatIsLacking(session, doubtful, kept.shown);
  if (lacking !== undefined) return lacking;
  const standing = await whatKeepsTaken(session, doubtful);
  if (standing !== undefined) return standing;
  await releaseHeld(session);
  const draining = await settleKept(session);
  if (draining !== undefined) {
    const wait = { phase: "give-back", minutes: drainDeadlineMinutes, pace: paces.drain };
    return waitFor(session, { ...wait, sentence: draining, resource });
  }
  const flagsNotReturned = isBoughtOnDemand(session) ? await returnOwnersFlags(session) : undefined;
  return {
    output: {
      kind: "RETIRED",
      summary: `${resource} has taken over from ${subject.instanceId}, which EC2 took back.`,
    },
    ...(flagsNotReturned === undefined ? {} : { change: withProgress({ flagsNotReturned }) }),
  };
};

/** Stopped, marked and kept. */
const retireStopped = async (session: LinearSession<"ec2" | "elb">): Promise<Result> => {
  const resource = replacementId(session);
  const { stopDeadlineMinutes: minutes } = session.evaluation.policy;
  const wait = { minutes, pace: paces.retire };
  const stop = await stopIntent(session);
  const isStopped = stop?.status === "ACTED";
  // Doubts during a long drain leave the stop its whole time.
  const doubtful = { ...wait, phase: isStopped ? "retire" : "retire-healthy", resource };
  const kept = await whatIsInDoubt(session);
  if (kept.kind === "DOUBT") return waitFor(session, { ...doubtful, sentence: kept.sentence });
  const draining = isStopped ? undefined : await waitForDrain(session);
  const lacking = await whatIsLacking(session, doubtful, kept.shown);
  if (lacking !== undefined) return lacking;
  if (draining !== undefined) return draining;
  // Before the original is compared once more: between that and its mark nothing is changed for it.
  if (isStopped) await releaseClaim(session);
  const { instanceId, state, compared } = await stopOriginal(session, stop);
  // Where the call itself found it stopped, it is compared at the next look.
  if (state === "stopped" && compared !== undefined) {
    await releaseHeld(session);
    const dueAt = await startCooloff(session, { instanceId, ...compared });
    return {
      output: {
        kind: "RETIRED",
        summary: `${resource} has taken over; ${instanceId} is kept stopped${withoutRoot(session)} until ${dueAt}.`,
      },
    };
  }
  const sentence = `${instanceId} is ${state}.`;
  return waitFor(session, { ...wait, phase: "retire", sentence, resource: instanceId });
};

const retire = (session: RetireSession): Promise<Result> => {
  const { evaluation } = session;
  if (isRecovery(evaluation)) return orGiveUpLost(session, () => retireTaken(session));
  return leavesSpot(evaluation) ? retireSpot(session) : retireStopped(session);
};

export const retireOriginalStep = defineEvaluationStep({
  name: "retire-original",
  clients: ["ec2", "elb", "ssm"],
  mode: "LINEAR",
  input: evaluationInputSchema,
  output: outputSchema,
  run: retire,
});
