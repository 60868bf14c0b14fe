/**
 * What is known of one Auto Scaling group when it is judged: its settings, its members, and what else acts on it. Stored with the
 * evaluation and replayed. Never holds user data: of it only the signs that matter are kept (`GroupTemplate.bootSigns`).
 * Names and values are spelled as the Auto Scaling API spells them.
 */
import type { InstanceState, PlacementGroupFacts } from "./instance.ts";
import type { AccountId, InstanceId } from "./ids.ts";
import type { GroupTemplate, TemplateReference } from "./group-template.ts";
import type { GroupTraffic } from "./group-traffic.ts";
import { readSpotStatus } from "./spot-status.ts";

/** What EC2 shows of a member. What hangs on it is compared with what its template gives. */
export interface MemberInstance {
  readonly state: InstanceState;
  /** ISO 8601 */
  readonly launchedAt: string;
  /** Absent for On-Demand; else `spot`, `scheduled`, `capacity-block` … */
  readonly lifecycle?: string;
  readonly imageId: string;
  readonly subnetId: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly volumes: readonly { readonly volumeId: string; readonly deviceName: string }[];
  readonly interfaces: readonly {
    readonly networkInterfaceId: string;
    readonly deviceIndex: number;
    readonly networkCardIndex: number;
  }[];
  /** Public addresses that the account owns: one that a subnet assigns is AWS's. */
  readonly elasticIps: readonly string[];
  /** Status code of its Spot request: `marked-for-termination` … Absent: it is not on Spot, or it was not read. */
  readonly spotStatus?: string;
}

/** A member as the group shows it, with what EC2 shows of it. */
export interface GroupMember {
  readonly instanceId: InstanceId;
  readonly instanceType: string;
  readonly zoneName: string;
  /** Same for every account; the name is not. */
  readonly zoneId: string;
  /** `InService`, `Pending:Wait`, `Terminating:Retained` …; one that we do not know counts as not in service. */
  readonly lifecycleState: string;
  /** `Healthy` or `Unhealthy`, by the group's health checks. Says nothing of target groups unless ELB is among them. */
  readonly healthStatus: string;
  readonly protectedFromScaleIn: boolean;
  /** Absent for an attached member of a group with a launch configuration, and for members of before it. */
  readonly launchTemplate?: TemplateReference;
  readonly launchConfigurationName?: string;
  readonly weightedCapacity?: string;
  /** Absent: EC2 does not show it. */
  readonly instance?: MemberInstance;
}

export interface GroupHook {
  readonly name: string;
  /** `autoscaling:EC2_INSTANCE_LAUNCHING` or `autoscaling:EC2_INSTANCE_TERMINATING`. */
  readonly transition: string;
  readonly heartbeatTimeoutSeconds?: number;
  readonly globalTimeoutSeconds?: number;
  /** `CONTINUE` or `ABANDON`. */
  readonly defaultResult?: string;
  /** Whom it tells: ARN of a topic or queue; absent: EventBridge alone. */
  readonly subscriber?: string;
}

export interface SuspendedProcess {
  readonly process: string;
  /** `User suspended at 2026-11-27T16:38:20Z`, `Administratively suspended …`. */
  readonly reason: string;
}

export interface GroupPolicy {
  readonly name: string;
  /** `TargetTrackingScaling`, `StepScaling`, `SimpleScaling`, `PredictiveScaling`. */
  readonly type: string;
  readonly enabled: boolean;
  readonly alarms: readonly string[];
  /** Of a predictive policy: `IncreaseMaxCapacity` raises the group's maximum for good. */
  readonly maxCapacityBreachBehavior?: string;
}

export interface ScheduledAction {
  readonly name: string;
  /** ISO 8601 */
  readonly startTime?: string;
  readonly endTime?: string;
  /** Five fields of cron. */
  readonly recurrence?: string;
  /** IANA name; absent: UTC. */
  readonly timeZone?: string;
}

export interface GroupActivity {
  readonly activityId: string;
  readonly statusCode: string;
  /** `Attaching an existing EC2 instance: i-…` */
  readonly description: string;
  readonly cause: string;
  /** ISO 8601 */
  readonly startedAt: string;
  /** Absent while it goes on. */
  readonly endedAt?: string;
}

/** What decides in which order AWS replaces a member by itself, and what becomes of one whose hook is abandoned. */
export interface ReplacementSettings {
  /** Absent: no instance maintenance policy. */
  readonly maintenance?: {
    readonly minHealthyPercentage: number;
    readonly maxHealthyPercentage: number;
  };
  /** Account setting `launchBeforeTerminate`, as the API answers it. Absent: the region does not know it, or it could not be read. */
  readonly launchBeforeTerminate?: string;
  readonly maxInstanceLifetimeSeconds?: number;
  readonly capacityRebalance: boolean;
  /** `TerminateHookAbandon` of the instance lifecycle policy: `terminate` or `retain`. */
  readonly terminateHookAbandon?: string;
  readonly terminationPolicies: readonly string[];
  readonly newInstancesProtected: boolean;
  readonly defaultInstanceWarmupSeconds?: number;
  /** `EC2`, `ELB`, `EBS`, `VPC_LATTICE`. */
  readonly healthCheckTypes: readonly string[];
  readonly healthCheckGraceSeconds: number;
}

