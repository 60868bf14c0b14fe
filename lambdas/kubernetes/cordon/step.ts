/**
 * Cordon: the node that goes is judged again on the whole cluster, claimed and cordoned by one patch under the version that was read. What stood there is written
 * before. A node that somebody has changed meanwhile is left as it is. Those that go later take no pods from then on.
 */
import * as z from "zod";
import { updateIntent } from "../../../adapters/store/intents.ts";
import { changeNode } from "../../../adapters/kubernetes/nodes.ts";
import { readClusterView } from "../../../adapters/kubernetes/view.ts";
import { judgeCapacity, nodeNamed } from "../../../core/decide/kubernetes/capacity.ts";
import { judgeCordon } from "../../../core/decide/kubernetes/claims.ts";
import { nodesToHold } from "../../../core/decide/kubernetes/hold.ts";
import { judgeNode, type JudgeNodeInput } from "../../../core/decide/kubernetes/judge-node.ts";
import { whyNoRoom } from "../../../core/decide/kubernetes/room-now.ts";
import { beginDrain } from "../../../core/decide/kubernetes/drain/tick.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { fenceOf } from "../../../core/model/evaluation.ts";
import type { ClusterView } from "../../../core/model/kubernetes/cluster.ts";
import type { DrainState } from "../../../core/model/kubernetes/drain.ts";
import type { NodeFacts } from "../../../core/model/kubernetes/node.ts";
import type { NodeName } from "../../../core/model/kubernetes/progress.ts";
import { lastResolution } from "../../../core/model/resolution.ts";
import { claimOf } from "../../../core/model/tags.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { perform } from "../../evaluation/perform.ts";
import type { Launched } from "../../evaluation/swap-changes.ts";
import { cordonId, ownCordonIn, plannedCordon } from "../own-cordon.ts";
import { beforeCordon, cordonOf, nodeChangeFor, requireNode, standsAsBefore } from "../marks.ts";
import { readReplacementInstance } from "../replacement.ts";
import {
  givenUp,
  launchedUnderWay,
  nodeThat,
  nothingUnderWay,
  roundOf,
  withProgress,
} from "../round.ts";
import { holdNodes } from "./hold.ts";
import { readWhyAtMinimum } from "../drain-poll/group-hold.ts";
import { readWhyAbsorbed } from "../surplus.ts";
import { connect, type KubernetesResult, type KubernetesSession } from "../session.ts";

const outputSchema = z.object({ kind: z.enum(["CORDONED", "NONE"]), summary: z.string() });
type Result = KubernetesResult<z.infer<typeof outputSchema>>;
type CordonSession = KubernetesSession<"autoScaling" | "ec2" | "eks" | "kubernetes">;
type Connection = Awaited<ReturnType<typeof connect>>;

const markActed = async ({ context, evaluation }: CordonSession, swap: Launched): Promise<void> => {
  await updateIntent(context.table, evaluation.evaluationId, cordonId(swap), (stored) =>
    stored.status === "PLANNED"
      ? { ...stored, status: "ACTED", actedAt: context.now().toISOString() }
      : stored,
  );
};

interface Looked {
  readonly view: ClusterView;
  readonly node: NodeFacts;
  readonly original: NodeName;
  readonly swap: Launched;
}

const judgeInput = (
  session: CordonSession,
  { cluster }: Connection,
  { view, original }: Looked,
): JudgeNodeInput & { readonly joined: NodeName } => {
  const { policy, deploymentId } = session.evaluation;
  const at = session.now.toISOString();
  const joined = nodeThat(session, "joined");
  return { view, nodeName: original.name, policy, cluster, at, deploymentId, joined };
};

/** Why it must not be cordoned now; undefined while it may. */
const whyNot = async (
  session: CordonSession,
  connection: Connection,
  looked: Looked,
): Promise<string | undefined> => {
  const { view, original, swap, node: old } = looked;
  const now = session.now.toISOString();
  const input = judgeInput(session, connection, looked);
  const { joined } = input;
  const [blocker] = judgeNode(input).blockers;
  if (blocker !== undefined) return blocker.sentence;
  const capacity = judgeCapacity({
    nodes: view.nodes,
    original,
    joined,
    instance: await readReplacementInstance(session, swap),
    now,
  });
  if (capacity.kind !== "HOLDS") return capacity.sentence;
  const node = nodeNamed(view.nodes, joined);
  return node && whyNoRoom({ view, old, node });
};

