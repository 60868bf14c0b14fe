/**
 * Which instances join a cluster, and as what nodes: by their user data, or by the tag of a cluster. Source: EKS user guide, "Launch
 * self-managed nodes", "Customize managed nodes with launch templates"; awslabs/amazon-eks-ami (bootstrap arguments, max pods).
 */
import type { Ec2Machine } from "../ec2/machines.ts";
import type { Joining, Machine } from "../kubernetes/kubelets/machines.ts";
import type { Labels, Taint } from "../kubernetes/objects.ts";
import { zoneLabel } from "../kubernetes/scheduling/volumes.ts";
import type { Cluster, Nodegroup, Place } from "./state.ts";

export const nodegroupTag = "eks:nodegroup-name";
const clusterTag = (name: string): string => `kubernetes.io/cluster/${name}`;

/** `/etc/eks/bootstrap.sh shop …` of Amazon Linux 2; `name: shop` in a NodeConfig of Amazon Linux 2023. */
const namedIn = (userData: string): string | undefined =>
  /bootstrap\.sh\s+['"]?([\w-]+)/.exec(userData)?.[1] ??
  (userData.includes("node.eks.aws")
    ? /^\s*name:\s*['"]?([\w-]+)/m.exec(userData)?.[1]
    : undefined);

export const joins = ({ name }: Cluster, { userData, tags }: Ec2Machine): boolean =>
  (namedIn(userData) ?? name) === name &&
  (namedIn(userData) === name || tags[clusterTag(name)] !== undefined);

/** Of the time until a node is Ready, what passes before it registers: as the cluster's settings have it. † */
const joiningShare = 0.7;

/** Ready when the software of its machine answers, where that is drawn. */
export const joiningOf = ({ answersFromMs }: Ec2Machine, nowMs: number): Joining => {
  if (answersFromMs === undefined) return {};
  const leftMs = Math.max(0, answersFromMs - nowMs);
  const joinMs = Math.round(leftMs * joiningShare);
  return { joinMs, readyMs: leftMs - joinMs };
};

const labelsIn = (userData: string): Labels => {
  const text = /--node-labels=([^\s'"]+)/.exec(userData)?.[1] ?? "";
  const pairs = text.split(",").map((pair) => pair.split("=") as [string, string?]);
  return Object.fromEntries(
    pairs.flatMap(([key, value = ""]) => (key === "" ? [] : [[key, value]])),
  );
};

const taintsIn = (userData: string): readonly Taint[] => {
  const text = /--register-with-taints=([^\s'"]+)/.exec(userData)?.[1] ?? "";
  return text.split(",").flatMap((each) => {
    const [, key, value = "", effect] = /^([^=:]+)=?([^:]*):(\w+)$/.exec(each) ?? [];
    return key === undefined || effect === undefined ? [] : [{ key, value, effect }];
  });
};

/** Each interface keeps one address for itself; two pods use the host's. Source: EKS user guide, "Choose an optimal EC2 instance type". */
const maxPodsOf = ({ interfaces, addressesPerInterface, vcpu }: Ec2Machine): number =>
  // With custom numbers EKS recommends 110 at most for small types, 250 for others.
  Math.min(interfaces * (addressesPerInterface - 1) + 2, vcpu < 30 ? 110 : 250);

const effects: Readonly<Record<string, string>> = {
  NO_SCHEDULE: "NoSchedule",
  NO_EXECUTE: "NoExecute",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
};

const managedLabels = ({ name, capacityType, labels }: Nodegroup): Labels => ({
  ...labels,
  "eks.amazonaws.com/nodegroup": name,
  "eks.amazonaws.com/capacityType": capacityType,
});

const managedTaints = ({ taints }: Nodegroup): readonly Taint[] =>
  taints.map(({ key = "", value = "", effect = "" }) => ({
    key,
    value,
    effect: effects[effect] ?? effect,
  }));

export const machineOf = (
  { region }: Place,
  instance: { readonly id: string; readonly machine: Ec2Machine },
  nodegroup: Nodegroup | undefined,
): Machine => {
  const { id, machine } = instance;
  const { zoneName, instanceType, userData } = machine;
  return {
    instanceId: id,
    nodeName: machine.privateDnsName,
    providerId: `aws:///${zoneName}/${id}`,
    privateIp: machine.privateIp,
    labels: {
      "kubernetes.io/os": "linux",
      "kubernetes.io/arch": machine.isArm ? "arm64" : "amd64",
      "node.kubernetes.io/instance-type": instanceType,
      "topology.kubernetes.io/region": region,
      [zoneLabel]: zoneName,
      ...labelsIn(userData),
      ...(nodegroup !== undefined && managedLabels(nodegroup)),
    },
    taints: [...taintsIn(userData), ...(nodegroup === undefined ? [] : managedTaints(nodegroup))],
    cpu: machine.vcpu,
    memoryMib: machine.memoryMib,
    maxPods: maxPodsOf(machine),
    // The root volume takes a place, and each interface that is attached: three of them as a rule. †
    volumes: Math.max(1, machine.volumeLimit - 1 - Math.min(machine.interfaces, 3)),
  };
};