/** Members may not be replaced one by one by us where one of these is set: what it says is told in the refusal. */
export interface GroupKind {
  /** Present: the group launches from a launch configuration. */
  readonly launchConfigurationName?: string;
  /** Present: a mixed-instances policy; its On-Demand share where AWS says it. */
  readonly mixedInstances?: {
    readonly onDemandBaseCapacity?: number;
    readonly onDemandPercentageAboveBase?: number;
  };
  readonly warmPool?: { readonly poolState?: string; readonly size: number };
  /** `units`, `vcpu`, `memory-mib`; absent: units. */
  readonly desiredCapacityType?: string;
  /** `balanced-best-effort`, `balanced-only`, `reservations-then-balanced`. */
  readonly zoneDistribution?: string;
  /** `default`, `none`, `capacity-reservations-only` … */
  readonly capacityReservationPreference?: string;
  readonly hasCapacityReservationTarget: boolean;
  /** Principal of the service that manages the group. */
  readonly operator?: string;
  /** `Delete in progress`. */
  readonly status?: string;
}

/** The CloudFormation stack that made a group, or that one's outermost while that is busy. */
export interface GroupStack {
  readonly name: string;
  /** As CloudFormation spells it: `UPDATE_IN_PROGRESS`. Absent: it could not be read. */
  readonly status?: string;
  /** Why not: a sentence without its full stop. */
  readonly unread?: string;
}

export interface GroupSizes {
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredCapacity: number;
}

/** What changes while a switch goes on, and is read again before each change. */
export interface LiveGroup extends GroupSizes {
  readonly members: readonly GroupMember[];
  readonly suspendedProcesses: readonly SuspendedProcess[];
  readonly traffic: GroupTraffic;
}

export interface GroupFacts extends LiveGroup {
  readonly accountId: AccountId;
  readonly region: string;
  readonly asgName: string;
  readonly arn: string;
  readonly kind: GroupKind;
  readonly settings: ReplacementSettings;
  readonly vpcId: string;
  /** Those that the group launches into: attach checks the zone only, so that a clone goes into one of these. */
  readonly subnetIds: readonly string[];
  readonly zones: readonly { readonly zoneName: string; readonly zoneId: string }[];
  /** The group's own counts, not the template's. */
  readonly placementGroup?: PlacementGroupFacts;
  /** The version that the group would launch from now. Absent: it has none, or EC2 does not show it. */
  readonly template?: GroupTemplate;
  /** As the group names it. Absent with a launch configuration. */
  readonly launchTemplate?: TemplateReference;
  readonly tags: Readonly<Record<string, string>>;
  /** Those that it gives to what it launches. */
  readonly propagatedTags: Readonly<Record<string, string>>;
  readonly hooks: readonly GroupHook[];
  readonly policies: readonly GroupPolicy[];
  /** Alarms of its scaling policies that are in state ALARM. */
  readonly alarmsInBreach: readonly string[];
  readonly scheduledActions: readonly ScheduledAction[];
  /** Refreshes that go on. */
  readonly refreshes: readonly { readonly refreshId: string; readonly status: string }[];
  /** Those that go on. */
  readonly activities: readonly GroupActivity[];
  /** Absent: none made it, or CloudFormation no longer has it. */
  readonly stack?: GroupStack;
  /** Of the group (by name) and its target groups (by ARN), those that their owner has not enrolled. Absent: it was not read. */
  readonly unenrolled?: readonly string[];
  /** On-Demand members whose owner protects them from being stopped. Absent: it was not asked, for none is to be kept stopped. */
  readonly stopProtected?: readonly string[];
  /** Members that are LINEAR targets of their own. */
  readonly linearTargets: readonly { readonly instanceId: string; readonly targetId: string }[];
  /** Members that an evaluation of this group has launched and put in, by its own record. Absent in records made before it was looked for. */
  readonly placed?: readonly { readonly instanceId: string; readonly evaluationId: string }[];
}

const inService = "InService";

/** By what the group says alone: target groups are asked apart. */
export const isInService = ({
  lifecycleState,
  healthStatus,
}: Pick<GroupMember, "lifecycleState" | "healthStatus">): boolean =>
  lifecycleState === inService && healthStatus === "Healthy";

/** It leaves the group, or has left it: it does not come back. `Terminating:Wait` still runs, and is not a member to replace. */
export const isLeavingGroup = ({ lifecycleState }: Pick<GroupMember, "lifecycleState">): boolean =>
  /^(Terminat|Detach)/.test(lifecycleState);

/** The desired capacity is a number of these: one in standby, or one that leaves, is not among them. */
export const isCounted = ({ lifecycleState }: Pick<GroupMember, "lifecycleState">): boolean =>
  /^(InService|Pending)/.test(lifecycleState);

/** Kept after an abandoned terminating hook: it runs, is billed, and is not counted. */
export const isRetained = ({ lifecycleState }: Pick<GroupMember, "lifecycleState">): boolean =>
  lifecycleState.endsWith(":Retained");

export const isOnDemand = ({ instance }: Pick<GroupMember, "instance">): boolean =>
  instance !== undefined && instance.lifecycle === undefined;

export const isOnSpot = ({ instance }: Pick<GroupMember, "instance">): boolean =>
  instance?.lifecycle === "spot";

/** EC2 has announced that it takes it back, or has done so. What its owner ends is not taken. */
export const isInterrupted = ({ instance }: Pick<GroupMember, "instance">): boolean => {
  const standing = readSpotStatus(instance?.spotStatus ?? "");
  return standing.kind === "ANNOUNCED" && standing.by !== "USER";
};

/** Auto Scaling learns some time after EC2 that a member has ended. One that EC2 does not show is taken for what the group says. */
export const isRunning = ({ instance }: Pick<GroupMember, "instance">): boolean =>
  instance === undefined || instance.state === "running";

export const memberOf = <Member extends Pick<GroupMember, "instanceId">>(
  { members }: { readonly members: readonly Member[] },
  instanceId: string,
): Member | undefined => members.find((member) => member.instanceId === instanceId);

export const suspensionOf = (
  { suspendedProcesses }: Pick<GroupFacts, "suspendedProcesses">,
  process: string,
): SuspendedProcess | undefined => suspendedProcesses.find((found) => found.process === process);
