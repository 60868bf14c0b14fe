/** An interruption of a node: when another is Ready in its place, and how many of its pods left because we evicted them, and not by its end. */
import { belongsToNode, isOurCall, isReadyNode } from "../../lab/cluster-mirror.ts";
import { createNodeLab, type NodeLab } from "../../lab/node-lab.ts";
import type { WorkloadDescription } from "../../platform/customer-workloads.ts";
import {
  duplicatesAmong,
  notServed,
  prepareFor,
  responseTo,
  secondsUntil,
  settingsOf,
  type Answered,
  type InterruptionCase,
} from "./interruption-case.ts";

export interface AnsweredNode extends Answered {
  /** On the other node for all of its pods. Else they wait for the node that comes. */
  readonly hasRoom: boolean;
  /** Pods that ran there at the notice, those that belong to the node aside. */
  readonly pods: number;
  readonly evicted: number;
}

const size = 2;

/** Of each pod. Of a node with two cores: all fourteen fit on one, or seven. */
const cpuOf = (hasRoom: boolean): string => (hasRoom ? "100m" : "250m");

/** Of the first one by one: its budget lets the next one go once the one before is Ready again. */
const workloadsOf = (cpu: string): readonly WorkloadDescription[] => [
  {
    kind: "Deployment",
    name: "web",
    replicas: 8,
    cpu,
    readySeconds: 5,
    budget: { maxUnavailable: 1 },
  },
  { kind: "Deployment", name: "api", replicas: 6, cpu, readySeconds: 5 },
];

/** Names of those that are lost with it unless they leave. */
const podsOn = ({ mirror }: NodeLab, instanceId: string): readonly string[] => {
  const name = mirror.nodeOf(instanceId)?.metadata.name;
  return mirror
    .pods()
    .filter((pod) => pod.spec.nodeName === name && !belongsToNode(pod))
    .map(({ metadata }) => metadata.name);
};

const evictedSince = ({ cluster: { kubernetes } }: NodeLab, first: number): ReadonlySet<string> =>
  new Set(
    kubernetes.journal
      .slice(first)
      .filter(
        (call) =>
          call.resource === "pods/eviction" && call.hadEffect && !call.isDryRun && isOurCall(call),
      )
      .map(({ name }) => name),
  );

export const interruptNode = async (one: InterruptionCase): Promise<AnsweredNode> => {
  const hasRoom = one.seed % 2 === 1;
  const lab = await createNodeLab({
    ...settingsOf(one),
    seed: one.seed,
    nodes: { size, min: 1, max: 6, zones: 1 },
    workloads: workloadsOf(cpuOf(hasRoom)),
  });
  const { account, platform, cluster, mirror } = lab;
  const { status, swaps } = await lab.run();
  const doomed = swaps[0]?.replacement?.instanceId;
  if (status !== "SWITCHED" || doomed === undefined) {
    throw new Error(`The replacement of a node before the interruption ended ${status}.`);
  }
  const launched = await prepareFor(account, one);
  const first = cluster.kubernetes.journal.length;
  const pods = podsOn(lab, doomed);
  platform.ec2.control.interrupt(doomed);
  const isOther = (providerId: string | undefined): boolean =>
    providerId?.endsWith(`/${doomed}`) !== true;
  const { served } = await secondsUntil(account, {
    served: () =>
      mirror.nodes().filter((node) => isReadyNode(node) && isOther(node.spec.providerID)).length >=
      size,
  });
  await lab.finish(await responseTo(account, lab.targetId));
  const evicted = evictedSince(lab, first);
  return {
    seed: one.seed,
    bootSeconds: launched[0]?.bootSeconds,
    servedAfterSeconds: served,
    duplicates: duplicatesAmong(launched),
    hasRoom,
    pods: pods.length,
    evicted: pods.filter((name) => evicted.has(name)).length,
    complaints: [
      ...(served === undefined ? [notServed] : []),
      ...lab.pods.broken,
      ...lab.invariant.broken,
      ...lab.capacity.broken(),
    ],
  };
};
