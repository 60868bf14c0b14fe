/**
 * Drains a node as the product decides and asks: looks, evictions and pauses of its ticks, its client, its token and no right that its role
 * does not have. Beside it stand the workflow's waits; what is not here is AWS: lease, intents and the instance behind the new node.
 */
import { setTimeout as delay } from "node:timers/promises";
import { clusterOpener, type KubernetesClient } from "../../adapters/kubernetes/client.ts";
import { changeNode, listNodes } from "../../adapters/kubernetes/nodes.ts";
import { httpsTransport } from "../../adapters/kubernetes/transport.ts";
import { readViewForDrain } from "../../adapters/kubernetes/view.ts";
import { claimAnnotation } from "../../core/decide/kubernetes/claims.ts";
import { nextStep } from "../../core/decide/kubernetes/drain/pace.ts";
import { planDrainPass, type DrainPass } from "../../core/decide/kubernetes/drain/pass.ts";
import { afterReplies, type TickProgress } from "../../core/decide/kubernetes/drain/replies.ts";
import { beginDrain, beginTick } from "../../core/decide/kubernetes/drain/tick.ts";
import { classifyPod } from "../../core/decide/kubernetes/pods/classify.ts";
import { instanceIdSchema } from "../../core/model/ids.ts";
import type { ClusterView } from "../../core/model/kubernetes/cluster.ts";
import type { NodeName } from "../../core/model/kubernetes/progress.ts";
import { effectivePolicy } from "../../core/policy/policy.ts";
import { sendEvictions } from "../../lambdas/kubernetes/drain-poll/evictions.ts";
import { readAgain } from "../../lambdas/kubernetes/drain-poll/read-again.ts";
import type { Drainer, DrainTask } from "./drain-measure.ts";

const policy = effectivePolicy("KUBERNETES");
const claim = "drain of a test";
const instance = { state: "running", isInterrupted: false } as const;

const now = (): string => new Date().toISOString();

const open = ({ access, clusterName, credentials }: DrainTask): Promise<KubernetesClient> =>
  clusterOpener(httpsTransport)("eu-west-1", credentials)({
    endpoint: access.url,
    authority: access.authority,
    clusterName,
    roleArn: "arn:aws:iam::111122223333:role/spot-optimizer",
    now: new Date(),
  });

const cordon = async (client: KubernetesClient, name: string): Promise<void> => {
  await changeNode(client, name, () => ({
    isUnschedulable: true,
    annotations: { [claimAnnotation]: claim },
  }));
};

interface Drain {
  readonly client: KubernetesClient;
  readonly original: NodeName;
  readonly joined: NodeName;
}

/** One look and its evictions. */
const lookOnce = async (
  { client, original, joined }: Drain,
  view: ClusterView,
  { progress, listedAt }: { readonly progress: TickProgress; readonly listedAt: string },
): Promise<{ readonly pass: DrainPass; readonly progress: TickProgress }> => {
  const at = now();
  const pass = planDrainPass({
    ...progress,
    view,
    original,
    joined,
    claim,
    instance,
    limits: policy,
    standingOf: (pod) => classifyPod(pod, { view, policy, now: at }),
    now: at,
  });
  if (pass.verdict.kind === "STOP") throw new Error(pass.verdict.sentence);
  const { evict: evictions, memory } = pass;
  const answered = await sendEvictions({ client, evictions, memory, listedAt, now });
  return { pass, progress: afterReplies(pass, answered, now()) };
};

/** One invocation: it begins with the whole view. @returns in how many seconds it is asked again, and undefined when the node is drained */
const tick = async (
  drain: Drain,
  state: TickProgress["state"],
): Promise<{ readonly state: TickProgress["state"]; readonly waitSeconds: number | undefined }> => {
  let progress: TickProgress = { state, memory: beginTick(state, now()) };
  let whole: ClusterView | undefined;
  for (;;) {
    const listedAt = now();
    const { workloads } = progress.state;
    const view: ClusterView =
      whole === undefined
        ? await readViewForDrain(drain.client)
        : await readAgain(drain.client, { ...drain, whole, workloads });
    whole ??= view;
    const looked = await lookOnce(drain, view, { progress, listedAt });
    progress = looked.progress;
    const { verdict } = looked.pass;
    if (verdict.kind !== "DRAINING") return { state: progress.state, waitSeconds: undefined };
    const next = nextStep({ ...progress, isMoving: verdict.isMoving, now: now() });
    if (next.kind === "RETURN") return { state: progress.state, waitSeconds: next.waitSeconds };
    await delay(next.inSeconds * 1000);
  }
};

const nodeNameOf = async (client: KubernetesClient, name: string): Promise<NodeName> => {
  const node = (await listNodes(client)).find((each) => each.name === name);
  if (node === undefined) throw new Error(`The cluster has no node ${name}.`);
  const instanceId = instanceIdSchema.parse(node.instanceId);
  return { instanceId, name, uid: node.uid };
};

export const drainAsPlanned: Drainer = async (task) => {
  const client = await open(task);
  await cordon(client, task.nodeName);
  const original = await nodeNameOf(client, task.nodeName);
  const joined = await nodeNameOf(client, task.replacement);
  let state = beginDrain(now());
  for (;;) {
    const ended = await tick({ client, original, joined }, state);
    if (ended.waitSeconds === undefined) return;
    state = ended.state;
    await delay(ended.waitSeconds * 1000);
  }
};
