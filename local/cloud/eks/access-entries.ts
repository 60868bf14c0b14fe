/** Access entries and their policies. Source: EKS API reference, CreateAccessEntry and its neighbours. */
import type {
  AccessEntry as EntryShown,
  AssociateAccessPolicyRequest,
  AssociateAccessPolicyResponse,
  CreateAccessEntryRequest,
  CreateAccessEntryResponse,
  DeleteAccessEntryRequest,
  DescribeAccessEntryRequest,
  DescribeAccessEntryResponse,
  ListAccessEntriesRequest,
  ListAccessEntriesResponse,
  UpdateAccessEntryRequest,
} from "@aws-sdk/client-eks";
import { type Call, CloudError, type Handler, type ServiceModule } from "../contract.ts";
import { clusterAdminPolicy, defaultUsername } from "./access.ts";
import {
  clusterOf,
  inUse,
  invalidParameter,
  notFound,
  pageOf,
  type EksContext,
} from "./context.ts";
import type { AccessEntry, Cluster } from "./state.ts";

const shown = (cluster: Cluster, entry: AccessEntry): EntryShown => ({
  clusterName: cluster.name,
  principalArn: entry.principalArn,
  kubernetesGroups: [...entry.groups],
  accessEntryArn: `arn:aws:eks:${cluster.region}:${cluster.accountId}:access-entry/${cluster.name}/${entry.principalArn}`,
  createdAt: new Date(entry.createdAt),
  modifiedAt: new Date(entry.modifiedAt),
  tags: {},
  username: entry.username,
  type: entry.type,
});

/** Groups of Kubernetes itself can't be given. Source: EKS user guide, "Create access entries". */
const checkGroups = (groups: readonly string[]): void => {
  const own = groups.find((group) => /^(system:|eks:|aws:|amazon:|iam:)/.test(group));
  if (own === undefined) return;
  throw invalidParameter(
    `The kubernetes group name ${own} is invalid, it cannot start with system:`,
  );
};

interface Named {
  readonly clusterName?: string | undefined;
  readonly principalArn?: string | undefined;
}

/** A cluster of mode CONFIG_MAP has no entries. @throws CloudError InvalidRequestException */
const withEntries = (context: EksContext, call: Call, { clusterName }: Named): Cluster => {
  const cluster = clusterOf(context, call, clusterName);
  if (cluster.authenticationMode !== "CONFIG_MAP") return cluster;
  throw new CloudError(
    "InvalidRequestException",
    "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
    400,
  );
};

const entryOf = ({ entries }: Cluster, { principalArn = "" }: Named): AccessEntry => {
  const found = entries.get(principalArn);
  if (found === undefined) {
    throw notFound(
      `The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.`,
    );
  }
  return found;
};

const creating =
  (context: EksContext): Handler<CreateAccessEntryRequest, CreateAccessEntryResponse> =>
  (call, input) => {
    const cluster = withEntries(context, call, input);
    const { principalArn = "", kubernetesGroups = [], type = "STANDARD" } = input;
    if (cluster.entries.has(principalArn)) {
      throw inUse("The specified access entry resource is already in use on this cluster.");
    }
    checkGroups(kubernetesGroups);
    const entry: AccessEntry = {
      principalArn,
      type,
      username: input.username ?? defaultUsername(principalArn),
      groups: kubernetesGroups,
      createdAt: context.clock.now(),
      modifiedAt: context.clock.now(),
      policies: new Set(),
    };
    cluster.entries.set(principalArn, entry);
    return { accessEntry: shown(cluster, entry) };
  };

const changes = (context: EksContext) => {
  const update: Handler<UpdateAccessEntryRequest, DescribeAccessEntryResponse> = (call, input) => {
    const cluster = withEntries(context, call, input);
    const entry = entryOf(cluster, input);
    checkGroups(input.kubernetesGroups ?? []);
    entry.groups = input.kubernetesGroups ?? entry.groups;
    entry.username = input.username ?? entry.username;
    entry.modifiedAt = context.clock.now();
    return { accessEntry: shown(cluster, entry) };
  };
  const remove: Handler<DeleteAccessEntryRequest, object> = (call, input) => {
    const cluster = withEntries(context, call, input);
    cluster.entries.delete(entryOf(cluster, input).principalArn);
    return {};
  };
  const associate: Handler<AssociateAccessPolicyRequest, AssociateAccessPolicyResponse> = (
    call,
    input,
  ) => {
    const cluster = withEntries(context, call, input);
    const entry = entryOf(cluster, input);
    const { policyArn = "", accessScope } = input;
    if (policyArn !== clusterAdminPolicy || accessScope?.type !== "cluster") {
      throw invalidParameter(
        `The simulated cloud knows the access policy ${clusterAdminPolicy} for a whole cluster only.`,
      );
    }
    entry.policies.add(policyArn);
    const at = new Date(context.clock.now());
    return {
      clusterName: cluster.name,
      principalArn: entry.principalArn,
      associatedAccessPolicy: { policyArn, accessScope, associatedAt: at, modifiedAt: at },
    };
  };
  return { update, remove, associate };
};

export const accessEntryOperations = (context: EksContext): ServiceModule["operations"] => {
  const { update, remove, associate } = changes(context);
  const describe: Handler<DescribeAccessEntryRequest, DescribeAccessEntryResponse> = (
    call,
    input,
  ) => {
    const cluster = withEntries(context, call, input);
    return { accessEntry: shown(cluster, entryOf(cluster, input)) };
  };
  const list: Handler<ListAccessEntriesRequest, ListAccessEntriesResponse> = (call, input) => {
    const { names, nextToken } = pageOf(withEntries(context, call, input).entries.keys(), input);
    return { accessEntries: names, nextToken };
  };
  return {
    CreateAccessEntry: creating(context),
    DescribeAccessEntry: describe,
    ListAccessEntries: list,
    UpdateAccessEntry: update,
    DeleteAccessEntry: remove,
    AssociateAccessPolicy: associate,
  };
};
