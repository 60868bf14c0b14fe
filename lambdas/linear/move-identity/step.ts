/**
 * Move identity: volumes, interfaces, private addresses, target groups, and the Elastic IPs last. Before clients can reach it, a
 * replacement with the original's last data proves itself, as far as it can without the identity. One that takes over before EC2's
 * checks have passed joins its target groups first.
 */
import type * as z from "zod";
import { listIntents } from "../../../adapters/store/intents.ts";
import { stagesOf, type IdentityMove } from "../../../core/decide/linear/identity-plan.ts";
import { paces } from "../../../core/decide/linear/paces.ts";
import { whyNotYet, type TakingOver } from "../../../core/decide/linear/taking-over.ts";
import { areProvedAt, unprovedIn } from "../../../core/decide/switch/proof.ts";
import {
  carriesTraffic,
  earliest,
  servedFromNotes,
  trafficMoves,
} from "../../../core/decide/linear/served.ts";
import type { LinearEvaluation } from "../../../core/model/evaluation.ts";
import { familyOf } from "../../../core/errors.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { attachedInterfaces, attachedParts } from "../../../adapters/aws/ec2/attached.ts";
import { carryOutStage, type Carrying, type StageStanding } from "../identity/carry-out.ts";
import { identityPlan } from "../identity/plan.ts";
import { identityRound } from "../identity/standing.ts";
import { isAttached, type IsThere } from "../identity/there.ts";
import { minutesForKept, orGiveUpKept } from "../give-up-kept.ts";
import { assertOriginalRests, checkReplacement } from "../guards.ts";
import { endIsolation } from "../isolation.ts";
import { keepAsShown, keepAttachments } from "../keep-attachments.ts";
import {
  proveInGroups,
  readMachineProofs,
  withProofs,
  type Asked,
} from "../../evaluation/prove.ts";
import { waitFor, type Awaited } from "../../evaluation/waiting.ts";
import { unprovedNextStep } from "../proof-next-step.ts";
import { type LinearResult, type LinearSession, replacementId, withProgress } from "../session.ts";
import { checkTakingOver, isLastMoment } from "../taking-over.ts";
import { lookAtBoth } from "./look-at-both.ts";
import { refuseTakenAddress } from "./taken-address.ts";
import { whileFresh } from "./while-fresh.ts";

type MoveSession = LinearSession<"ec2" | "elb" | "ssm">;

/**
 * Of a stateful load, and once: from the first part by which clients come on it is proved as what serves. That of a stateless one
 * has proved itself when it was healthy.
 */
const isToBeProved = async ({ context, evaluation }: MoveSession): Promise<boolean> => {
  const { policy, proofs, evaluationId } = evaluation;
  const isAsked = policy.proof.some(({ kind }) => kind === "ssm-document");
  if (!isAsked || policy.consistency === "stateless") return false;
  if (areProvedAt(proofs, "final_root")) return false;
  return trafficMoves(await listIntents(context.table, evaluationId)).length === 0;
};

/** Many calls of one invocation take seconds: an answer holds for so long. */
const answerHoldsMs = 5_000;

/** EC2 refuses to give anything to an instance that it is taking back: then that is the reason. Always throws. */
const explain = async (session: MoveSession, error: unknown): Promise<never> => {
  if (familyOf(error) === "Broken") await checkReplacement(session);
  throw error;
};

/** How far the move is. */
interface MoveStanding extends StageStanding {
  /** What the replacement was asked before clients could reach it. */
  readonly proofs?: readonly Asked[];
  /** It has not proved itself yet: `sentence` says why. */
  readonly isUnproved?: true;
  /** Nothing but its load balancers was to be told of it yet. */
  readonly isEarly?: true;
}

/** Stage by stage, as far as it goes now. */
const moveSome = async (
  session: MoveSession,
  moves: readonly IdentityMove[],
  carrying: Carrying,
): Promise<StageStanding> => {
  let halves = 0;
  for (const stage of stagesOf(moves)) {
    const standing = await carryOutStage(session, stage, carrying).catch((error: unknown) =>
      explain(session, error),
    );
    halves += standing.halves;
    if (standing.sentence !== undefined) return { halves, sentence: standing.sentence };
  }
  return { halves };
};

/** The data first, and nothing by which clients come, until the replacement has proved itself with them. */
const moveProved = async (
  session: MoveSession,
  moves: readonly IdentityMove[],
  carrying: Carrying,
): Promise<MoveStanding> => {
  if (!(await isToBeProved(session))) return moveSome(session, moves, carrying);
  const data = moves.filter(({ change }) => !carriesTraffic(change));
  const standing = await moveSome(session, data, carrying);
  if (standing.sentence !== undefined) return standing;
  const proofs = await readMachineProofs(session, {
    stage: "final_root",
    instanceId: replacementId(session),
  });
  const sentence = unprovedIn(proofs);
  return sentence === undefined
    ? { ...(await moveSome(session, moves, carrying)), proofs }
    : { ...standing, sentence, proofs, isUnproved: true };
};

/** Of those moves: a group that no load balancer uses, or that is gone, proves nothing. */
const standingInGroups = async (
  session: MoveSession,
  moves: readonly IdentityMove[],
): Promise<TakingOver["groups"]> => {
  const targetGroups = moves.flatMap(({ change }) =>
    change.kind === "MOVE_TARGET_GROUP" ? [{ arn: change.targetGroupArn, port: change.port }] : [],
  );
  if (targetGroups.length === 0) return "NONE";
  const found = await proveInGroups(session, { instanceId: replacementId(session), targetGroups });
  return found.holds ? "READY" : "NONE";
};

