/** Who has a hand on an instance or a group, as its tags tell: what another service or tool manages, that one would replace or undo. */
import type { DeploymentId } from "../../model/ids.ts";
import { claimTag } from "../../model/tags.ts";
import type { IneligibilityCode } from "../../model/verdict.ts";
import type { Objection } from "./objection.ts";
import {
  foreignOptimizers,
  ownerAmong,
  serviceOwners,
  tagOf,
  type TagOwner,
} from "./owner-lists.ts";

export interface Owned {
  readonly kind: "Instance" | "Group" | "Member";
  /** Id or name; of a member, with its group. */
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A service that has a way to Spot of its own. */
export interface PlatformOwner extends TagOwner {
  readonly code: IneligibilityCode;
  /** What to do instead. */
  readonly next: string;
}

/** The outermost first: an EKS node is also in an Auto Scaling group. */
export const platformOwners: readonly PlatformOwner[] = [
  {
    code: "EKS_NODE",
    name: "Kubernetes (EKS or Karpenter)",
    keys: [
      "eks:",
      "aws:eks:",
      "kubernetes.io/cluster/",
      "k8s.io/cluster-autoscaler/",
      "karpenter.sh/",
    ],
    next: "register its node group in mode KUBERNETES",
  },
  {
    code: "BEANSTALK_MANAGED",
    name: "Elastic Beanstalk",
    keys: ["elasticbeanstalk:"],
    next: "set Spot in the environment's capacity settings",
  },
  {
    code: "EMR_MANAGED",
    name: "EMR",
    keys: ["aws:elasticmapreduce:"],
    next: "use Spot task nodes in the cluster's configuration",
  },
  {
    code: "BATCH_MANAGED",
    name: "AWS Batch",
    keys: ["AWSBatchServiceTag", "aws:batch:"],
    next: "use a Spot compute environment",
  },
  {
    code: "ECS_MANAGED",
    name: "an ECS capacity provider",
    keys: ["AmazonECSManaged", "aws:ecs:"],
    next: "use a Spot capacity provider",
  },
];

export const managedByPlatform = (
  { kind, id, tags }: Owned,
  owner: PlatformOwner,
): Objection | undefined => {
  const tag = tagOf(tags, owner);
  return tag === undefined
    ? undefined
    : {
        code: owner.code,
        sentence: `${kind} ${id} is managed by ${owner.name} (tag ${tag}): ${owner.next} instead.`,
      };
};

export const managedByService = ({ kind, id, tags }: Owned): Objection | undefined => {
  const owner = ownerAmong(tags, serviceOwners);
  return owner === undefined
    ? undefined
    : {
        code: "SERVICE_MANAGED",
        sentence: `${kind} ${id} is managed by ${owner.name} (tag ${owner.tag}), which would replace or end what it did not make: leave it to that service, and delete the target.`,
      };
};

/** @param name as the sentence begins: `Instance i-…`, `Member i-… of group web` */
export const movedByOther = (name: string, tags: Owned["tags"]): Objection | undefined => {
  const owner = ownerAmong(tags, foreignOptimizers);
  return owner === undefined
    ? undefined
    : {
        code: "FOREIGN_OPTIMIZER",
        sentence: `${name} is moved between On-Demand and Spot by ${owner.name} (tag ${owner.tag}): take it out there and take the tag off, or delete the target.`,
      };
};

/** One that an earlier evaluation of our own has left does not count: the lease says that it has ended. */
export const claimedByOther = (
  { kind, id, tags }: Owned,
  deploymentId: DeploymentId | undefined,
): Objection | undefined => {
  const claim = tags[claimTag];
  const isOwn = deploymentId !== undefined && claim?.startsWith(`${deploymentId}#`) === true;
  return claim === undefined || isOwn
    ? undefined
    : {
        code: "FOREIGN_CLAIM",
        sentence: `Another deployment of Spot Optimizer works on ${kind.toLowerCase()} ${id} (tag ${claimTag}=${claim}): register it with one of them, and take the tag off if that one no longer exists.`,
      };
};
