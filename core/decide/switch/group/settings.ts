/** Rules about how the group is set: where attaching can't work, or would end in something else than its owner has now. */
import { suspensionOf, type GroupHook } from "../../../model/group.ts";
import { limitName } from "../../../policy/limit-name.ts";
import { listed } from "../objection.ts";
import { spreadRoomIn } from "./placement-group.ts";
import type { GroupRule } from "./rule.ts";

const isNotBeingDeleted: GroupRule = ({ group: { asgName, kind } }) =>
  kind.status === undefined
    ? undefined
    : {
        code: "GROUP_BEING_DELETED",
        sentence: `Group ${asgName} has status "${kind.status}": delete the target.`,
      };

/** Source: EC2 Auto Scaling user guide, "Mixed instances groups": its share of Spot is one setting. */
const isNotMixed: GroupRule = ({ group: { asgName, kind } }) =>
  kind.mixedInstances === undefined
    ? undefined
    : {
        code: "MIXED_INSTANCES_POLICY",
        sentence: `Group ${asgName} has a mixed-instances policy (On-Demand base ${String(kind.mixedInstances.onDemandBaseCapacity ?? 0)}, ${String(kind.mixedInstances.onDemandPercentageAboveBase ?? 100)} % On-Demand above it): lower these two there, and AWS replaces members one by one.`,
      };

const countsInstances: GroupRule = ({ group: { asgName, kind, members } }) => {
  const weighted = members.find(({ weightedCapacity }) => weightedCapacity !== undefined);
  const type = kind.desiredCapacityType;
  const isCounted = type === undefined || type === "units";
  if (isCounted && weighted === undefined) return undefined;
  const found = isCounted
    ? `member ${weighted?.instanceId ?? ""} has weight ${weighted?.weightedCapacity ?? ""}`
    : `its desired capacity counts ${type}`;
  return {
    code: "WEIGHTED_CAPACITY",
    sentence: `Group ${asgName} does not count instances: ${found}, so that one for one is not the same capacity. Use its mixed-instances policy instead.`,
  };
};

const hasNoWarmPool: GroupRule = ({ group: { asgName, kind } }) =>
  kind.warmPool === undefined
    ? undefined
    : {
        code: "WARM_POOL",
        sentence: `Group ${asgName} has a warm pool (${String(kind.warmPool.size)} instances, ${kind.warmPool.poolState ?? "Stopped"}), from which AWS fills it: a stopped Spot Instance can't be one of it. Delete the warm pool if it is not needed.`,
      };

/** Others don't hinder: ours suspends AZRebalance itself, and leaves what its owner suspended. */
const neededProcesses = ["Launch", "AddToLoadBalancer"] as const;

/** Source: EC2 Auto Scaling user guide, "Suspend and resume processes", administrative suspensions. */
const isAdministrative = (reason: string): boolean => /^administrative/i.test(reason.trim());

const processesRun: GroupRule = ({ group }) => {
  const suspended = neededProcesses.flatMap((process) => suspensionOf(group, process) ?? []);
  return suspended.length === 0
    ? undefined
    : {
        code: "PROCESS_SUSPENDED",
        sentence: `Group ${group.asgName} has ${listed(suspended.map(({ process, reason }) => `${process} suspended (${reason})`))}, without which nothing can be attached, or gets no traffic: resume it.`,
      };
};

const isNotSuspendedByAws: GroupRule = ({ group: { asgName, suspendedProcesses } }) => {
  const found = suspendedProcesses.filter(({ reason }) => isAdministrative(reason));
  return found.length === 0
    ? undefined
    : {
        code: "ADMINISTRATIVE_SUSPENSION",
        sentence: `AWS has suspended ${listed(found.map(({ process }) => process))} of group ${asgName}, because it could launch nothing for a day: see in its activities why, mend that, and resume it.`,
      };
};

const launching = "autoscaling:EC2_INSTANCE_LAUNCHING";

const isTerminatingHook = ({ transition }: Pick<GroupHook, "transition">): boolean =>
  transition === "autoscaling:EC2_INSTANCE_TERMINATING";

