/**
 * Await taken: EC2 ends the node that it has announced to take. One that it has left to run stays what it was, a member of its group; one that was let go from it belongs to nobody: it is
 * emptied on as its budgets allow, and ended once nothing is left on it.
 */
import type * as z from "zod";
import { readInstanceState, terminateInstance } from "../../../adapters/aws/ec2/instances.ts";
import { readClusterView } from "../../../adapters/kubernetes/view.ts";
import { paces } from "../../../core/decide/kubernetes/paces.ts";
import { leftFrom } from "../../../core/decide/kubernetes/response.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { perform } from "../../evaluation/perform.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { connect, type KubernetesResult, type KubernetesSession } from "../session.ts";
import { hasLeftGroup, podsInTheWay, warnedOf } from "../warned.ts";

const outputSchema = pollingOutput(["TAKEN", "LEFT", "WAITING"]);
type Result = KubernetesResult<z.infer<typeof outputSchema>>;
type TakenSession = KubernetesSession<"autoScaling" | "ec2" | "eks" | "kubernetes">;

/** What holds the last pods of a node that EC2 has left is for its owner to see. */
const endMinutes = 75;

const waits = (session: TakenSession, sentence: string): Result => {
  const { instanceId } = warnedOf(session);
  return waitFor(session, {
    phase: "taken",
    minutes: endMinutes,
    pace: paces.taken,
    sentence,
    resource: instanceId,
    nextStep: "See what holds pods on it, then end it.",
  });
};

/** Read right before: nothing may be left on it. */
const isEmpty = async (session: TakenSession): Promise<boolean> => {
  const { original: node } = session.evaluation.progress;
  if (node === undefined) return true;
  const { client } = await connect(session);
  const view = await readClusterView(client);
  return (await podsInTheWay(session, client, { view, nodeName: node.name })).length === 0;
};

const end = async (session: TakenSession): Promise<void> => {
  const { ec2 } = await session.customer();
  const { instanceId } = warnedOf(session);
  await perform(session, {
    intent: { id: `end-${instanceId}`, change: { kind: "END_NODE", instanceId } },
    action: "TerminateInstances",
    resource: instanceId,
    call: () => terminateInstance(ec2, instanceId),
  });
};

const lookAtLeft = async (session: TakenSession, sentence: string): Promise<Result> => {
  const { instanceId } = warnedOf(session);
  if (!(await hasLeftGroup(session))) {
    throw new SpotOptimizerError("StaleOriginal", sentence, {
      resource: instanceId,
      nextStep: "Nothing: it takes pods again.",
    });
  }
  const waiting = waits(
    session,
    `${sentence} It has left its group, and is ended once it is empty.`,
  );
  if (await isEmpty(session)) {
    await end(session);
    return waiting;
  }
  return { ...waiting, output: { ...waiting.output, kind: "LEFT" } };
};

export const awaitTakenStep = defineEvaluationStep({
  name: "await-taken",
  clients: ["autoScaling", "ec2", "eks", "kubernetes"],
  mode: "KUBERNETES",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session): Promise<Result> => {
    const { instanceId, endsAt } = warnedOf(session);
    const { ec2 } = await session.customer();
    const state = await readInstanceState(ec2, instanceId);
    if (state === undefined || state === "terminated") {
      return { output: { kind: "TAKEN", summary: `EC2 has ended node ${instanceId}.` } };
    }
    const sentence = `EC2 shows node ${instanceId} as ${state}, which it was to take at ${endsAt}.`;
    const now = session.context.now().toISOString();
    return state !== "running" || now < leftFrom(endsAt)
      ? waits(session, sentence)
      : lookAtLeft(session, sentence);
  },
});
