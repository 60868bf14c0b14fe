/** What the simulated EKS keeps: clusters with their access entries and node groups. */
import type { AuthenticationMode, Taint, Update } from "@aws-sdk/client-eks";
import type { KubeCluster } from "../kubernetes/cluster.ts";

export interface Place {
  readonly accountId: string;
  readonly region: string;
}

export interface ClusterName extends Place {
  readonly name: string;
}

export interface AccessEntry {
  readonly principalArn: string;
  readonly type: string;
  readonly createdAt: number;
  modifiedAt: number;
  username: string;
  groups: readonly string[];
  /** ARNs of access policies, all for the whole cluster. */
  readonly policies: Set<string>;
}

export interface Nodegroup {
  readonly name: string;
  readonly id: string;
  readonly capacityType: "ON_DEMAND" | "SPOT";
  readonly instanceTypes: readonly string[];
  readonly subnetIds: readonly string[];
  readonly nodeRole: string;
  /** Its owner's. Absent: EKS makes its own, with disks of `diskSizeGib`. */
  readonly launchTemplate?: { readonly id: string; readonly version: string };
  readonly diskSizeGib: number;
  readonly createdAt: number;
  /** Of its Auto Scaling group. */
  readonly groupName: string;
  /** Of the node group itself: EKS does not hand them on. */
  readonly tags: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
  taints: readonly Taint[];
  /** Without its updates. */
  status: "ACTIVE" | "UPDATING" | "DEGRADED";
  readonly updates: Map<string, { readonly update: Update; readonly doneAt: number }>;
}

export interface Cluster extends ClusterName {
  readonly arn: string;
  readonly createdAt: number;
  readonly subnetIds: readonly string[];
  readonly authenticationMode: AuthenticationMode;
  readonly kubernetes: KubeCluster;
  readonly entries: Map<string, AccessEntry>;
  readonly nodegroups: Map<string, Nodegroup>;
  endpoint: string;
  status: "ACTIVE" | "UPDATING";
}

export const keyOf = ({ accountId, region, name }: ClusterName): string =>
  `${accountId}#${region}#${name}`;