/** Source: EC2 Auto Scaling user guide, "Lifecycle hooks": they don't run when an instance is attached. */
const hasNoLaunchHook: GroupRule = ({ group: { asgName, hooks } }) => {
  const found = hooks.filter(({ transition }) => transition === launching);
  return found.length === 0
    ? undefined
    : {
        code: "LAUNCH_HOOK",
        sentence: `Group ${asgName} has launch hook ${listed(found.map(({ name, subscriber }) => `${name} (told: ${subscriber ?? "EventBridge"})`))}, which does not run for what is attached: what its subscriber does at a launch would not be done. Use a mixed-instances policy of the group instead.`,
      };
};

const endsWhatIsAbandoned: GroupRule = ({ group: { asgName, settings, hooks }, policy }) => {
  const isKept = settings.terminateHookAbandon === "retain" && hooks.some(isTerminatingHook);
  return !isKept || policy.acceptRetainedInstances
    ? undefined
    : {
        code: "RETAINED_INSTANCES",
        sentence: `Group ${asgName} keeps an instance whose terminating hook is abandoned (TerminateHookAbandon is retain), and an original may stay so, running and billed: set ${limitName("acceptRetainedInstances")} if its owner ends these.`,
      };
};

/** Source: EC2 Auto Scaling API reference, DetachInstances: no hook runs for what is detached. */
const runsItsHooks: GroupRule = ({ group: { asgName, hooks }, policy }) => {
  const found = policy.keepOriginalsHours > 0 ? hooks.filter(isTerminatingHook) : [];
  return found.length === 0
    ? undefined
    : {
        code: "TERMINATING_HOOK_SKIPPED",
        sentence: `Group ${asgName} has terminating hook ${listed(found.map(({ name }) => name))}, which does not run for an original that is detached to be kept: set ${limitName("keepOriginalsHours")} to 0, and it runs.`,
      };
};

/** Source: EC2 Auto Scaling API reference, CapacityReservationSpecification and AvailabilityZoneDistribution. */
const usesNoReservations: GroupRule = ({ group: { asgName, kind } }) => {
  const { zoneDistribution, capacityReservationPreference: preference = "default" } = kind;
  const found = [
    ...(zoneDistribution === "reservations-then-balanced"
      ? [`its zones are chosen by ${zoneDistribution}`]
      : []),
    ...(preference === "default" || preference === "none"
      ? []
      : [`its capacity reservation preference is ${preference}`]),
    ...(kind.hasCapacityReservationTarget ? ["it targets capacity reservations"] : []),
  ];
  return found.length === 0
    ? undefined
    : {
        code: "CAPACITY_RESERVATION",
        sentence: `Group ${asgName} uses On-Demand capacity that is reserved (${listed(found)}), which is paid whether used or not: take it out, or cancel the reservations.`,
      };
};

const placementGroupExists: GroupRule = ({ group: { asgName, placementGroup } }) =>
  placementGroup === undefined || placementGroup.strategy !== undefined
    ? undefined
    : {
        code: "PLACEMENT_GROUP_MISSING",
        sentence: `Placement group ${placementGroup.name} of group ${asgName} is not shown to this account, and EC2 refuses a clone in it: share it with the account, or take it out of the group.`,
      };

const hasRoomInPlacementGroup: GroupRule = ({ group }) => {
  const full = group.zones.filter(({ zoneId }) => spreadRoomIn(group, zoneId) <= 0);
  if (group.placementGroup === undefined || full.length === 0) return undefined;
  // Where another zone has room its members can be converted.
  if (full.length < group.zones.length) return undefined;
  return {
    code: "PLACEMENT_GROUP_FULL",
    sentence: `Placement group ${group.placementGroup.name} of group ${group.asgName} spreads over racks and is full in ${listed(full.map(({ zoneName }) => zoneName))}, so that no replacement can stand beside a member: use another strategy, or fewer members.`,
  };
};

export const settingsRules: readonly GroupRule[] = [
  isNotBeingDeleted,
  isNotMixed,
  countsInstances,
  hasNoWarmPool,
  processesRun,
  isNotSuspendedByAws,
  hasNoLaunchHook,
  endsWhatIsAbandoned,
  runsItsHooks,
  usesNoReservations,
  placementGroupExists,
  hasRoomInPlacementGroup,
];

/** What it asks consent for is of members alone: a node's terminating hook drains it a second time, which finds nothing. */
export const nodeSettingsRules: readonly GroupRule[] = settingsRules.filter(
  (rule) => rule !== endsWhatIsAbandoned,
);
