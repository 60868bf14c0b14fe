/** What the pods of a node need together: resources, places for pods, volumes. The same amounts, as far as a node or an instance type has them. */
import type { ClusterView } from "../../model/kubernetes/cluster.ts";
import type { CsiNodeFacts, NodeFacts } from "../../model/kubernetes/node.ts";
import type { Amounts } from "../../model/kubernetes/object.ts";
import type { PodFacts } from "../../model/kubernetes/pod.ts";
import type { InstanceTypeFacts } from "../../model/market.ts";
import { isOver } from "./pods/kind-of-pod.ts";
import { volumesOf } from "./pods/volumes.ts";

/** `pods`, `cpu` in cores, bytes and pieces; volumes by driver under `volumes of <driver>`. */
export type Room = Amounts;

const volumeKey = (driver: string): string => `volumes of ${driver}`;

export const sum = (amounts: readonly Amounts[]): Amounts => {
  const total: Record<string, number> = {};
  for (const [resource, amount] of amounts.flatMap((one) => Object.entries(one))) {
    total[resource] = (total[resource] ?? 0) + amount;
  }
  return total;
};

const volumesNeeded = (pods: readonly PodFacts[], view: Pick<ClusterView, "volumes">): Amounts => {
  const drivers = new Map(
    pods.flatMap((pod) =>
      volumesOf(pod, view).flatMap(({ name, driver }) =>
        driver === undefined ? [] : [[name, volumeKey(driver)] as const],
      ),
    ),
  );
  return sum([...drivers.values()].map((key) => ({ [key]: 1 })));
};

/** What terminates is not made again where it stood. */
export const needsOfPods = (
  pods: readonly PodFacts[],
  view: Pick<ClusterView, "volumes">,
): Room => {
  const staying = pods.filter((pod) => !isOver(pod) && pod.deletionTimestamp === undefined);
  return sum([
    ...staying.map(({ placement }) => placement.requests),
    { pods: staying.length },
    volumesNeeded(staying, view),
  ]);
};

/** Those of DaemonSets and mirrors included: a new node has its own. */
export const needsOf = (nodeName: string, view: Pick<ClusterView, "pods" | "volumes">): Room =>
  needsOfPods(
    view.pods.filter((pod) => pod.nodeName === nodeName),
    view,
  );

/** What a node has told of itself. A driver that names no limit has none. */
export const roomOfNode = (
  { allocatable }: Pick<NodeFacts, "allocatable">,
  csiNode: CsiNodeFacts | undefined,
): Room => ({
  ...allocatable,
  ...Object.fromEntries(
    (csiNode?.drivers ?? []).map(({ name, count = Infinity }) => [volumeKey(name), count]),
  ),
});

const ebsDriver = "ebs.csi.aws.com";

/** One address of each interface is its own, and two pods use the host's. Source: amazon-eks-ami, `eni-max-pods.txt`. */
const podsByAddresses = ({ maxNetworkInterfaces, ipv4PerInterface }: InstanceTypeFacts): number =>
  maxNetworkInterfaces * (ipv4PerInterface - 1) + 2;

/** With prefixes an address is 16. Source: Amazon EKS user guide, "Assign more IP addresses", recommended maximum. */
const podsByPrefixes = (type: InstanceTypeFacts): number =>
  Math.min(
    type.vcpu > 30 ? 250 : 110,
    type.maxNetworkInterfaces * (type.ipv4PerInterface - 1) * 16 + 2,
  );

/** By the way in which the node itself has its number; one that its owner has set lower stays. */
const podsOf = (type: InstanceTypeFacts, own: InstanceTypeFacts, now: number): number => {
  if (now === podsByAddresses(own)) return podsByAddresses(type);
  return now > podsByAddresses(own)
    ? Math.min(now, podsByPrefixes(type))
    : Math.min(now, podsByAddresses(type));
};

const mib = 1024 * 1024;

/** The hypervisor and the kernel keep a part of what a type is sold with. Source: Karpenter, `VM_MEMORY_OVERHEAD_PERCENT`. */
const keptShare = 0.075;

/** Sources: amazon-eks-ami and Bottlerocket, kube-reserved and eviction-hard of memory. */
const memoryOf = ({ memoryMib }: InstanceTypeFacts, pods: number): number =>
  (memoryMib * (1 - keptShare) - (255 + 11 * pods) - 100) * mib;

/** Millicores of the first core, the second, the third and fourth, and each further one. Source: amazon-eks-ami, kube-reserved of CPU. */
const reservedMillicores = (vcpu: number): number =>
  60 + (vcpu > 1 ? 10 : 0) + Math.max(0, Math.min(vcpu, 4) - 2) * 5 + Math.max(0, vcpu - 4) * 2.5;

const cpuOf = ({ vcpu }: InstanceTypeFacts): number => vcpu - reservedMillicores(vcpu) / 1000;

/** Beside the root, and each further interface that the network plug-in attaches. Undefined: EC2 does not say it. */
const volumesOfType = ({ attachments, maxNetworkInterfaces }: InstanceTypeFacts) =>
  attachments === undefined
    ? undefined
    : attachments.volumes - 1 - (attachments.isShared ? maxNetworkInterfaces - 1 : 0);

/**
 * Of a node of another type that is launched as this one was: an estimate, on the safe side. What is not known of the type is left out, and
 * is not there. The disk is that of the same template.
 */
export const roomOfType = (
  type: InstanceTypeFacts,
  {
    own,
    node,
    csiNode,
  }: {
    /** The type of that node. Absent: not known. */
    readonly own: InstanceTypeFacts | undefined;
    readonly node: Pick<NodeFacts, "allocatable">;
    readonly csiNode: CsiNodeFacts | undefined;
  },
): Room => {
  const room = roomOfNode(node, csiNode);
  if (type.instanceType === own?.instanceType) return room;
  const pods = own === undefined ? podsByAddresses(type) : podsOf(type, own, room["pods"] ?? 0);
  const volumes = volumesOfType(type);
  const disk = room["ephemeral-storage"];
  const others = Object.entries(room).filter(
    ([key]) => key.startsWith("volumes of ") && key !== volumeKey(ebsDriver),
  );
  return {
    pods,
    cpu: cpuOf(type),
    memory: memoryOf(type, pods),
    ...(disk === undefined ? {} : { "ephemeral-storage": disk }),
    ...(type.gpuCount === 0 ? {} : { "nvidia.com/gpu": type.gpuCount }),
    ...(volumes === undefined ? {} : { [volumeKey(ebsDriver)]: volumes }),
    ...Object.fromEntries(others),
  };
};

const gib = 1024 ** 3;
const bytes: readonly string[] = ["memory", "ephemeral-storage"];

const spell = (resource: string, amount: number): string => {
  if (bytes.includes(resource) || resource.startsWith("hugepages-")) {
    return `${(amount / gib).toFixed(1)} GiB of ${resource}`;
  }
  const figure = String(Math.round(amount * 1000) / 1000);
  return resource === "cpu" ? `${figure} cores` : `${figure} ${resource}`;
};

/** `takes 58 pods, and 60 are needed`; what is not known of a resource is not there. Undefined: there is room for all. */
export const lackOf = (needs: Room, room: Room): string | undefined => {
  const found = Object.entries(needs).find(
    ([resource, amount]) => amount > (room[resource] ?? 0) + 1e-9,
  );
  if (found === undefined) return undefined;
  const [resource, amount] = found;
  const there = room[resource];
  return there === undefined
    ? `is not known to have ${resource}, of which ${spell(resource, amount)} are needed`
    : `has ${spell(resource, there)}, and its pods need ${spell(resource, amount)}`;
};
