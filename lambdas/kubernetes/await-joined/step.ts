/**
 * Await joined: the new instance is a node of the cluster by its provider id, Ready for a while with all its agents, and has room for what is to move. The
 * cluster autoscaler is told to leave it alone as soon as it is there: until the old one is drained it is empty.
 */
import type * as z from "zod";
import { setProtection } from "../../../adapters/aws/autoscaling/settings.ts";
import { changeNode } from "../../../adapters/kubernetes/nodes.ts";
import { readClusterView } from "../../../adapters/kubernetes/view.ts";
import { nodeOfInstance } from "../../../core/decide/kubernetes/candidate-nodes.ts";
import { keepAnnotation, keepValue } from "../../../core/decide/kubernetes/claims.ts";
import { judgeJoin } from "../../../core/decide/kubernetes/join.ts";
import { paces } from "../../../core/decide/kubernetes/paces.ts";
import type { NodeFacts } from "../../../core/model/kubernetes/node.ts";
import { contentionIn } from "../../evaluation/contention.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { actedIntent, perform } from "../../evaluation/perform.ts";
import { changeSwap, type Launched } from "../../evaluation/swap-changes.ts";
import { readJudged, readJudgedGroup } from "../facts.ts";
import { nodeChangeFor, requireNode } from "../marks.ts";
import { readReplacementInstance } from "../replacement.ts";
import {
  awaitOrGiveUp,
  givenUp,
  launchedUnderWay,
  nodeThat,
  nothingUnderWay,
  roundOf,
  withProgress,
} from "../round.ts";
import { connect, type KubernetesResult, type KubernetesSession } from "../session.ts";

const outputSchema = pollingOutput(["JOINED", "WAITING", "NONE"]);
type Result = KubernetesResult<z.infer<typeof outputSchema>>;
type JoinSession = KubernetesSession<"autoScaling" | "ec2" | "eks" | "kubernetes">;

type Client = Awaited<ReturnType<typeof connect>>["client"];

/** Nothing is written on a node that its owner has told so already. */
const keepFromScaleDown = async (
  session: JoinSession,
  {
    client,
    node,
    swap,
  }: { readonly client: Client; readonly node: NodeFacts; readonly swap: Launched },
): Promise<void> => {
  const id = `keep-${swap.swapId}`;
  if ((await actedIntent(session, id)) !== undefined) return;
  if (node.annotations[keepAnnotation] === keepValue) return;
  const { clusterName } = session.evaluation.subject;
  const { name: nodeName, uid: nodeUid } = node;
  const { instanceId } = swap.replacement;
  await perform(session, {
    intent: {
      id,
      swapId: swap.swapId,
      change: { kind: "KEEP_NODE", clusterName, nodeName, nodeUid, instanceId },
      before: { [keepAnnotation]: node.annotations[keepAnnotation] ?? null },
    },
    action: "PatchNode",
    resource: `${keepAnnotation} of ${nodeName}`,
    call: () =>
      changeNode(client, nodeName, (found) => {
        requireNode(found, { uid: nodeUid });
        return nodeChangeFor(found, { annotations: { [keepAnnotation]: keepValue } });
      }),
  });
};

/** A scale-in before the old one has left could take it. EKS sees to the groups of its own. Why not; undefined once it is. */
const protect = async (session: JoinSession, swap: Launched): Promise<string | undefined> => {
  const { nodeGroup } = await readJudged(session);
  const id = `protect-${swap.swapId}`;
  if (nodeGroup !== undefined || (await actedIntent(session, id)) !== undefined) return undefined;
  const { asgName } = await readJudgedGroup(session);
  const { autoScaling } = await session.customer();
  const instanceIds = [swap.replacement.instanceId];
  try {
    const result = await perform(session, {
      // Of the group, and not of the swap: it is taken off however that ends.
      intent: { id, change: { kind: "PROTECT_MEMBERS", asgName, instanceIds } },
      action: "SetInstanceProtection",
      resource: `${instanceIds.join(" ")} in ${asgName}`,
      call: () => setProtection(autoScaling, { asgName, instanceIds, isProtected: true }),
      refused: (answer) => (answer.kind === "NOT_IN_SERVICE" ? answer.sentence : undefined),
    });
    return result.kind === "DONE" ? undefined : result.sentence;
  } catch (error) {
    return contentionIn(error);
  }
};

const waitToJoin = (session: JoinSession, swap: Launched, sentence: string): Result =>
  awaitOrGiveUp(session, swap, {
    phase: "join",
    minutes: session.evaluation.policy.joinDeadlineMinutes,
    pace: paces.join,
    sentence,
    resource: swap.replacement.instanceId,
    nextStep:
      "See the kubelet's log on it, and whether its role may join: an access entry of type EC2_LINUX, or aws-auth.",
  });

export const awaitJoinedStep = defineEvaluationStep({
  name: "await-joined",
  clients: ["autoScaling", "ec2", "eks", "kubernetes"],
  mode: "KUBERNETES",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session): Promise<Result> => {
    const swap = launchedUnderWay(session);
    if (swap === undefined) return nothingUnderWay(session);
    const { instanceId } = swap.replacement;
    const { client } = await connect(session);
    const [view, instance] = await Promise.all([
      readClusterView(client),
      readReplacementInstance(session, swap),
    ]);
    const node = nodeOfInstance(view, instanceId);
    if (node !== undefined) await keepFromScaleDown(session, { client, node, swap });
    const judged = judgeJoin({
      view,
      instanceId,
      original: nodeThat(session, "original"),
      instance,
      now: session.now.toISOString(),
    });
    if (judged.kind === "LOST") return givenUp(session, swap, judged.sentence);
    if (judged.kind === "WAITING") return waitToJoin(session, swap, judged.sentence);
    const unprotected = await protect(session, swap);
    if (unprotected !== undefined) return waitToJoin(session, swap, unprotected);
    const at = session.now.toISOString();
    const { name } = judged.node;
    const sentence = `Node ${name} (${instanceId}) is Ready beside ${swap.originalId}.`;
    return {
      output: { kind: "JOINED", summary: sentence },
      round: roundOf(session),
      swaps: [changeSwap(swap, { stage: "JOINED", joinedAt: swap.joinedAt ?? at, sentence })],
      change: withProgress({ joined: judged.node }),
    };
  },
});
