/**
 * Freeze original: from here on no write is accepted that the replacement would not have. Its way back is secured first. The
 * replacement, and whether traffic will reach it, are judged again right before, and whether this is the time for it; then the owner's
 * hook is run, and once it has succeeded the original is stopped. `stateless` loads are not frozen at all; a Spot Instance with data is
 * frozen by its end, which is the next state's.
 */
import { attachedInterfaces } from "../../../adapters/aws/ec2/attached.ts";
import { showInstance } from "../../../adapters/aws/ec2/instances.ts";
import { takesDataBack } from "../../../core/decide/linear/data-way-back.ts";
import { paces } from "../../../core/decide/linear/paces.ts";
import { movesRootVolume } from "../../../core/decide/linear/root-move.ts";
import { isRecovery } from "../../../core/model/evaluation-kind.ts";
import type { Intent } from "../../../core/model/intent.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { isOriginalEnded } from "../end-original.ts";
import { checkReplacement, revalidateOriginal } from "../guards.ts";
import { refuseTakenAddress } from "../move-identity/taken-address.ts";
import { secureReturn } from "../secure-return.ts";
import { stopIntent, stopOriginal } from "../stop-original.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { replacementId, withProgress, type LinearSession } from "../session.ts";
import { beforeEnd } from "./before-end.ts";
import {
  judgeAnew,
  judgeReplacementAnew,
  notNow,
  nothingNew,
  outputSchema,
  postpone,
  runHook,
  waitForReplacement,
  type Answer,
  type Change,
  type FreezeSession,
  type LastLook,
} from "./last-look.ts";

/** Noted once, with what was known of the traffic then. */
const frozenSince =
  (frozenAt: string, noteTraffic: Change): Change =>
  (record) =>
    record.progress.frozenAt === undefined
      ? withProgress({ frozenAt })(noteTraffic(record))
      : record;

/** A stateless original serves on, and is given up part by part from here on: it must be the one that was judged. */
const lookAtServing = async (session: FreezeSession): Promise<Change> => {
  const { targetGroups, note } = await judgeAnew(session, false);
  const states = ["running"] as const;
  const look = { states, withProtections: true, targetGroups, isLastLook: true };
  await revalidateOriginal(session, look);
  return note;
};

const whatComesNext = ({
  evaluation: { policy },
}: LinearSession<never>): "MOVE_ROOT" | "TRANSFER_ROOT" | "MOVE_IDENTITY" => {
  if (movesRootVolume(policy)) return "MOVE_ROOT";
  return policy.consistency === "stop-and-image" ? "TRANSFER_ROOT" : "MOVE_IDENTITY";
};

/** Undefined once our stop has acted. */
const lastLook = (
  session: FreezeSession,
  stop: Intent | undefined,
): Promise<string | LastLook | undefined> =>
  stop?.status === "ACTED"
    ? Promise.resolve(undefined)
    : judgeReplacementAnew(session, stop !== undefined);

/** EC2 says five minutes; the group follows. Nobody is waiting: the original serves. */
const reservationMinutes = 10;

/** Why the stop must wait, or must not be; else what is to be noted with it. */
const withWayBack = async (session: FreezeSession): Promise<Answer | Change> => {
  const standing = await secureReturn(session);
  if (standing.kind === "POSTPONED") return postpone(standing.postponed);
  if (standing.kind === "WAITING") {
    return waitFor(session, {
      phase: "reserve",
      pace: paces.reserve,
      minutes: reservationMinutes,
      sentence: standing.sentence,
      resource: session.evaluation.subject.instanceId,
    });
  }
  const { unsecured } = standing;
  return unsecured === undefined ? nothingNew : withProgress({ unsecuredReturn: unsecured });
};

/** Nothing of the original is given up before. Once a stop was tried it is too late to ask for it. */
const beforeStop = async (
  session: FreezeSession,
  stop: Intent | undefined,
): Promise<Answer | Change> => (stop === undefined ? withWayBack(session) : nothingNew);

/** How far the stop is, and what was found before it. */
interface LookedAt {
  readonly stop: Intent | undefined;
  readonly judged: LastLook | undefined;
  /** To be noted of the way back. */
  readonly wayBack: Change;
}

