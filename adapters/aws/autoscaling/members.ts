/** The members of a group, each with what EC2 shows of it. */
import type { AutoScalingGroup, Instance as GroupInstance } from "@aws-sdk/client-auto-scaling";
import type { EC2Client, Instance, InstanceNetworkInterface } from "@aws-sdk/client-ec2";
import { instanceIdSchema } from "../../../core/model/ids.ts";
import type { GroupMember, MemberInstance } from "../../../core/model/group.ts";
import { describeInstances, instanceState, tagRecord } from "../ec2/describe.ts";
import { readSpotStatuses } from "../ec2/health.ts";
import { zoneIdOf } from "../ec2/zones.ts";
import { required } from "../required.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { templateReference } from "./group-settings.ts";

/** EC2 API reference, DescribeInstances, Filters: at most 200 values. */
const mostValues = 200;

const inBatches = async <Found>(
  ids: readonly string[],
  read: (some: readonly string[]) => Promise<readonly Found[]>,
): Promise<readonly Found[]> => {
  const found: Found[] = [];
  for (let first = 0; first < ids.length; first += mostValues) {
    found.push(...(await read(ids.slice(first, first + mostValues))));
  }
  return found;
};

/** EC2's word for the owner of an address that a subnet assigned; an Elastic IP is owned by the account. */
const addressOwnerAmazon = "amazon";

const elasticIpsOf = ({ PrivateIpAddresses = [] }: InstanceNetworkInterface): readonly string[] =>
  PrivateIpAddresses.flatMap(({ Association: association }) =>
    association?.IpOwnerId === undefined || association.IpOwnerId === addressOwnerAmazon
      ? []
      : (association.PublicIp ?? []),
  );

const interfacesOf = (instance: Instance): MemberInstance["interfaces"] =>
  (instance.NetworkInterfaces ?? []).map(({ NetworkInterfaceId, Attachment }) => ({
    networkInterfaceId: required(NetworkInterfaceId, "a network interface's id"),
    deviceIndex: Attachment?.DeviceIndex ?? 0,
    networkCardIndex: Attachment?.NetworkCardIndex ?? 0,
  }));

const volumesOf = (instance: Instance): MemberInstance["volumes"] =>
  (instance.BlockDeviceMappings ?? []).flatMap(({ DeviceName: deviceName = "", Ebs }) =>
    Ebs?.VolumeId === undefined ? [] : [{ volumeId: Ebs.VolumeId, deviceName }],
  );

const memberInstance = (
  instance: Instance,
  spotStatuses: ReadonlyMap<string, string>,
): MemberInstance => {
  const id = required(instance.InstanceId, "an instance's id");
  return withoutUndefined({
    state: required(instanceState(instance.State?.Name), `the state of ${id}`),
    launchedAt: required(instance.LaunchTime, `the launch time of ${id}`).toISOString(),
    lifecycle: instance.InstanceLifecycle,
    imageId: required(instance.ImageId, `the image of ${id}`),
    // EC2 no longer says it of what has ended.
    subnetId: instance.SubnetId ?? "",
    tags: tagRecord(instance.Tags),
    volumes: volumesOf(instance),
    interfaces: interfacesOf(instance),
    elasticIps: (instance.NetworkInterfaces ?? []).flatMap(elasticIpsOf),
    spotStatus: spotStatuses.get(id),
  });
};

const memberFacts = (
  member: GroupInstance,
  zoneIds: ReadonlyMap<string, string>,
): Omit<GroupMember, "instance"> => {
  const id = required(member.InstanceId, "the id of a member");
  const zoneName = required(member.AvailabilityZone, `the zone of ${id}`);
  return withoutUndefined({
    instanceId: instanceIdSchema.parse(id),
    instanceType: required(member.InstanceType, `the type of ${id}`),
    zoneName,
    zoneId: member.AvailabilityZoneId ?? zoneIdOf(zoneIds, zoneName),
    lifecycleState: required(member.LifecycleState, `the lifecycle state of ${id}`),
    healthStatus: required(member.HealthStatus, `the health of ${id}`),
    protectedFromScaleIn: member.ProtectedFromScaleIn ?? false,
    launchTemplate: templateReference(member.LaunchTemplate),
    launchConfigurationName: member.LaunchConfigurationName,
    weightedCapacity: member.WeightedCapacity,
  });
};

/** By instance id; one whose Spot request EC2 does not show is left out. A call for each 200. */
export const readSpotStatusesOf = async (
  ec2: EC2Client,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, string>> =>
  new Map(await inBatches(instanceIds, (some) => readSpotStatuses(ec2, some)));

/** Sorted by id, as the group shows them: none has its `instance`. @throws BrokenFacts where an answer lacks what it always holds */
export const membersShown = (
  { Instances = [] }: Pick<AutoScalingGroup, "Instances">,
  zoneIds: ReadonlyMap<string, string>,
): readonly GroupMember[] =>
  Instances.map((member) => memberFacts(member, zoneIds)).sort((one, other) =>
    one.instanceId < other.instanceId ? -1 : 1,
  );

/** Each with what EC2 shows of it; one that it does not show has no `instance`. */
export const withInstances = (
  members: readonly GroupMember[],
  instanceOf: (instanceId: string) => Instance | undefined,
  spotStatuses: ReadonlyMap<string, string>,
): readonly GroupMember[] =>
  members.map((member) => {
    const instance = instanceOf(member.instanceId);
    return instance === undefined
      ? member
      : { ...member, instance: memberInstance(instance, spotStatuses) };
  });

/** Sorted by id. A member that EC2 does not show has no `instance`. @throws BrokenFacts where an answer lacks what it always holds */
export const readMembers = async (
  ec2: EC2Client,
  group: Pick<AutoScalingGroup, "Instances">,
  zoneIds: ReadonlyMap<string, string>,
): Promise<readonly GroupMember[]> => {
  const members = membersShown(group, zoneIds);
  const instances = await inBatches(
    members.map(({ instanceId }) => instanceId),
    (some) => describeInstances(ec2, [{ Name: "instance-id", Values: [...some] }]),
  );
  const onSpot = instances
    .filter(({ InstanceLifecycle }) => InstanceLifecycle === "spot")
    .flatMap(({ InstanceId }) => InstanceId ?? []);
  const byId = new Map(instances.map((instance) => [instance.InstanceId, instance]));
  return withInstances(members, (id) => byId.get(id), await readSpotStatusesOf(ec2, onSpot));
};