const changedMeanwhile = (name: string): SpotOptimizerError =>
  new SpotOptimizerError("StaleOriginal", `Somebody has changed node ${name} meanwhile.`, {
    resource: name,
    nextStep: "Nothing: the next evaluation judges the node as it is by then.",
  });

const cordon = async (
  session: CordonSession,
  { client }: Connection,
  { node, swap }: Looked,
): Promise<void> => {
  const { evaluation } = session;
  const { name: nodeName, uid: nodeUid } = node;
  const { clusterName } = evaluation.subject;
  const claim = claimOf(evaluation.deploymentId, fenceOf(evaluation));
  const before = beforeCordon(node);
  await perform(session, {
    intent: {
      id: cordonId(swap),
      swapId: swap.swapId,
      change: {
        kind: "CORDON_NODE",
        clusterName,
        nodeName,
        nodeUid,
        instanceId: swap.originalId,
        claim,
      },
      before,
    },
    action: "PatchNode",
    resource: `unschedulable of ${nodeName}`,
    call: (intent) =>
      changeNode(client, nodeName, (found) => {
        requireNode(found, { uid: nodeUid });
        const ours = ownCordonIn(intent) ?? { claim };
        if (judgeCordon(found, ours).kind === "OURS") return undefined;
        if (!standsAsBefore(found, before)) throw changedMeanwhile(nodeName);
        return nodeChangeFor(found, cordonOf(found, ours.claim));
      }),
  });
};

/** Before the first pod leaves, and not before the new node can take it. */
const holdLater = async (
  session: CordonSession,
  connection: Connection,
  looked: Looked,
): Promise<void> => {
  const { evaluation } = session;
  const { later = [] } = evaluation.progress;
  if (later.length === 0) return;
  const claim = claimOf(evaluation.deploymentId, fenceOf(evaluation));
  const nodes = nodesToHold({ ...judgeInput(session, connection, looked), later, claim });
  await holdNodes(session, { client: connection.client, swap: looked.swap }, nodes);
};

/** Its deadlines count from the cordon; from a new one where the node had taken pods meanwhile, or since a person has let it go on. */
const drainOf = ({ evaluation, context }: CordonSession, isMadeNow: boolean): DrainState => {
  const { drain } = evaluation.progress;
  const askedAt = lastResolution(evaluation)?.at ?? "";
  if (drain !== undefined && !isMadeNow && drain.beganAt >= askedAt) return drain;
  return { ...beginDrain(context.now().toISOString()), evicted: drain?.evicted ?? 0 };
};

const cordoned = (session: CordonSession, { name }: NodeFacts, isMadeNow: boolean): Result => ({
  output: { kind: "CORDONED", summary: `Node ${name} takes no more pods.` },
  round: roundOf(session),
  change: withProgress({ drain: drainOf(session, isMadeNow) }),
});

export const cordonStep = defineEvaluationStep({
  name: "cordon",
  clients: ["autoScaling", "ec2", "eks", "kubernetes"],
  mode: "KUBERNETES",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session): Promise<Result> => {
    const swap = launchedUnderWay(session);
    if (swap === undefined) return nothingUnderWay(session);
    const original = nodeThat(session, "original");
    const inVain = (await readWhyAbsorbed(session, swap)) ?? (await readWhyAtMinimum(session));
    if (inVain !== undefined) return givenUp(session, swap, inVain);
    const connection = await connect(session);
    const view = await readClusterView(connection.client);
    const node = view.nodes.find(({ name, uid }) => name === original.name && uid === original.uid);
    if (node === undefined) {
      return givenUp(session, swap, `Node ${original.name} has left the cluster by itself.`);
    }
    const planned = await plannedCordon(session, swap);
    if (planned !== undefined && judgeCordon(node, planned).kind === "OURS") {
      await markActed(session, swap);
      return cordoned(session, node, false);
    }
    const looked = { view, node, original, swap };
    const against = await whyNot(session, connection, looked);
    if (against !== undefined) return givenUp(session, swap, against);
    await holdLater(session, connection, looked);
    await cordon(session, connection, looked);
    return cordoned(session, node, true);
  },
});
