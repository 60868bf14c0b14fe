/**
 * What EKS does when the Auto Scaling group of a managed node group takes a member away: it drains the node, for a quarter of an hour at
 * most, whatever budgets say after that. Source: EKS user guide, "Simplify node lifecycle with managed node groups", "Understand each
 * phase of node updates" (PDBs are respected for 15 minutes).
 */
import type { AutoScalingEvent } from "../autoscaling/events.ts";
import { CloudError } from "../contract.ts";
import { nodeManagerToken } from "../kubernetes/authentication.ts";
import type { KubeCluster } from "../kubernetes/cluster.ts";
import { controllerOf, isOver, isTerminating, type Pod } from "../kubernetes/objects.ts";
import type { EksContext } from "./context.ts";
import type { Cluster } from "./state.ts";

const longestMs = 15 * 60_000;
/** † Between two tries of those that a budget holds back. */
const againMs = 5000;

/** The lifecycle action of one member. */
interface Leaving {
  readonly cluster: Cluster;
  readonly groupName: string;
  readonly hookName: string;
  readonly instanceId: string;
  readonly untilMs: number;
}

const ask = (
  kubernetes: KubeCluster,
  request: { readonly method: string; readonly path: string; readonly body: object },
): Promise<unknown> =>
  kubernetes.answer({
    ...request,
    query: new URLSearchParams(),
    headers: {
      authorization: `Bearer ${nodeManagerToken}`,
      "content-type":
        request.method === "PATCH" ? "application/merge-patch+json" : "application/json",
    },
  });

const nodeNameOf = ({ cluster: { kubernetes }, instanceId }: Leaving): string | undefined =>
  kubernetes.control.list("nodes").find(({ spec }) => spec.providerID?.endsWith(instanceId))
    ?.metadata.name;

/** All but those of DaemonSets, and those that are over. */
const toLeave = ({ control }: KubeCluster, nodeName: string): readonly Pod[] =>
  control
    .list("pods")
    .filter(
      (pod) =>
        pod.spec.nodeName === nodeName && !isOver(pod) && controllerOf(pod)?.kind !== "DaemonSet",
    );

const evictAll = async (kubernetes: KubeCluster, pods: readonly Pod[]): Promise<void> => {
  for (const pod of pods) {
    if (isTerminating(pod)) continue;
    const { name, namespace = "" } = pod.metadata;
    await ask(kubernetes, {
      method: "POST",
      path: `/api/v1/namespaces/${namespace}/pods/${name}/eviction`,
      body: { metadata: { name, namespace } },
    });
  }
};

const complete = (
  { groups }: EksContext,
  { cluster, groupName, hookName, instanceId }: Leaving,
): void => {
  const { accountId, region } = cluster;
  try {
    groups.completeHook(
      { accountId, region, name: groupName },
      {
        AutoScalingGroupName: groupName,
        LifecycleHookName: hookName,
        LifecycleActionResult: "CONTINUE",
        InstanceId: instanceId,
      },
    );
  } catch (error) {
    // Somebody else completed it, or its time is over.
    if (!(error instanceof CloudError)) throw error;
  }
};

const drain = async (context: EksContext, leaving: Leaving): Promise<void> => {
  const { kubernetes } = leaving.cluster;
  const nodeName = nodeNameOf(leaving);
  const pods = nodeName === undefined ? [] : toLeave(kubernetes, nodeName);
  if (nodeName === undefined || pods.length === 0 || context.clock.now() >= leaving.untilMs) {
    complete(context, leaving);
    return;
  }
  const body = { spec: { unschedulable: true } };
  await ask(kubernetes, { method: "PATCH", path: `/api/v1/nodes/${nodeName}`, body });
  await evictAll(kubernetes, pods);
  context.clock.schedule(context.clock.now() + againMs, () => drain(context, leaving));
};

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** Members of other groups leave undrained: their owners see to that. */
export const hearAutoScaling = (context: EksContext, event: AutoScalingEvent): void => {
  if (event["detail-type"] !== "EC2 Instance-terminate Lifecycle Action") return;
  const { account, region, detail } = event;
  const groupName = textOf(detail.AutoScalingGroupName);
  const cluster = [...context.clusters.values()].find(
    ({ accountId, region: own, nodegroups }) =>
      accountId === account &&
      own === region &&
      [...nodegroups.values()].some((nodegroup) => nodegroup.groupName === groupName),
  );
  if (cluster === undefined) return;
  const leaving: Leaving = {
    cluster,
    groupName,
    hookName: textOf(detail.LifecycleHookName),
    instanceId: textOf(detail.EC2InstanceId),
    untilMs: context.clock.now() + longestMs,
  };
  context.clock.schedule(context.clock.now(), () => drain(context, leaving));
};

/** What EKS puts on the Auto Scaling groups that it makes. */
export const terminationHook = {
  LifecycleHookName: "Terminate-LC-Hook",
  LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
  HeartbeatTimeout: 1800,
  DefaultResult: "CONTINUE",
} as const;
