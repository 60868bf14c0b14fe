/** A cluster on a platform whose pods are drained by a script: what the judge finds is tried on what it does. */
import type { VirtualClock } from "../../../local/cloud/clock.ts";
import { localAdminToken } from "../../../local/cloud/kubernetes/authentication.ts";
import type { KubeCluster } from "../../../local/cloud/kubernetes/cluster.ts";
import type { Pod } from "../../../local/cloud/kubernetes/objects.ts";
import { openAccount, type LabAccount } from "../../../local/lab/account.ts";
import { mirrorCluster } from "../../../local/lab/cluster-mirror.ts";
import { watchInvariant, type InvariantWatch } from "../../../local/lab/node-invariant.ts";
import { watchPods, type PodLedger, type WhoseCalls } from "../../../local/lab/pod-ledger.ts";
import { smallMarket } from "../../../local/lab/small-market.ts";
import {
  addCluster,
  type ClusterDescription,
  type ClusterOfOwner,
} from "../../../local/platform/customer-cluster.ts";
import type { Platform } from "../../../local/platform/platform.ts";

/** The script calls as the local administrator, and as a user of the account. */
export const ofScript: WhoseCalls = {
  inCluster: ({ username }) => username === "local-admin",
  inAccount: ({ arn }) => arn.endsWith("user/script"),
};

export interface ScriptedWorld {
  readonly account: LabAccount;
  readonly platform: Platform;
  readonly clock: VirtualClock;
  readonly cluster: ClusterOfOwner;
  readonly kubernetes: KubeCluster;
  readonly pods: PodLedger;
  readonly invariant: InvariantWatch;
  /** So many seconds go by. */
  pass(seconds: number): Promise<void>;
  /** Name of the node. */
  nodeOf(instanceId: string): string;
  podsOn(nodeName: string, app: string): readonly Pod[];
  cordon(nodeName: string, isUnschedulable?: boolean): Promise<number>;
  evict(pod: Pod, options?: Readonly<Record<string, unknown>>): Promise<number>;
  remove(pod: Pod): Promise<number>;
  /** A Spot node joins by its node group. Name of the node. */
  scaleOut(): Promise<string>;
  terminate(instanceId: string): Promise<void>;
}

const region = "us-east-1";

const senderTo =
  (kubernetes: KubeCluster) =>
  async (method: string, path: string, body?: object): Promise<number> => {
    const answer = await kubernetes.answer({
      method,
      path,
      query: new URLSearchParams(),
      headers: {
        authorization: `Bearer ${localAdminToken}`,
        "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
      },
      body,
    });
    return answer.code;
  };

export const scriptedWorld = async (
  description: ClusterDescription = {},
): Promise<ScriptedWorld> => {
  const account = await openAccount({
    market: smallMarket,
    seed: 1,
    startMs: Date.parse("2026-03-02T09:00:00Z"),
    region,
    version: "0.0.0",
    name: "workshop",
    front: "direct",
    throttle: false,
    settings: { bootMs: 8_000, checksMs: 30_000, jitter: 0 },
  });
  const { platform, clock, accountId } = account;
  const cluster = addCluster(account, "shop", description);
  const { kubernetes } = cluster;
  const { accessKeyId } = platform.cloud.identities.addUser({ accountId, name: "script" });
  const pass = (seconds: number): Promise<void> =>
    clock.run({ atMostMs: clock.now() + seconds * 1000 });
  await pass(120);
  const mirror = mirrorCluster(kubernetes);
  const send = senderTo(kubernetes);
  const watched = { kubernetes, mirror, judged: ofScript };
  const call = (service: "autoscaling" | "eks", operation: string, input: object) =>
    platform.cloud.call({ service, operation, region, accessKeyId, input });
  return {
    account,
    platform,
    clock,
    cluster,
    kubernetes,
    pods: watchPods(platform, watched),
    invariant: watchInvariant(platform, watched),
    pass,
    nodeOf: (instanceId) => mirror.nodeOf(instanceId)?.metadata.name ?? "",
    podsOn: (nodeName, app) =>
      kubernetes.control
        .list("pods")
        .filter(({ spec, metadata }) => spec.nodeName === nodeName && metadata.labels?.app === app),
    cordon: (nodeName, isUnschedulable = true) =>
      send("PATCH", `/api/v1/nodes/${nodeName}`, { spec: { unschedulable: isUnschedulable } }),
    evict: ({ metadata: { name, namespace = "", uid } }, options = { preconditions: { uid } }) =>
      send("POST", `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, {
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name, namespace },
        deleteOptions: options,
      }),
    remove: ({ metadata: { name, namespace = "" } }) =>
      send("DELETE", `/api/v1/namespaces/${namespace}/pods/${name}`),
    scaleOut: async () => {
      const known = new Set(mirror.nodes().map(({ metadata }) => metadata.name));
      const { spotNodeGroup } = cluster;
      await call("eks", "UpdateNodegroupConfig", {
        clusterName: cluster.name,
        nodegroupName: spotNodeGroup,
        scalingConfig: { desiredSize: 1 },
      });
      await pass(150);
      return mirror.nodes().find(({ metadata }) => !known.has(metadata.name))?.metadata.name ?? "";
    },
    terminate: async (instanceId) => {
      await call("autoscaling", "TerminateInstanceInAutoScalingGroup", {
        InstanceId: instanceId,
        ShouldDecrementDesiredCapacity: true,
      });
    },
  };
};
