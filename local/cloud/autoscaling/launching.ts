/** How the group launches what it lacks: from its template or configuration as it is now, in the emptiest of its zones. */
import type { RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import { CloudError } from "../contract.ts";
import type { FleetInstance, TemplateVersion } from "../ec2/fleet.ts";
import { begin, end, sentence } from "./activities.ts";
import { byZone } from "./choice.ts";
import {
  countedIn,
  regionAt,
  subnetIdsOf,
  templateOf,
  zonesOf,
  type AutoScalingContext,
} from "./context.ts";
import { addMember, advanceJoining, memberOf } from "./members.ts";
import { giveUpRebalance, rebalancedIn } from "./replacing.ts";
import type { ProcessName, Group, Member } from "./state.ts";

type Order = Omit<RunInstancesCommandInput, "MinCount" | "MaxCount">;

interface Source {
  readonly order: Order;
  readonly template: TemplateVersion | undefined;
  readonly launchConfigurationName: string | undefined;
}

const ofConfiguration = (context: AutoScalingContext, group: Group, name: string): Order => {
  const found = regionAt(context, group).configurations.get(name);
  if (found === undefined) {
    throw new CloudError("ValidationError", `Launch configuration name not found - ${name}`);
  }
  const profile = found.IamInstanceProfile;
  return {
    ImageId: found.ImageId,
    InstanceType: found.InstanceType as Order["InstanceType"],
    KeyName: found.KeyName,
    SecurityGroupIds: found.SecurityGroups,
    UserData: found.UserData,
    EbsOptimized: found.EbsOptimized,
    // Detailed by default. †
    Monitoring: { Enabled: found.InstanceMonitoring?.Enabled ?? true },
    ...(profile !== undefined && {
      IamInstanceProfile: profile.startsWith("arn:") ? { Arn: profile } : { Name: profile },
    }),
  };
};

/** On-Demand up to the base, then by percentage of what is above it. (API reference, InstancesDistribution.) */
const isSpotNext = (context: AutoScalingContext, group: Group): boolean => {
  const { InstancesDistribution: shares } = group.definition.MixedInstancesPolicy ?? {};
  if (shares === undefined) return false;
  const { OnDemandBaseCapacity: base = 0, OnDemandPercentageAboveBaseCapacity: percent = 100 } =
    shares;
  const onDemand = countedIn(group).filter(
    ({ instanceId }) => context.fleet.find(group, instanceId)?.lifecycle !== "spot",
  ).length;
  const above = Math.max(0, group.desired - base);
  return onDemand >= base + Math.ceil((above * percent) / 100);
};

const ofMixedPolicy = (context: AutoScalingContext, group: Group): Order => {
  const policy = group.definition.MixedInstancesPolicy;
  if (policy === undefined) return {};
  const type = policy.LaunchTemplate?.Overrides?.find(
    ({ InstanceType: each }) => each !== undefined,
  )?.InstanceType;
  return {
    ...(type !== undefined && { InstanceType: type as NonNullable<Order["InstanceType"]> }),
    ...(isSpotNext(context, group) && { InstanceMarketOptions: { MarketType: "spot" as const } }),
  };
};

/** @throws CloudError where template, version or configuration is gone */
const sourceOf = (context: AutoScalingContext, group: Group): Source => {
  const { LaunchConfigurationName: name, PlacementGroup: placementGroup } = group.definition;
  const placement =
    placementGroup === undefined ? {} : { Placement: { GroupName: placementGroup } };
  if (name !== undefined) {
    return {
      order: { ...ofConfiguration(context, group, name), ...placement },
      template: undefined,
      launchConfigurationName: name,
    };
  }
  const template = templateOf(context, group);
  return {
    order: {
      LaunchTemplate: { LaunchTemplateId: template?.id, Version: String(template?.version) },
      ...ofMixedPolicy(context, group),
      ...placement,
    },
    template,
    launchConfigurationName: undefined,
  };
};

const tagsOf = (group: Group): Record<string, string> =>
  Object.fromEntries(
    propagatedTags(group).map(({ Key: key = "", Value: value = "" }) => [key, value]),
  );

export const propagatedTags = ({ tags }: Group): Group["tags"] =>
  tags.filter(({ PropagateAtLaunch: isPropagated }) => isPropagated === true);

/**
 * Zones of the group, the emptiest first; none from which traffic is shifted away. To balance them, those alone that have fewer members than the full
 * one: elsewhere the launch would balance nothing. †
 */
const launchZones = (context: AutoScalingContext, group: Group): readonly string[] => {
  const staying = countedIn(group).filter(({ yielding }) => yielding === undefined);
  const members = byZone(staying);
  const size = (zone: string): number => members.get(zone)?.length ?? 0;
  const zones = zonesOf(context, group);
  const full = rebalancedIn(group)?.zoneName;
  const most = full === undefined || !zones.includes(full) ? Infinity : size(full);
  return zones
    .filter((zone) => zone !== group.shiftedZone && size(zone) < most)
    .sort((one, other) => size(one) - size(other));
};

/** "balanced-only": if it fails in a zone, it goes on trying there. (AvailabilityZoneDistribution, CapacityDistributionStrategy.) */
const zonesToTry = (context: AutoScalingContext, group: Group): readonly string[] => {
  const zones = launchZones(context, group);
  const strategy = group.definition.AvailabilityZoneDistribution?.CapacityDistributionStrategy;
  return strategy === "balanced-only" ? zones.slice(0, 1) : zones;
};

const subnetIn = (context: AutoScalingContext, group: Group, zone: string): string | undefined => {
  const subnets = context.fleet.subnets(group).filter(({ zoneName }) => zoneName === zone);
  const ids = subnetIdsOf(group);
  return (ids.length === 0 ? subnets : subnets.filter(({ id }) => ids.includes(id)))[0]?.id;
};

/** Where the next zone may have what this one lacks. */
const zonal: ReadonlySet<string> = new Set([
  "InsufficientInstanceCapacity",
  "InsufficientFreeAddressesInSubnet",
  "Unsupported",
]);

interface Launched extends Source {
  readonly instance: FleetInstance;
}

const tryZones = (context: AutoScalingContext, group: Group): Launched => {
  const source = sourceOf(context, group);
  let refusal = new CloudError("ValidationError", `${group.name} has no zone to launch in`);
  for (const zone of zonesToTry(context, group)) {
    try {
      const input = { ...source.order, SubnetId: subnetIn(context, group, zone) };
      return { ...source, instance: context.fleet.launch(group, { input, tags: tagsOf(group) }) };
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      refusal = error;
      if (!zonal.has(error.code)) break;
    }
  }
  throw refusal;
};

const longestRetryMs = 15 * 60_000;

/** Those that AWS suspends of a group that could launch nothing for a day. † which of them, and the words of the reason. */
const administrative: readonly ProcessName[] = ["Launch"];

const noteFailure = (context: AutoScalingContext, group: Group): void => {
  const now = context.clock.now();
  group.failingSince ??= now;
  group.failures += 1;
  if (now - group.failingSince >= context.settings.administrativeMs) {
    for (const process of administrative) {
      group.suspended.set(process, `Administratively suspended at ${new Date(now).toISOString()}`);
    }
    return;
  }
  const { launchRetryMs } = context.settings;
  group.retryAt = now + Math.min(longestRetryMs, launchRetryMs * 2 ** (group.failures - 1));
};

/** Undefined where EC2 refuses: an activity says why, and it is tried again later. */
export const launchOne = (
  context: AutoScalingContext,
  group: Group,
  causes: readonly string[],
): Member | undefined => {
  try {
    const { instance, template, launchConfigurationName } = tryZones(context, group);
    const member = memberOf(group, instance, {
      isAttached: false,
      joinedAt: context.clock.now(),
      launchConfigurationName,
      template:
        template === undefined
          ? undefined
          : {
              LaunchTemplateId: template.id,
              LaunchTemplateName: template.name,
              Version: String(template.version),
            },
    });
    member.activity = begin(context, group, {
      instanceId: instance.instanceId,
      description: `Launching a new EC2 instance: ${instance.instanceId}`,
      causes,
      zoneName: instance.zoneName,
      subnetId: instance.subnetId,
      status: "PreInService",
    });
    group.failures = 0;
    group.failingSince = undefined;
    addMember(context, group, member);
    advanceJoining(context, group, member);
    return member;
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    const description = "Launching a new EC2 instance";
    const activity = begin(context, group, { description, causes });
    const message = `${error.message} Launching EC2 instance failed.`;
    end(context, group, { activity, status: "Failed", message });
    const rebalanced = rebalancedIn(group);
    if (rebalanced === undefined) noteFailure(context, group);
    else giveUpRebalance(context, group, rebalanced);
    return undefined;
  }
};

export const started = (context: AutoScalingContext, from: number, to: number): string =>
  sentence(
    context,
    `an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${String(from)} to ${String(to)}`,
  );
