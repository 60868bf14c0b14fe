/** What scenarios and tests do to the simulated Auto Scaling from outside AWS's API, and what they may look at. */
import type {
  CompleteLifecycleActionType,
  LaunchConfiguration,
  LifecycleHookSpecification,
  LifecycleState,
  PutScheduledUpdateGroupActionType,
  StartInstanceRefreshType,
  Tag,
  WarmPoolConfiguration,
} from "@aws-sdk/client-auto-scaling";
import type { Call } from "../contract.ts";
import { setDesired, setSizes, type Sizes } from "./capacity.ts";
import { inServiceIn, isSuspended, keyOf, regionAt, zonesOf } from "./context.ts";
import type { AutoScalingContext } from "./context.ts";
import type { AutoScalingListener, ChangeListener } from "./events.ts";
import { addHook, openGroup } from "./group-operations.ts";
import { complete } from "./hooks.ts";
import { addMember, enter, memberOf, register } from "./members.ts";
import { servingIn } from "./serving.ts";
import { putAction, startRefresh } from "./schedule-operations.ts";
import type { ActivityRecord, Definition, Group, Place, ProcessName } from "./state.ts";

export interface GroupName extends Place {
  readonly name: string;
}

export interface GroupDeclaration extends GroupName {
  readonly definition: Definition;
  readonly min: number;
  readonly max: number;
  /** Default: as many as there are members. */
  readonly desired?: number;
  readonly tags?: readonly Tag[];
  readonly hooks?: readonly LifecycleHookSpecification[];
  /** Instances that have been in service for long. Of the group's template unless told. */
  readonly members: readonly string[];
  /** They are of no template, as those of a launch configuration. */
  readonly membersOfNoTemplate?: boolean;
}

interface MemberSummary {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly zoneName: string;
  readonly state: LifecycleState;
  readonly health: "Healthy" | "Unhealthy";
  readonly isProtected: boolean;
  /** Spot, On-Demand (undefined) … as EC2 spells it; undefined also where EC2 has forgotten it. */
  readonly lifecycle: string | undefined;
}

export interface GroupSummary extends GroupName {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  /** Its deletion goes on: its members are on their way out, and nobody asks for any. */
  readonly isDeleting: boolean;
  /** Names of those that it launches into. */
  readonly zones: readonly string[];
  readonly members: readonly MemberSummary[];
  readonly suspended: readonly ProcessName[];
  readonly hooks: readonly string[];
  readonly tags: readonly Tag[];
}

type Release = () => void;

/** How many are asked for, are in service, and are healthy among these. */
interface GroupCapacity {
  readonly desired: number;
  readonly inService: number;
  readonly healthy: number;
}

export interface AutoScalingControl {
  /** With members that are in service, and registered in its target groups. */
  addGroup(declaration: GroupDeclaration): void;
  /** A launch configuration from before 2022: none can be made any longer. */
  addConfiguration(place: Place, configuration: LaunchConfiguration): void;
  /** A policy whose alarm is in breach: desired becomes that, within the group's bounds. Without effect where alarms are suspended. */
  applyPolicy(
    group: GroupName,
    change: { readonly desired: number; readonly policy?: string; readonly alarm?: string },
  ): void;
  /** Alarms of CloudWatch that name the policy as their action, by their names: DescribePolicies lists them. */
  setPolicyAlarms(
    group: GroupName,
    watched: { readonly policy: string; readonly alarms: readonly string[] },
  ): void;
  /** Predictive scaling with IncreaseMaxCapacity raises the maximum for good. */
  raiseMaximum(group: GroupName, max: number): void;
  /** As EKS does with the group of a managed node group, for who has called it. @throws CloudError ValidationError, and then nothing has changed */
  resize(group: GroupName, sizes: Sizes, call?: Call): void;
  /** As EKS does once it has drained a node. @throws CloudError ValidationError where there is no such action */
  completeHook(group: GroupName, action: CompleteLifecycleActionType): void;
  /** As the group's owner. */
  raiseMinimum(group: GroupName, min: number): void;
  schedule(
    group: GroupName,
    action: Omit<PutScheduledUpdateGroupActionType, "AutoScalingGroupName">,
  ): void;
  startRefresh(
    group: GroupName,
    refresh?: Omit<StartInstanceRefreshType, "AutoScalingGroupName">,
  ): void;
  setWarmPool(group: GroupName, pool: WarmPoolConfiguration | undefined): void;
  /** Traffic is shifted away from the zone (its name); undefined ends the shift. */
  shiftZone(group: GroupName, zoneName: string | undefined): void;
  /** AWS suspends what could launch nothing for a day. */
  suspendAdministratively(group: GroupName, processes: readonly ProcessName[]): void;
  /** These calls (all that declare it where none is named) are refused as contended until released. */
  contend(group: GroupName, operations?: readonly string[]): Release;
  /** A scaling activity blocks the calls that declare ScalingActivityInProgress until released. */
  block(group: GroupName): Release;
  /** The service-linked role of the account is not ready until released. */
  withoutRole(accountId: string): Release;
  /** Events in EventBridge's shape, as they happen. */
  onEvent(listener: AutoScalingListener): Release;
  /** Each change of desired, of members and of their health, right after it. */
  onChange(listener: ChangeListener): Release;

