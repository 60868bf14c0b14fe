/** Rules about who runs the instance: what another service manages, that service would replace or remove again. */
import type { InstanceFacts } from "../../../model/instance.ts";
import type { TargetId } from "../../../model/ids.ts";
import {
  deploymentTag,
  enrolTag,
  evaluationTag,
  managedByTag,
  targetTag,
} from "../../../model/tags.ts";
import type { Policy } from "../../../policy/policy.ts";
import { limitName } from "../../../policy/limit-name.ts";
import { areHabit, ownersStarts, watchedDays } from "../owners-starts.ts";
import {
  codeOwnerOf,
  foreignOptimizers,
  ownerAmong,
  schedulers,
  serviceOwners,
  tagOf,
} from "../../switch/owner-lists.ts";
import {
  claimedByOther,
  managedByPlatform,
  managedByService,
  movedByOther,
  platformOwners,
  type Owned,
  type PlatformOwner,
} from "../../switch/ownership.ts";
import { listed } from "../../switch/objection.ts";
import type { OriginalRule } from "./rule.ts";

const fleetTag = "aws:ec2:fleet-id";

/** The outermost service first. */
const owners: readonly PlatformOwner[] = [
  ...platformOwners,
  {
    code: "FLEET_MANAGED",
    name: "an EC2 fleet",
    keys: [fleetTag, "aws:ec2spot:fleet-request-id"],
    next: "set the Spot share in the fleet's request",
  },
  {
    code: "IN_AUTO_SCALING_GROUP",
    name: "an Auto Scaling group",
    keys: ["aws:autoscaling:"],
    next: "register the group in mode CLUSTER",
  },
];

/**
 * A fleet of type instant that we launched by manages nothing afterwards. One that carries our tags as copies is not the instance that a switch of
 * its target has launched, and is refused as another target's.
 */
const withoutOwnFleet = (tags: InstanceFacts["tags"]): InstanceFacts["tags"] => {
  const isOurLaunch = tags[evaluationTag] !== undefined && tags[deploymentTag] !== undefined;
  const { [fleetTag]: _ours, ...others } = tags;
  return isOurLaunch ? others : tags;
};

const owned = ({ instanceId: id, tags }: InstanceFacts): Owned => ({
  kind: "Instance",
  id,
  tags: withoutOwnFleet(tags),
});

const isNotHeldBy =
  (owner: PlatformOwner): OriginalRule =>
  ({ instance }) =>
    managedByPlatform(owned(instance), owner);

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

const isNotHeldByService: OriginalRule = ({ instance }) => managedByService(owned(instance));

const hasNoOtherOptimizer: OriginalRule = ({ instance: { instanceId, tags } }) =>
  movedByOther(`Instance ${instanceId}`, tags);

/** The role may change nothing else, and would be refused half-way. */
const isEnrolledWhole: OriginalRule = ({ instance: { instanceId, unenrolled = [] } }) =>
  unenrolled.length === 0
    ? undefined
    : {
        code: "NOT_ENROLLED",
        sentence: `Of instance ${instanceId} and what hangs on it, ${listed(unenrolled)} lack${unenrolled.length === 1 ? "s" : ""} the tag ${enrolTag.key}=${enrolTag.value}, without which our role may not change it: set the tag on each (docs/permissions.md).`,
      };

const isNotClaimedByOthers: OriginalRule = ({ instance, deploymentId }) =>
  claimedByOther(owned(instance), deploymentId);

const isDriftAccepted: OriginalRule = ({ instance, policy }) => {
  const owner = codeOwnerOf(instance.tags);
  if (owner === undefined || policy.acceptIacDrift) return undefined;
  return {
    code: "IAC_MANAGED",
    sentence: `Instance ${instance.instanceId} was made by ${owner.name} (tag ${owner.tag}), whose state will name an instance that is replaced: set ${limitName("acceptIacDrift")} if its owner brings the state after it (docs/workflows/linear.md).`,
  };
};

/** One-time Spot can't be stopped: what stops it by the clock would fail, or terminate it. */
const isNotStoppedByOwner: OriginalRule = (facts) => {
  const { instance, policy } = facts;
  if (policy.acceptOwnerStops) return undefined;
  const scheduler = ownerAmong(instance.tags, schedulers);
  const starts = ownersStarts(instance, facts.target);
  if (scheduler === undefined && !areHabit(starts)) return undefined;
  const because =
    scheduler === undefined
      ? `it was started ${String(starts.length)} times in ${String(watchedDays)} days (${starts.join(", ")})`
      : `${scheduler.name} has it on its list (tag ${scheduler.tag})`;
  return {
    code: "OWNER_STOPS_IT",
    sentence: `Instance ${instance.instanceId} is stopped and started by its owner: ${because}. Its replacement could not be stopped: set ${limitName("acceptOwnerStops")} if that is over, or may be.`,
  };
};

/** What its owner agreed to in a policy. */
export type OwnersConsent = Pick<Policy, "acceptIacDrift" | "acceptOwnerStops">;

/** Whoever has a hand on the instance by a tag of its own, and whose owner has not consented; in the words of a sentence. */
export const handsWithoutConsent = (
  { tags }: Pick<InstanceFacts, "tags">,
  { acceptIacDrift, acceptOwnerStops }: OwnersConsent,
): readonly string[] => {
  const services = [...owners, ...serviceOwners, ...foreignOptimizers];
  const found = [
    ownerAmong(withoutOwnFleet(tags), services),
    acceptOwnerStops ? undefined : ownerAmong(tags, schedulers),
    acceptIacDrift ? undefined : codeOwnerOf(tags),
  ];
  return found.flatMap((owner) => (owner === undefined ? [] : `${owner.name} (tag ${owner.tag})`));
};

/** Whoever has a hand on the instance, as tags, other deployments aside; for comparing two readings. */
export const owningTags = ({ tags }: InstanceFacts): readonly string[] => {
  const others = [...serviceOwners, ...foreignOptimizers, ...schedulers];
  const known = [...owners, ...others].flatMap((owner) => tagOf(tags, owner) ?? []);
  const code = codeOwnerOf(tags)?.tag;
  return [...new Set(code === undefined ? known : [...known, code])];
};

export const ownershipRules: readonly OriginalRule[] = [
  isNotOperatorManaged,
  ...owners.map(isNotHeldBy),
  isNotHeldByService,
  isNotOursElsewhere,
  isNotClaimedByOthers,
  hasNoOtherOptimizer,
  isNotStoppedByOwner,
  isDriftAccepted,
  isEnrolledWhole,
];
