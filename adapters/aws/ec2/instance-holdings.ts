/**
 * What instances show of themselves, many by one call: their state, and the volumes, interfaces and addresses that they
 * hold. For those who must see who holds what, and need no more of an instance.
 */
import type {
  EC2Client,
  Instance,
  InstanceBlockDeviceMapping,
  InstanceNetworkInterface,
} from "@aws-sdk/client-ec2";
import type { InstanceState, InstanceStop } from "../../../core/model/instance.ts";
import { memberTags } from "../../../core/model/tags.ts";
import { required } from "../required.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { capacityChoiceOf } from "./capacity-reservations.ts";
import { describeInstances, instanceState, stopOf } from "./describe.ts";

interface HeldInterface {
  readonly networkInterfaceId: string;
  readonly privateAddresses: readonly {
    readonly privateIp: string;
    /** Of an Elastic IP, or lent by the subnet. */
    readonly publicIp?: string;
  }[];
}

export interface InstanceHoldings {
  readonly instanceId: string;
  /** Of its launch; absent where none was given. */
  readonly clientToken?: string;
  readonly state: InstanceState;
  readonly instanceType?: string;
  readonly zoneId?: string;
  /** Of the fleet that launched it. */
  readonly fleetId?: string;
  /** Of the Auto Scaling group of which it is a member: AWS alone writes that tag, and takes it off who is detached. */
  readonly asgName?: string;
  readonly rootDeviceName?: string;
  /** The group of capacity reservations at which it is pointed. */
  readonly capacityGroupArn?: string;
  /** ISO 8601. Moves when the instance is stopped and started. */
  readonly launchedAt?: string;
  /** Of one that is stopped or stopping. */
  readonly stop?: InstanceStop;
  /** Also while they are being attached or detached. */
  readonly volumes: readonly {
    readonly volumeId: string;
    readonly deviceName?: string;
    readonly deleteOnTermination?: boolean;
  }[];
  readonly networkInterfaces: readonly HeldInterface[];
}

const toVolumes = ({
  DeviceName,
  Ebs,
}: InstanceBlockDeviceMapping): InstanceHoldings["volumes"][number][] =>
  Ebs?.VolumeId === undefined || Ebs.Status === "detached"
    ? []
    : [
        withoutUndefined({
          volumeId: Ebs.VolumeId,
          deviceName: DeviceName,
          deleteOnTermination: Ebs.DeleteOnTermination,
        }),
      ];

const toInterface = (found: InstanceNetworkInterface, instanceId: string): HeldInterface => ({
  networkInterfaceId: required(found.NetworkInterfaceId, `a network interface of ${instanceId}`),
  privateAddresses: (found.PrivateIpAddresses ?? []).flatMap(({ PrivateIpAddress, Association }) =>
    PrivateIpAddress === undefined
      ? []
      : [withoutUndefined({ privateIp: PrivateIpAddress, publicIp: Association?.PublicIp })],
  ),
});

const tagOf = ({ Tags: tags = [] }: Instance, key: string): string | undefined =>
  tags.find(({ Key }) => Key === key)?.Value;

const toHoldings = (instance: Instance): InstanceHoldings => {
  const instanceId = required(instance.InstanceId, "an instance's id");
  return withoutUndefined({
    instanceId,
    // EC2 sends an empty string where none was given.
    clientToken: instance.ClientToken === "" ? undefined : instance.ClientToken,
    state: required(instanceState(instance.State?.Name), `the state of ${instanceId}`),
    instanceType: instance.InstanceType,
    zoneId: instance.Placement?.AvailabilityZoneId,
    fleetId: tagOf(instance, "aws:ec2:fleet-id"),
    asgName: tagOf(instance, memberTags.asgName),
    rootDeviceName: instance.RootDeviceName,
    capacityGroupArn: capacityChoiceOf(instance)?.groupArn,
    launchedAt: instance.LaunchTime?.toISOString(),
    stop: stopOf(instance),
    volumes: (instance.BlockDeviceMappings ?? []).flatMap(toVolumes),
    networkInterfaces: (instance.NetworkInterfaces ?? [])
      .filter(({ Attachment }) => Attachment?.Status !== "detached")
      .map((found) => toInterface(found, instanceId)),
  });
};

/** Those of the instances that EC2 shows. By filter, not by id: one that is gone does not hide the others. */
export const readHoldings = async (
  ec2: EC2Client,
  instanceIds: readonly string[],
): Promise<readonly InstanceHoldings[]> => {
  if (instanceIds.length === 0) return [];
  const found = await describeInstances(ec2, [{ Name: "instance-id", Values: [...instanceIds] }]);
  return found.map(toHoldings);
};

/** All instances that were launched with one of the tokens, and that EC2 shows, in every state. */
export const findLaunched = async (
  ec2: EC2Client,
  clientTokens: readonly string[],
): Promise<readonly InstanceHoldings[]> => {
  if (clientTokens.length === 0) return [];
  const found = await describeInstances(ec2, [{ Name: "client-token", Values: [...clientTokens] }]);
  return found.map(toHoldings);
};

/** All instances that carry the tag, in every state, terminated ones included (EC2 shows these for an hour). */
export const findHoldings = async (
  ec2: EC2Client,
  tag: { readonly key: string; readonly value: string },
): Promise<readonly InstanceHoldings[]> => {
  const found = await describeInstances(ec2, [{ Name: `tag:${tag.key}`, Values: [tag.value] }]);
  return found.map(toHoldings);
};