  find(group: GroupName): GroupSummary | undefined;
  /** Of the summary what is asked for after each call: many times faster. */
  capacity(group: GroupName): GroupCapacity | undefined;
  groups(accountId: string): readonly GroupSummary[];
  /** Newest first. */
  activities(group: GroupName): readonly Readonly<ActivityRecord>[];
  /** Healthy by the group's and by all of its load balancers' judgement, and EC2 does not take it back. */
  serving(group: GroupName): readonly string[];
  groupOf(instanceId: string): GroupName | undefined;
}

const put = <T>(set: Set<T>, value: T): Release => {
  set.add(value);
  return () => {
    set.delete(value);
  };
};

const joinAtOnce = (context: AutoScalingContext, group: Group, instanceId: string): void => {
  const instance = context.fleet.find(group, instanceId);
  if (instance === undefined) throw new Error(`There is no instance ${instanceId}.`);
  const { LaunchTemplate: template, LaunchConfigurationName: configuration } = group.definition;
  const wanted = template === undefined ? undefined : context.fleet.template(group, template);
  const member = memberOf(group, instance, {
    isAttached: false,
    joinedAt: instance.launchedAt,
    launchConfigurationName: configuration,
    template:
      wanted === undefined
        ? undefined
        : {
            LaunchTemplateId: wanted.id,
            LaunchTemplateName: wanted.name,
            Version: String(wanted.version),
          },
  });
  addMember(context, group, member);
  member.inServiceAt = instance.launchedAt;
  register(context, group, { instanceId, healthyAfterSeconds: 0 });
  enter(context, group, { member, state: "InService" });
};

const declare = (context: AutoScalingContext, declaration: GroupDeclaration): void => {
  const { min, max, members, desired = members.length, tags = [], hooks = [] } = declaration;
  const sizes = { min, max, desired };
  const group = openGroup(context, { ...declaration, sizes, tags });
  for (const hook of hooks) addHook(group, hook);
  for (const id of members) joinAtOnce(context, group, id);
  context.wake(group);
};

const summaryOf = (context: AutoScalingContext, group: Group): GroupSummary => ({
  accountId: group.accountId,
  region: group.region,
  name: group.name,
  min: group.minSize,
  max: group.maxSize,
  desired: group.desired,
  isDeleting: group.isDeleting,
  zones: zonesOf(context, group),
  suspended: [...group.suspended.keys()],
  hooks: [...group.hooks.keys()],
  tags: group.tags.map(({ Key, Value, PropagateAtLaunch }) => ({ Key, Value, PropagateAtLaunch })),
  members: [...group.members.values()].map((member) => ({
    instanceId: member.instanceId,
    instanceType: member.instanceType,
    zoneName: member.zoneName,
    state: member.state,
    health: member.health,
    isProtected: member.isProtected,
    lifecycle: context.fleet.find(group, member.instanceId)?.lifecycle,
  })),
});

const knownIn = (context: AutoScalingContext, { name, ...place }: GroupName): Group => {
  const group = regionAt(context, place).groups.get(name);
  if (group === undefined) throw new Error(`There is no Auto Scaling group ${name}.`);
  return group;
};

