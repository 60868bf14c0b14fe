/** Rules about who runs the group: what another service or tool manages, that one would undo what we do, or be undone. */
import type { GroupFacts } from "../../../model/group.ts";
import { currentJudgementVersion } from "../../../model/judgement-version.ts";
import { limitName } from "../../../policy/limit-name.ts";
import { enabledTag } from "../../../policy/group-tags.ts";
import { codeOwnerOf } from "../owner-lists.ts";
import {
  claimedByOther,
  managedByPlatform,
  managedByService,
  movedByOther,
  platformOwners,
  type Owned,
  type PlatformOwner,
} from "../ownership.ts";
import { listed } from "../objection.ts";
import type { GroupRule } from "./rule.ts";

const owned = ({ asgName: id, tags }: GroupFacts): Owned => ({ kind: "Group", id, tags });

const membersOf = ({ asgName, members }: GroupFacts): readonly Owned[] =>
  members.map(({ instanceId, instance }) => ({
    kind: "Member",
    id: `${instanceId} of group ${asgName}`,
    tags: instance?.tags ?? {},
  }));

/**
 * Who launches nodes by a template of his own may tag the instances alone. Source: Amazon EKS user guide, "Self-managed nodes":
 * `kubernetes.io/cluster/<name>` stands on the nodes.
 */
const isNotHeldBy =
  (owner: PlatformOwner): GroupRule =>
  ({ group, judgementVersion = currentJudgementVersion }) =>
    [owned(group), ...(judgementVersion >= 5 ? membersOf(group) : [])].flatMap(
      (carrier) => managedByPlatform(carrier, owner) ?? [],
    )[0];

const isNotOperatorManaged: GroupRule = ({ group: { asgName, kind } }) =>
  kind.operator === undefined
    ? undefined
    : {
        code: "OPERATOR_MANAGED",
        sentence: `Group ${asgName} is managed by ${kind.operator}, which alone may change it: choose Spot in that service, and delete the target.`,
      };

const isNotHeldByService: GroupRule = ({ group }) => managedByService(owned(group));

/** Tags of a converter stand on the group, or on what it has launched into it. */
const hasNoOtherOptimizer: GroupRule = ({ group: { asgName, tags, members } }) => {
  const carriers = [
    { name: `Group ${asgName}`, tags },
    ...members.map(({ instanceId, instance }) => ({
      name: `Member ${instanceId} of group ${asgName}`,
      tags: instance?.tags ?? {},
    })),
  ];
  return carriers.flatMap((carrier) => movedByOther(carrier.name, carrier.tags) ?? [])[0];
};

const isNotClaimedByOthers: GroupRule = ({ group, deploymentId }) =>
  claimedByOther(owned(group), deploymentId);

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

const ownedBy = (owners: readonly PlatformOwner[]): readonly GroupRule[] => [
  isNotOptedOut,
  tagsAreReadable,
  isNotOperatorManaged,
  ...owners.map(isNotHeldBy),
  isNotHeldByService,
  isNotClaimedByOthers,
  hasNoOtherOptimizer,
];

export const ownershipRules: readonly GroupRule[] = [
  ...ownedBy(platformOwners),
  doesNotRebalance,
  isDriftAccepted,
];

/** Of a group whose members are nodes of EKS. */
const nodeOwnershipRules: readonly GroupRule[] = ownedBy(
  platformOwners.filter(({ code }) => code !== "EKS_NODE"),
);

/** Of one that EKS manages: how that answers interruptions is EKS's own. */
export const managedNodeOwnershipRules: readonly GroupRule[] = [
  ...nodeOwnershipRules,
  isDriftAccepted,
];

export const ownNodeOwnershipRules: readonly GroupRule[] = [
  ...nodeOwnershipRules,
  doesNotRebalance,
  isDriftAccepted,
];
