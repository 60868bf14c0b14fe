/** What an evaluation works on, how sentences name it, and which leases protect it. */
import type { AccountId, InstanceId } from "./ids.ts";
import type { Target, TargetOf } from "./target.ts";

interface InAccount {
  readonly accountId: AccountId;
  readonly region: string;
}

export interface InstanceSubject extends InAccount {
  readonly kind: "INSTANCE";
  readonly instanceId: InstanceId;
}

export interface GroupSubject extends InAccount {
  readonly kind: "GROUP";
  readonly asgName: string;
}

export interface NodeGroupSubject extends InAccount {
  readonly kind: "NODE_GROUP";
  readonly clusterName: string;
  readonly nodeGroup: string;
  /** Of a self-managed node group: the Auto Scaling group behind it. */
  readonly asgName?: string;
  /** The one node of it that is worked on, which EC2 takes back. Absent: all of the group may be. */
  readonly instanceId?: InstanceId;
}

export type Subject = InstanceSubject | GroupSubject | NodeGroupSubject;

export const instanceSubject = (target: TargetOf<"LINEAR">): InstanceSubject => {
  const { accountId, region, instanceId } = target;
  return { kind: "INSTANCE", accountId, region, instanceId };
};

export const groupSubject = (target: TargetOf<"CLUSTER">): GroupSubject => {
  const { accountId, region, group } = target;
  return { kind: "GROUP", accountId, region, asgName: group.asgName };
};

export const nodeGroupSubject = (target: TargetOf<"KUBERNETES">): NodeGroupSubject => {
  const { accountId, region, node } = target;
  const { clusterName, nodeGroup, asgName } = node;
  return {
    kind: "NODE_GROUP",
    accountId,
    region,
    clusterName,
    nodeGroup,
    ...(asgName === undefined ? {} : { asgName }),
  };
};

export const subjectOf = (target: Target): Subject => {
  switch (target.pipelineMode) {
    case "LINEAR":
      return instanceSubject(target);
    case "CLUSTER":
      return groupSubject(target);
    case "KUBERNETES":
      return nodeGroupSubject(target);
  }
};

/** For sentences: `i-0123456789abcdef0`, `group web-blue`, `node group workers of cluster prod-eu`. */
export const nameOf = (subject: Subject): string => {
  switch (subject.kind) {
    case "INSTANCE":
      return subject.instanceId;
    case "GROUP":
      return `group ${subject.asgName}`;
    case "NODE_GROUP": {
      const name = `node group ${subject.nodeGroup} of cluster ${subject.clusterName}`;
      return subject.instanceId === undefined ? name : `node ${subject.instanceId} of ${name}`;
    }
  }
};

const instanceLease = ({ accountId }: InAccount, instanceId: InstanceId): string =>
  `instance#${accountId}#${instanceId}`;

const groupLease = ({ accountId, region }: InAccount, asgName: string): string =>
  `group#${accountId}#${region}#${asgName}`;

/**
 * The resources whose leases an evaluation of the subject needs, to be taken in this order. A self-managed node group
 * needs that of its Auto Scaling group too, under CLUSTER's key: else two modes would change one group at once. One node that EC2 takes back waits
 * for nobody who works on its group, nor for the next that is taken.
 */
export const leasesOf = (subject: Subject): readonly [string, ...string[]] => {
  switch (subject.kind) {
    case "INSTANCE":
      return [instanceLease(subject, subject.instanceId)];
    case "GROUP":
      return [groupLease(subject, subject.asgName)];
    case "NODE_GROUP": {
      const { accountId, region, clusterName, nodeGroup, asgName, instanceId } = subject;
      if (instanceId !== undefined) return [instanceLease(subject, instanceId)];
      const own = `node-group#${accountId}#${region}#${clusterName}#${nodeGroup}`;
      return asgName === undefined ? [own] : [groupLease(subject, asgName), own];
    }
  }
};
