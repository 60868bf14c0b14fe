/** Move identity: volumes, interfaces, private addresses, target groups, and the Elastic IPs last. */
import { listIntents } from "../../../adapters/store/intents.ts";
import { paces } from "../../../core/decide/linear/paces.ts";
import { earliest, servedFromNotes, trafficMoves } from "../../../core/decide/linear/served.ts";
import type { LinearEvaluation } from "../../../core/model/evaluation.ts";
import { familyOf } from "../../../core/errors.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { carryOut } from "../identity/carry-out.ts";
import { readIdentityPlan } from "../identity/plan.ts";
import { assertOriginalRests, checkReplacement } from "../guards.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { type LinearSession, replacementId, withProgress } from "../session.ts";

/** Asks once, at the first call for it: an invocation that finds everything in place needs no answer. */
const once = (ask: () => Promise<void>): (() => Promise<void>) => {
  let answer: Promise<void> | undefined;
  return () => (answer ??= ask());
};

/** EC2 refuses to give anything to an instance that it is taking back: then that is the reason. Always throws. */
const explain = async (session: LinearSession<"ec2" | "elb">, error: unknown): Promise<never> => {
  if (familyOf(error) === "Broken") await checkReplacement(session);
  throw error;
};

/** Moves what can be moved now; a sentence when something must be waited for. */
const moveAll = async (session: LinearSession<"ec2" | "elb">): Promise<string | undefined> => {
  const health = await checkReplacement(session);
  if (health.kind === "WAITING") return health.sentence;
  const isAllowed = once(() => assertOriginalRests(session));
  for (const move of await readIdentityPlan(session)) {
    const sentence = await carryOut(session, move, isAllowed).catch((error: unknown) =>
      explain(session, error),
    );
    if (sentence !== undefined) return sentence;
  }
  return undefined;
};

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
    const sentence = await moveAll(session);
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
    const waiting = waitFor(session, {
      phase: "move",
      pace: paces.move,
      minutes: session.evaluation.policy.moveDeadlineMinutes,
      sentence,
      resource: replacementId(session),
    });
    return { ...waiting, change: (record) => noteServed(waiting.change(record)) };
  },
});