/** What policies, schedules and AWS itself change. */
const changes = (context: AutoScalingContext) => {
  const known = (name: GroupName): Group => knownIn(context, name);
  return {
    applyPolicy: (name, { desired, policy = "scale", alarm = `${policy}-alarm` }) => {
      const group = known(name);
      if (isSuspended(group, "AlarmNotification")) return;
      // "Scaling policies may not lower desired" while traffic is shifted away from a zone. (Route 53 ARC, zonal shift of groups.)
      const least = group.shiftedZone === undefined ? group.minSize : group.desired;
      const to = Math.min(group.maxSize, Math.max(least, desired));
      const because = `a monitor alarm ${alarm} in state ALARM triggered policy ${policy}`;
      setDesired(context, group, { to, because });
    },
    setPolicyAlarms: (name, { policy, alarms }) => {
      const { policies, accountId, region } = known(name);
      const found = policies.get(policy);
      if (found === undefined) throw new Error(`Group ${name.name} has no policy ${policy}.`);
      const Alarms = alarms.map((AlarmName) => ({
        AlarmName,
        AlarmARN: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${AlarmName}`,
      }));
      policies.set(policy, { ...found, Alarms });
    },
    raiseMaximum: (name, max) => {
      setSizes(context, known(name), { sizes: { MaxSize: max }, by: "a predictive scaling" });
    },
    resize: (name, sizes, call) => {
      setSizes(context, known(name), { sizes, by: "a user request", call });
    },
    completeHook: (name, action) => {
      complete(context, known(name), action);
    },
    raiseMinimum: (name, min) => {
      setSizes(context, known(name), { sizes: { MinSize: min }, by: "a user request" });
    },
    schedule: (name, action) => {
      putAction(context, known(name), action);
    },
    startRefresh: (name, refresh = {}) => {
      startRefresh(context, known(name), refresh);
    },
    setWarmPool: (name, pool) => {
      known(name).warmPool = pool;
    },
    shiftZone: (name, zoneName) => {
      const group = known(name);
      group.shiftedZone = zoneName;
      context.changed(group, { kind: "MEMBERS" });
      context.wake(group);
    },
    suspendAdministratively: (name, processes) => {
      const at = new Date(context.clock.now()).toISOString();
      const { suspended } = known(name);
      for (const each of processes) suspended.set(each, `Administratively suspended at ${at}`);
    },
  } satisfies Partial<AutoScalingControl>;
};

/** What stands in the way of calls. */
const obstacles = (context: AutoScalingContext) =>
  ({
    contend: (name, operations = []) => {
      context.contended.set(keyOf(name, name.name), new Set(operations));
      return () => {
        context.contended.delete(keyOf(name, name.name));
      };
    },
    block: (name) => put(context.blocked, keyOf(name, name.name)),
    withoutRole: (accountId) => put(context.rolesMissing, accountId),
  }) satisfies Partial<AutoScalingControl>;

const views = (context: AutoScalingContext) => {
  const found = ({ name, ...place }: GroupName): Group | undefined => {
    context.timeline.settle();
    return regionAt(context, place).groups.get(name);
  };
  return {
    find: (name) => {
      const group = found(name);
      return group === undefined ? undefined : summaryOf(context, group);
    },
    capacity: (name) => {
      const group = found(name);
      if (group === undefined) return undefined;
      const inService = inServiceIn(group);
      const healthy = inService.filter(({ health }) => health === "Healthy");
      return { desired: group.desired, inService: inService.length, healthy: healthy.length };
    },
    groups: (accountId) => {
      context.timeline.settle();
      return [...context.regions.values()]
        .filter((region) => region.accountId === accountId)
        .flatMap(({ groups }) => [...groups.values()])
        .map((group) => summaryOf(context, group));
    },
    activities: (name) => found(name)?.activities ?? [],
    serving: (name) => {
      const group = found(name);
      return group === undefined ? [] : servingIn(context, group);
    },
    groupOf: (instanceId) => {
      const group = context.memberships.get(instanceId);
      if (group === undefined) return undefined;
      const { accountId, region, name } = group;
      return { accountId, region, name };
    },
  } satisfies Partial<AutoScalingControl>;
};

export const createControl = (context: AutoScalingContext): AutoScalingControl => ({
  ...changes(context),
  ...obstacles(context),
  ...views(context),
  addGroup: (declaration) => {
    declare(context, declaration);
  },
  addConfiguration: (place, configuration) => {
    const { LaunchConfigurationName: name = "" } = configuration;
    regionAt(context, place).configurations.set(name, configuration);
  },
  onEvent: (listener) => put(context.listeners, listener),
  onChange: (listener) => put(context.watchers, listener),
});
