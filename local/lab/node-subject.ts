/** Nodes of an EKS cluster as an evaluation's subject: our role mapped into the cluster as its owner would, and the registration. */
import type { CreateAccessEntryRequest } from "@aws-sdk/client-eks";
import type * as z from "zod";
import {
  deletionRole,
  deletionRules,
  optionalRules,
  ourGroup,
  ourRules,
} from "../../adapters/kubernetes/rights.ts";
import type { nodeScopeSchema } from "../../core/model/target.ts";
import { accountWithSwitchingSchema } from "../../lambdas/api/schemas/accounts.ts";
import { targetSchema } from "../../lambdas/api/schemas/targets.ts";
import type { KubeCluster } from "../cloud/kubernetes/cluster.ts";
import type { PolicyRule } from "../cloud/kubernetes/objects.ts";
import type { ClusterOfOwner } from "../platform/customer-cluster.ts";
import type { LabAccount } from "./account.ts";

/** What the owner says of nodes when they are registered. */
export interface NodeRegistration {
  /** Overrides as the API takes them. */
  readonly policy?: Readonly<Record<string, unknown>>;
  readonly isShadowMode?: boolean;
  /** Default: ONE. */
  readonly scope?: z.infer<typeof nodeScopeSchema>;
  /** Instance id of the node, or of any. Default: the first one. */
  readonly node?: string;
}

/** As the manifest that the owner applies has them. */
const rulesOf = (rules: typeof ourRules): readonly PolicyRule[] =>
  rules.map(({ group, resource, verbs }) => ({
    apiGroups: [group],
    resources: [resource],
    verbs,
  }));

/** A ClusterRole of our group, and its binding. */
const grant = ({ control }: KubeCluster, name: string, rules: typeof ourRules): void => {
  control.add("clusterroles", { metadata: { name }, rules: rulesOf(rules) });
  control.add("clusterrolebindings", {
    metadata: { name },
    roleRef: { kind: "ClusterRole", name },
    subjects: [{ kind: "Group", name: ourGroup }],
  });
};

/** What an owner applies beside who lets pods be deleted at a deadline. */
export const letDeletePods = ({ kubernetes }: ClusterOfOwner): void => {
  grant(kubernetes, deletionRole, deletionRules);
};

/** The access entry by which the cluster knows our role, made by the account's owner. */
const addAccessEntry = async (
  { platform, api, accountId, region }: LabAccount,
  { name }: ClusterOfOwner,
): Promise<void> => {
  const { role_arn: principalArn } = await api.get(
    `/accounts/${accountId}`,
    accountWithSwitchingSchema,
  );
  const owner = platform.cloud.identities.addUser({ accountId, name: `owner-of-${name}` });
  const input: CreateAccessEntryRequest = {
    clusterName: name,
    principalArn,
    kubernetesGroups: [ourGroup],
  };
  await platform.cloud.call({
    service: "eks",
    operation: "CreateAccessEntry",
    region,
    accessKeyId: owner.accessKeyId,
    input,
  });
};

/** As the set-up page tells the owner. */
export const giveAccess = async (account: LabAccount, cluster: ClusterOfOwner): Promise<void> => {
  grant(cluster.kubernetes, ourGroup, [...ourRules, ...optionalRules]);
  await addAccessEntry(account, cluster);
};

/** @returns the target's id */
export const registerNodes = async (
  { api, platform, accountId }: LabAccount,
  cluster: ClusterOfOwner,
  { policy, isShadowMode, scope = "ONE", node: wanted }: NodeRegistration,
): Promise<string> => {
  const node = platform.ec2.control.find(wanted ?? cluster.instanceIds[0] ?? "");
  if (node === undefined) throw new Error(`Cluster ${cluster.name} has no node.`);
  const target = await api.post("/lab/instances", targetSchema, {
    account_id: accountId,
    instance_id: node.instanceId,
    instance_type: node.instanceType,
    availability_zone: node.zoneName,
    pipeline_mode: "KUBERNETES",
    cluster_membership: {
      cluster_name: cluster.name,
      node_group: cluster.nodeGroup,
      nodes: scope,
    },
    ...(cluster.isManaged ? {} : { metadata: { asg_name: cluster.groupName } }),
    is_shadow_mode: isShadowMode ?? false,
    ...(policy === undefined ? {} : { policy_overrides: policy }),
  });
  return target.target_id;
};
