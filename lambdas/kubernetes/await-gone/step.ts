/**
 * Await gone: EC2 shows the old instance ended, and the cluster no longer has its node. Its swap is done then: what was made for it is the group's. A node object that
 * the cloud's controller leaves is told of, and not deleted.
 */
import type * as z from "zod";
import { readInstanceState } from "../../../adapters/aws/ec2/instances.ts";
import { readNode } from "../../../adapters/kubernetes/nodes.ts";
import { paces } from "../../../core/decide/kubernetes/paces.ts";
import { waitKey } from "../../../core/model/evaluation.ts";
import type { InstanceState } from "../../../core/model/instance.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { changeSwap, type Launched } from "../../evaluation/swap-changes.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { commitSwap } from "../commit-swap.ts";
import { launchedUnderWay, nodeThat, roundOf } from "../round.ts";
import { connect, type KubernetesResult, type KubernetesSession } from "../session.ts";

const outputSchema = pollingOutput(["GONE", "WAITING"]);
type Result = KubernetesResult<z.infer<typeof outputSchema>>;
type GoneSession = KubernetesSession<"ec2" | "eks" | "kubernetes">;

/** A hook's longest heartbeat is two hours, and it may be sent again; what lasts longer is told. Source: PutLifecycleHook, HeartbeatTimeout. */
const endMinutes = 150;

/** The cloud's controller deletes the node of an ended instance within its next round. */
const nodeMinutes = 10;

const gone = async (session: GoneSession, swap: Launched, rest: string): Promise<Result> => {
  const taken = await commitSwap(session, swap.swapId);
  const done = `${swap.replacement.instanceId} has taken over from ${swap.originalId}, which has ended.${rest}`;
  const sentence = [done, ...taken].join(" ");
  return {
    output: { kind: "GONE", summary: sentence },
    round: roundOf(session),
    swaps: [changeSwap(swap, { stage: "DONE", sentence })],
  };
};

const waitForEnd = (
  session: GoneSession,
  { originalId }: Launched,
  state: InstanceState,
): Result => {
  const round = roundOf(session);
  const waiting = waitFor(session, {
    phase: "gone",
    round,
    minutes: endMinutes,
    pace: paces.gone,
    sentence: `EC2 shows ${originalId} as ${state}.`,
    resource: originalId,
    nextStep: "See which terminating hook does not come to its end.",
  });
  return { ...waiting, round };
};

/** Since the instance has ended; the node object that stays longer is only told of. */
const hasWaitedForNode = ({ evaluation, now }: GoneSession, key: string): boolean => {
  const wait = evaluation.waits[key];
  return wait !== undefined && now.toISOString() > wait.deadline;
};

export const awaitGoneStep = defineEvaluationStep({
  name: "await-gone",
  clients: ["ec2", "eks", "kubernetes"],
  mode: "KUBERNETES",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session): Promise<Result> => {
    const round = roundOf(session);
    const swap = launchedUnderWay(session);
    if (swap === undefined) {
      return { output: { kind: "GONE", summary: "No node is being replaced." }, round };
    }
    const { ec2 } = await session.customer();
    const state = await readInstanceState(ec2, swap.originalId);
    if (state !== undefined && state !== "terminated") return waitForEnd(session, swap, state);
    // One that was asked to end, and that neither EC2 nor the cluster shows, has ended long ago.
    const { name, uid } = nodeThat(session, "original");
    const { client } = await connect(session);
    const node = await readNode(client, name);
    if (node === undefined || node.uid !== uid) return gone(session, swap, "");
    const key = waitKey("node-gone", round);
    if (hasWaitedForNode(session, key)) {
      return gone(session, swap, ` Its node object ${name} is still there: see to it.`);
    }
    const waiting = waitFor(session, {
      phase: "node-gone",
      round,
      minutes: nodeMinutes,
      pace: paces.gone,
      sentence: `${swap.originalId} has ended, and the cluster still has node ${name}.`,
      resource: name,
    });
    return { ...waiting, round };
  },
});
