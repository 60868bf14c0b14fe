/** Rules about who runs the instance: what another service manages, that service would replace or remove again. */
import type { InstanceFacts } from "../../../model/instance.ts";
import type { TargetId } from "../../../model/ids.ts";
import { evaluationTag, managedByTag, targetTag } from "../../../model/tags.ts";
import type { IneligibilityCode } from "../../../model/verdict.ts";
import type { OriginalRule } from "./rule.ts";

interface Owner {
  readonly code: IneligibilityCode;
  readonly name: string;
  /** Starts of tag keys that the service sets. */
  readonly keys: readonly string[];
  readonly next: string;
}

/** The outermost service first: an EKS node is also in an Auto Scaling group. */
const owners: readonly Owner[] = [
  {
    code: "EKS_NODE",
    name: "Kubernetes (EKS or Karpenter)",
    keys: ["eks:", "aws:eks:", "kubernetes.io/cluster/", "karpenter.sh/"],
    next: "register it in mode KUBERNETES",
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
    name: "ECS",
    keys: ["AmazonECSManaged", "aws:ecs:"],
    next: "use a Spot capacity provider",
  },
  {
    code: "FLEET_MANAGED",
    name: "an EC2 fleet",
    keys: ["aws:ec2:fleet-id", "aws:ec2spot:fleet-request-id"],
    next: "set the Spot share in the fleet's request",
  },
  {
    code: "IN_AUTO_SCALING_GROUP",
    name: "an Auto Scaling group",
    keys: ["aws:autoscaling:"],
    next: "register the group in mode CLUSTER",
  },
];

/** The tag by which an owner is known, as `key=value`; undefined when the owner does not hold the instance. */
const ownerTag = (instance: InstanceFacts, owner: Owner): string | undefined => {
  const entry = Object.entries(instance.tags)
    .sort()
    .find(([key]) => owner.keys.some((start) => key.startsWith(start)));
  return entry === undefined ? undefined : `${entry[0]}=${entry[1]}`;
};

const isNotHeldBy =
  (owner: Owner): OriginalRule =>
  ({ instance }) => {
    const tag = ownerTag(instance, owner);
    if (tag === undefined) return undefined;
    return {
      code: owner.code,
      sentence: `Instance ${instance.instanceId} is managed by ${owner.name} (tag ${tag}): ${owner.next} instead.`,
    };
  };

const isNotOperatorManaged: OriginalRule = ({ instance }) =>
  instance.operatorManaged
    ? {
        code: "OPERATOR_MANAGED",
        sentence: `Instance ${instance.instanceId} is managed by an AWS service (operator.managed), which alone may change it: choose Spot in that service, and delete the target.`,
      }
    : undefined;

/** An owner's own `ManagedBy` may stand where ours would. */
const isOurs = ({ tags }: InstanceFacts): boolean =>
  tags[managedByTag.key] === managedByTag.value || tags[evaluationTag] !== undefined;

/** Our own target's replacement may be moved again; another target's is that target's business. */
const belongsToOtherTarget = (instance: InstanceFacts, targetId: TargetId): boolean =>
  isOurs(instance) && instance.tags[targetTag] !== targetId;

const isNotOursElsewhere: OriginalRule = ({ instance, target }) =>
  belongsToOtherTarget(instance, target.targetId)
    ? {
        code: "MANAGED_BY_SPOT_OPTIMIZER",
        sentence: `Instance ${instance.instanceId} was launched by Spot Optimizer for target ${instance.tags[targetTag] ?? "unknown"}, not for ${target.targetId}: evaluate that target, and delete this one.`,
      }
    : undefined;

/** The services that hold the instance, as tags; for comparing two readings. */
export const owningTags = (instance: InstanceFacts): readonly string[] =>
  owners.flatMap((owner) => ownerTag(instance, owner) ?? []);

export const ownershipRules: readonly OriginalRule[] = [
  isNotOperatorManaged,
  ...owners.map(isNotHeldBy),
  isNotOursElsewhere,
];
