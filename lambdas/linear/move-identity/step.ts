/** Move identity: volumes, interfaces, private addresses, target groups, and the Elastic IPs last. */
import { listIntents } from "../../../adapters/store/intents.ts";
import { stagesOf, type IdentityMove } from "../../../core/decide/linear/identity-plan.ts";
import { paces } from "../../../core/decide/linear/paces.ts";
import { earliest, servedFromNotes, trafficMoves } from "../../../core/decide/linear/served.ts";
import type { LinearEvaluation } from "../../../core/model/evaluation.ts";
import { familyOf } from "../../../core/errors.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { carryOutStage, type StageStanding } from "../identity/carry-out.ts";
import { readIdentityPlan } from "../identity/plan.ts";
import { assertOriginalRests, checkReplacement } from "../guards.ts";
import { keepAttachments } from "../keep-attachments.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { type LinearSession, replacementId, withProgress } from "../session.ts";
import { whileFresh } from "./while-fresh.ts";

/** Many calls of one invocation take seconds: an answer holds for so long. */
const answerHoldsMs = 5_000;

/** EC2 refuses to give anything to an instance that it is taking back: then that is the reason. Always throws. */
const explain = async (session: LinearSession<"ec2" | "elb">, error: unknown): Promise<never> => {
  if (familyOf(error) === "Broken") await checkReplacement(session);
  throw error;
};

/** Moves what can be moved now. */
const moveAll = async (session: LinearSession<"ec2" | "elb">): Promise<StageStanding> => {
  const health = await checkReplacement(session);
  if (health.kind === "WAITING") return { halves: 0, sentence: health.sentence };
  // From the first request on the replacement holds what the original does not have.
  const atRisk = await keepAttachments(session);
  if (atRisk !== undefined) return { halves: 0, sentence: atRisk };
  const beforeCall = whileFresh(session.context, answerHoldsMs, () => assertOriginalRests(session));
  const carryOut = (stage: readonly IdentityMove[]): Promise<StageStanding> =>
    carryOutStage(session, stage, beforeCall).catch((error: unknown) => explain(session, error));
  let halves = 0;
  for (const stage of stagesOf(await readIdentityPlan(session))) {
    const standing = await carryOut(stage);
    halves += standing.halves;
    if (standing.sentence !== undefined) return { halves, sentence: standing.sentence };
  }
  const left = await keepAttachments(session);
  return left === undefined ? { halves } : { halves, sentence: left };
};

/** Between two steps of the way; all of it may take four times as long. */
const most = 4;

/** Noted once. Where all is there, so are the parts of which a lost answer left no note. */
const servedFrom = async (
  { context, evaluation }: LinearSession<"ec2" | "elb">,
  isMoved: boolean,
): Promise<(record: LinearEvaluation) => LinearEvaluation> => {
  if (evaluation.progress.servedFrom !== undefined) return (record) => record;
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const since =
    servedFromNotes(intents) ??
    (isMoved ? earliest(trafficMoves(intents).map(({ plannedAt }) => plannedAt)) : undefined);
  return since === undefined ? (record) => record : withProgress({ servedFrom: since });
};

export const moveIdentityStep = defineEvaluationStep({
  name: "move-identity",
  clients: ["ec2", "elb"],
  mode: "LINEAR",
  input: evaluationInputSchema,
  output: pollingOutput(["MOVED", "WAITING"]),
  run: async (session) => {
    const { sentence, halves } = await moveAll(session);
    const noteServed = await servedFrom(session, sentence === undefined);
    if (sentence === undefined) {
      return {
        output: {
          kind: "MOVED",
          summary: `The identity of ${session.evaluation.subject.instanceId} is at ${replacementId(session)}.`,
        },
        change: noteServed,
      };
    }
    const { moveDeadlineMinutes: minutes } = session.evaluation.policy;
    const waiting = waitFor(session, {
      phase: "move",
      pace: paces.move,
      minutes,
      progress: { reached: halves, mostMinutes: most * minutes },
      sentence,
      resource: replacementId(session),
    });
    return { ...waiting, change: (record) => noteServed(waiting.change(record)) };
  },
});