/** What hangs on the one that EC2 takes until its end keeps all of the identity there: it goes over in its order then. */
const groupsFirst = (moves: readonly IdentityMove[]): readonly IdentityMove[] =>
  moves.some(({ change }) => change.kind === "MOVE_INTERFACE")
    ? []
    : moves.filter(({ change }) => change.kind === "MOVE_TARGET_GROUP");

/**
 * EC2's checks have not passed. Its load balancers come first, which send it nothing before they find it healthy; the rest follows once
 * something has proved it, or nobody else serves.
 */
const moveEarly = async (
  session: MoveSession,
  moves: readonly IdentityMove[],
  carrying: Carrying,
): Promise<MoveStanding> => {
  const groups = groupsFirst(moves);
  const standing = await moveSome(session, groups, carrying);
  const sentence =
    standing.sentence ??
    whyNotYet({
      proofs: (session.evaluation.proofs ?? []).filter(({ stage }) => stage === "healthy"),
      groups: await standingInGroups(session, groups),
      isLast: await isLastMoment(session),
    });
  if (sentence !== undefined) return { ...standing, sentence, isEarly: true };
  return moveProved(session, moves, carrying);
};

/** What could go with the replacement, and was not there when it was told what must not. */
const isAttachedSince =
  (isThere: IsThere) =>
  ({ change }: IdentityMove): boolean =>
    (change.kind === "MOVE_VOLUME" || change.kind === "MOVE_INTERFACE") && !isThere(change);

/** Moves what can be moved now. */
const moveAll = async (session: MoveSession): Promise<MoveStanding> => {
  const health = await checkTakingOver(session);
  if (health.kind === "WAITING") return { halves: 0, sentence: health.sentence };
  // All that follows asks for the plan or for a part of it: it is read once.
  await listIntents(session.context.table, session.evaluation.evaluationId);
  // From the first request on the replacement holds what the original does not have.
  const both = lookAtBoth(session);
  const kept = await keepAsShown(session, replacementId(session), both.show);
  if (kept.kind === "DOUBT") return { halves: 0, sentence: kept.sentence };
  const { shown } = kept;
  const beforeCall = whileFresh(session.context, {
    holdsMs: answerHoldsMs,
    ask: () => assertOriginalRests(session),
    answeredMs: both.restedMs,
  });
  await endIsolation(session, shown, beforeCall);
  const isThere = isAttached(attachedParts(shown));
  const interfaces = attachedInterfaces(shown);
  await refuseTakenAddress(session, interfaces);
  const moves = await identityPlan(session, interfaces);
  const move = health.kind === "UP" ? moveEarly : moveProved;
  const moved = await move(session, moves, { isThere, beforeCall });
  if (moved.sentence !== undefined || !moves.some(isAttachedSince(isThere))) return moved;
  const left = await keepAttachments(session);
  return left === undefined ? moved : { ...moved, sentence: left };
};

/** Between two steps of the way; all of it may take four times as long. */
const most = 4;

/** Noted once. Where all is there, so are the parts of which a lost answer left no note. */
const servedFrom = async (
  { context, evaluation }: MoveSession,
  isMoved: boolean,
): Promise<(record: LinearEvaluation) => LinearEvaluation> => {
  if (evaluation.progress.servedFrom !== undefined) return (record) => record;
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const since =
    servedFromNotes(intents) ??
    (isMoved ? earliest(trafficMoves(intents).map(({ plannedAt }) => plannedAt)) : undefined);
  return since === undefined ? (record) => record : withProgress({ servedFrom: since });
};

const whatIsWaitedFor = (
  session: MoveSession,
  { halves, isUnproved, isEarly }: MoveStanding,
): Pick<Awaited, "phase" | "round" | "pace" | "minutes" | "progress" | "nextStep"> => {
  const { policy } = session.evaluation;
  if (isUnproved === true) {
    return {
      phase: "proof-final-root",
      pace: paces.proofFinalRoot,
      minutes: policy.proofDeadlineMinutes,
      nextStep: unprovedNextStep,
    };
  }
  if (isEarly === true) {
    const minutes = minutesForKept(session, policy.healthyDeadlineMinutes);
    return { phase: "taking-over", ...identityRound(session), pace: paces.verify, minutes };
  }
  const { moveDeadlineMinutes: minutes } = policy;
  const progress = { reached: halves, mostMinutes: most * minutes };
  return { phase: "move", ...identityRound(session), pace: paces.move, minutes, progress };
};

const outputSchema = pollingOutput(["MOVED", "WAITING", "GIVEN_UP"]);
type Result = LinearResult<z.infer<typeof outputSchema>>;

const moveOrWait = async (session: MoveSession): Promise<Result> => {
  const standing = await moveAll(session);
  const { sentence, proofs = [] } = standing;
  const noteServed = await servedFrom(session, sentence === undefined);
  const note = (record: LinearEvaluation): LinearEvaluation =>
    withProofs(proofs)(noteServed(record));
  const resource = replacementId(session);
  if (sentence === undefined) {
    return {
      output: {
        kind: "MOVED",
        summary: `The identity of ${session.evaluation.subject.instanceId} is at ${resource}.`,
      },
      change: note,
    };
  }
  const awaited = { ...whatIsWaitedFor(session, standing), sentence, resource };
  const waiting = waitFor(session, awaited);
  return { ...waiting, change: (record) => note(waiting.change(record)) };
};

export const moveIdentityStep = defineEvaluationStep({
  name: "move-identity",
  clients: ["ec2", "elb", "ssm"],
  mode: "LINEAR",
  input: evaluationInputSchema,
  output: outputSchema,
  run: (session) => orGiveUpKept(session, () => moveOrWait(session)),
});
