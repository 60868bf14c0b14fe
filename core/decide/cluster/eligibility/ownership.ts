/** Rules about who runs the group: what another service or tool manages, that one would undo what we do, or be undone. */
import { claimTag } from "../../../model/tags.ts";
import type { IneligibilityCode } from "../../../model/verdict.ts";
import { limitName } from "../../../policy/limit-name.ts";
import { enabledTag } from "../../../policy/group-tags.ts";
import {
  codeOwnerOf,
  foreignOptimizers,
  ownerAmong,
  serviceOwners,
  tagOf,
  type TagOwner,
} from "../../switch/owner-lists.ts";
import { listed } from "../../switch/objection.ts";
import type { GroupRule } from "./rule.ts";

interface Owner extends TagOwner {
  readonly code: IneligibilityCode;
  readonly next: string;
}

/** Each has a way to Spot of its own, and replaces what it did not make. */
const owners: readonly Owner[] = [
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

const isNotHeldBy =
  (owner: Owner): GroupRule =>
  ({ group }) => {
    const tag = tagOf(group.tags, owner);
    return tag === undefined
      ? undefined
      : {
          code: owner.code,
          sentence: `Group ${group.asgName} is managed by ${owner.name} (tag ${tag}): ${owner.next} instead.`,
        };
  };

const isNotOperatorManaged: GroupRule = ({ group: { asgName, kind } }) =>
  kind.operator === undefined
    ? undefined
    : {
        code: "OPERATOR_MANAGED",
        sentence: `Group ${asgName} is managed by ${kind.operator}, which alone may change it: choose Spot in that service, and delete the target.`,
      };

const isNotHeldByService: GroupRule = ({ group: { asgName, tags } }) => {
  const owner = ownerAmong(tags, serviceOwners);
  return owner === undefined
    ? undefined
    : {
        code: "SERVICE_MANAGED",
        sentence: `Group ${asgName} is managed by ${owner.name} (tag ${owner.tag}), which would replace or end what it did not make: leave it to that service, and delete the target.`,
      };
};

/** Tags of a converter stand on the group, or on what it has launched into it. */
const hasNoOtherOptimizer: GroupRule = ({ group: { asgName, tags, members } }) => {
  const carriers = [
    { name: `Group ${asgName}`, tags },
    ...members.map(({ instanceId, instance }) => ({
      name: `Member ${instanceId} of group ${asgName}`,
      tags: instance?.tags ?? {},
    })),
  ];
  const [found] = carriers.flatMap((carrier) => {
    const owner = ownerAmong(carrier.tags, foreignOptimizers);
    return owner === undefined ? [] : [{ ...owner, carrier: carrier.name }];
  });
  return found === undefined
    ? undefined
    : {
        code: "FOREIGN_OPTIMIZER",
        sentence: `${found.carrier} is moved between On-Demand and Spot by ${found.name} (tag ${found.tag}): take it out there and take the tag off, or delete the target.`,
      };
};

/** One that an earlier evaluation of our own has left does not count: the lease says that it has ended. */
const isNotClaimedByOthers: GroupRule = ({ group: { asgName, tags }, deploymentId }) => {
  const claim = tags[claimTag];
  const isOwn = deploymentId !== undefined && claim?.startsWith(`${deploymentId}#`) === true;
  return claim === undefined || isOwn
    ? undefined
    : {
        code: "FOREIGN_CLAIM",
        sentence: `Another deployment of Spot Optimizer works on group ${asgName} (tag ${claimTag}=${claim}): register it with one of them, and take the tag off if that one no longer exists.`,
      };
};

/** AWS replaces what is about to be interrupted by itself, from the template, and two who answer launch two. */
const doesNotRebalance: GroupRule = ({ group: { asgName, settings } }) =>
  settings.capacityRebalance
    ? {
        code: "CAPACITY_REBALANCE",
        sentence: `Group ${asgName} has Capacity Rebalancing on: AWS would answer each recommendation by an On-Demand instance of the template, and end ours. Turn it off, or set Spot in a mixed-instances policy of the group itself.`,
      }
    : undefined;

const isDriftAccepted: GroupRule = ({ group: { asgName, tags }, policy }) => {
  const owner = codeOwnerOf(tags);
  return owner === undefined || policy.acceptIacDrift
    ? undefined
    : {
        code: "IAC_MANAGED",
        sentence: `Group ${asgName} was made by ${owner.name} (tag ${owner.tag}), whose next run may set its sizes and replace Spot members: set ${limitName("acceptIacDrift")} if its owner agrees, or put Spot into a mixed-instances policy there (docs/workflows/cluster.md).`,
      };
};

const isNotOptedOut: GroupRule = ({ group: { asgName }, overrides }) =>
  overrides.enabled === false
    ? {
        code: "OPTED_OUT",
        sentence: `Group ${asgName} is opted out by its owner (tag ${enabledTag}=false): take the tag off, or delete the target.`,
      }
    : undefined;

const tagsAreReadable: GroupRule = ({ group: { asgName }, overrides: { malformed } }) =>
  malformed.length === 0
    ? undefined
    : {
        code: "MALFORMED_TAG",
        sentence: `Group ${asgName} has tags that can't be read: ${listed(malformed.map(({ key, value, form }) => `${key}=${value} (must be ${form})`))}. Mend them, or take them off.`,
      };

export const ownershipRules: readonly GroupRule[] = [
  isNotOptedOut,
  tagsAreReadable,
  isNotOperatorManaged,
  ...owners.map(isNotHeldBy),
  isNotHeldByService,
  isNotClaimedByOthers,
  hasNoOtherOptimizer,
  doesNotRebalance,
  isDriftAccepted,
];