const freeze = async (
  session: FreezeSession,
  { stop, judged, wayBack }: LookedAt,
): Promise<Answer> => {
  const { instanceId, state, plannedAt } = await stopOriginal(session, stop, judged?.targetGroups);
  const noteLook = judged?.note ?? nothingNew;
  const noteFrozen = frozenSince(plannedAt, (record) => wayBack(noteLook(record)));
  if (state === "stopped") {
    const kind = whatComesNext(session);
    // A replacement that was lost meanwhile is found before the final image takes its minutes. The other ways begin with that.
    if (kind === "TRANSFER_ROOT") await checkReplacement(session);
    return {
      output: {
        kind,
        summary: `${instanceId} is stopped; nothing is written to it from now on.`,
      },
      change: noteFrozen,
    };
  }
  const waiting = waitFor(session, {
    phase: "stop",
    pace: paces.stop,
    minutes: session.evaluation.policy.stopDeadlineMinutes,
    sentence: `${instanceId} is ${state}.`,
    resource: instanceId,
  });
  return {
    ...waiting,
    change: (record) => noteFrozen(waiting.change(record)),
  };
};

const leaveServing = async (session: FreezeSession): Promise<Answer> => {
  const summary = "Stateless: the original serves until its identity has moved.";
  return {
    output: { kind: "MOVE_IDENTITY", summary },
    change: await lookAtServing(session),
  };
};

/** Resumed after its end there is nothing to look at, and no time at which it would be better to go on. */
const leaveEnded = ({ evaluation: { subject } }: FreezeSession): Answer => ({
  output: {
    kind: "MOVE_IDENTITY",
    summary: `The Spot Instance ${subject.instanceId} was ended already.`,
  },
});

const freezeOrLeave = async (session: FreezeSession): Promise<Answer> => {
  const { consistency } = session.evaluation.policy;
  const stop = await stopIntent(session);
  if (await isOriginalEnded(session)) return leaveEnded(session);
  const postponed = stop === undefined ? await notNow(session) : undefined;
  if (postponed !== undefined) return postpone(postponed);
  if (consistency === "stateless") return leaveServing(session);
  const wayBack = await beforeStop(session, stop);
  if (typeof wayBack !== "function") return wayBack;
  // Once the stop has acted it is too late to ask: what it was made on is in the record.
  const judged = await lastLook(session, stop);
  if (typeof judged === "string") return waitForReplacement(session, judged);
  const hook =
    judged === undefined || stop !== undefined ? undefined : await runHook(session, judged);
  if (hook !== undefined) return hook;
  return freeze(session, { stop, judged, wayBack });
};

/** With data: what takes its place must not have one of its addresses as its first, which would show only once the root has gone over. */
const leaveToEnd = async (session: FreezeSession): Promise<Answer> => {
  const { ec2 } = await session.customer();
  const shown = await showInstance(ec2, replacementId(session));
  if (shown !== undefined) await refuseTakenAddress(session, attachedInterfaces(shown));
  const { instanceId } = session.evaluation.subject;
  return {
    output: {
      kind: "END_SPOT",
      summary: `EC2 takes ${instanceId} back: its volumes are taken once it has ended.`,
    },
  };
};

/** EC2 has taken it, or will in two minutes: nothing is given up. */
const leaveTaken = (session: FreezeSession): Answer | Promise<Answer> =>
  takesDataBack(session.evaluation)
    ? leaveToEnd(session)
    : {
        output: {
          kind: "MOVE_IDENTITY",
          summary: `EC2 takes ${session.evaluation.subject.instanceId} back: its identity moves at once.`,
        },
      };

const freezeByKind = async (session: FreezeSession): Promise<Answer> => {
  if (isRecovery(session.evaluation)) return leaveTaken(session);
  return takesDataBack(session.evaluation) ? beforeEnd(session) : freezeOrLeave(session);
};

export const freezeOriginalStep = defineEvaluationStep({
  name: "freeze-original",
  clients: ["classicElb", "ec2", "elb", "resourceGroups", "marketEc2", "ssm"],
  mode: "LINEAR",
  input: evaluationInputSchema,
  output: outputSchema,
  run: freezeByKind,
});
