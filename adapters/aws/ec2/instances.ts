/** EC2 instances: what is known of one, its health, search by tag, and the three changes of state. */
import {
  DescribeInstanceAttributeCommand,
  DescribeSpotInstanceRequestsCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
  type Instance,
  type InstanceStateChange,
  type InstanceStatus,
} from "@aws-sdk/client-ec2";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { AccountId } from "../../../core/model/ids.ts";
import {
  hasEnded,
  type CheckStatus,
  type InstanceFacts,
  type InstanceHealth,
  type InstanceState,
} from "../../../core/model/instance.ts";
import { acted, type Acted } from "../acted.ts";
import { orAbsent } from "../or-absent.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import {
  describeImage,
  describeInstance,
  describeInstances,
  describeInterfaces,
  describeStatus,
  describeVolumes,
  instanceState,
} from "./describe.ts";
import { toInstanceFacts } from "./instance-facts.ts";
import { readZoneIds, zoneIdOf } from "./zones.ts";

/** One of the two protections. What is ending is protected no longer, and EC2 may refuse the question. */
const readProtection = async (
  ec2: EC2Client,
  instance: Instance,
  attribute: "disableApiTermination" | "disableApiStop",
): Promise<boolean> => {
  if (hasEnded(instanceState(instance.State?.Name))) return false;
  const instanceId = required(instance.InstanceId, "the instance's id");
  const answer = await callAws({ action: "DescribeInstanceAttribute", resource: instanceId }, () =>
    ec2.send(
      new DescribeInstanceAttributeCommand({ InstanceId: instanceId, Attribute: attribute }),
    ),
  );
  const value =
    attribute === "disableApiStop" ? answer.DisableApiStop : answer.DisableApiTermination;
  return required(value?.Value, `${attribute} of ${instanceId}`);
};

/**
 * All that decisions need of one instance, from eight calls (target groups are added by elb.ts). Undefined when
 * EC2 does not show it.
 * @throws BrokenFacts when an answer lacks what it always holds; Retryable… and BrokenPermission from the calls
 */
export const readInstanceFacts = async (
  ec2: EC2Client,
  input: { readonly instanceId: string; readonly accountId: AccountId; readonly region: string },
): Promise<InstanceFacts | undefined> => {
  const instance = await describeInstance(ec2, input.instanceId);
  if (instance === undefined) return undefined;
  const zoneName = required(
    instance.Placement?.AvailabilityZone,
    `the zone of ${input.instanceId}`,
  );
  const volumeIds = (instance.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.VolumeId ?? []);
  const interfaceIds = (instance.NetworkInterfaces ?? []).flatMap(
    ({ NetworkInterfaceId }) => NetworkInterfaceId ?? [],
  );
  const imageId = required(instance.ImageId, `the image of ${input.instanceId}`);
  const [volumes, interfaces, image, status, disableApiTermination, disableApiStop, zoneIds] =
    await Promise.all([
      describeVolumes(ec2, volumeIds),
      describeInterfaces(ec2, interfaceIds),
      describeImage(ec2, imageId),
      describeStatus(ec2, input.instanceId),
      readProtection(ec2, instance, "disableApiTermination"),
      readProtection(ec2, instance, "disableApiStop"),
      readZoneIds(ec2, [zoneName]),
    ]);
  return toInstanceFacts({
    accountId: input.accountId,
    region: input.region,
    instance,
    volumes,
    interfaces,
    image,
    status,
    disableApiTermination,
    disableApiStop,
    zoneId: zoneIdOf(zoneIds, zoneName),
  });
};

const checkStatuses: readonly CheckStatus[] = [
  "ok",
  "impaired",
  "initializing",
  "insufficient-data",
  "not-applicable",
];

/**
 * What EC2 does not say, or says in a word that we do not know, is unknown: never a pass. That holds for the EBS
 * check too, which EC2 may leave out for types before Nitro.
 */
const checkStatus = (status: string | undefined): CheckStatus =>
  checkStatuses.find((known) => known === status) ?? "unknown";

/** Status code of the instance's Spot request; undefined for On-Demand. */
const readSpotStatus = async (ec2: EC2Client, instance: Instance): Promise<string | undefined> => {
  const requestId = instance.SpotInstanceRequestId;
  if (requestId === undefined || requestId === "") return undefined;
  const request = await orAbsent(async () => {
    const answer = await callAws(
      { action: "DescribeSpotInstanceRequests", resource: requestId },
      () =>
        ec2.send(new DescribeSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [requestId] })),
    );
    return answer.SpotInstanceRequests?.[0];
  });
  const code = request?.Status?.Code;
  if (code !== undefined) return code;
  // EC2 forgets the request of an ended instance; that of a live one must be seen before it counts as healthy.
  if (hasEnded(instanceState(instance.State?.Name))) return undefined;
  throw new SpotOptimizerError(
    "RetryableNotVisible",
    `EC2 does not show the Spot request ${requestId} of ${instance.InstanceId ?? "an instance"} yet.`,
    { resource: requestId },
  );
};

const checksOf = (
  status: InstanceStatus | undefined,
): Pick<InstanceHealth, "system" | "instance" | "attachedEbs"> => ({
  system: checkStatus(status?.SystemStatus?.Status),
  instance: checkStatus(status?.InstanceStatus?.Status),
  attachedEbs: checkStatus(status?.AttachedEbsStatus?.Status),
});

/**
 * One reading of the state, the three checks and the Spot request. An instance that EC2 does not show has no
 * state and unknown checks. Every error but that one is thrown: none is ever read as a pass.
 */
export const readHealth = async (ec2: EC2Client, instanceId: string): Promise<InstanceHealth> => {
  const instance = await describeInstance(ec2, instanceId);
  if (instance === undefined) {
    return { instanceId, ...checksOf(undefined) };
  }
  const [status, spotStatus] = await Promise.all([
    describeStatus(ec2, instanceId),
    readSpotStatus(ec2, instance),
  ]);
  return withoutUndefined({
    instanceId,
    state: instanceState(instance.State?.Name),
    stateReason: instance.StateReason?.Code,
    ...checksOf(status),
    spotStatus,
  });
};

/**
 * State and checks from one call. A Spot request is not asked for, so that this is enough for an On-Demand instance
 * alone. One that EC2 does not show has no state and unknown checks.
 */
export const readChecks = async (ec2: EC2Client, instanceId: string): Promise<InstanceHealth> => {
  const status = await describeStatus(ec2, instanceId);
  return withoutUndefined({
    instanceId,
    state: instanceState(status?.InstanceState?.Name),
    ...checksOf(status),
  });
};

export interface TaggedInstance {
  readonly instanceId: string;
  readonly state: InstanceState;
  /** ISO 8601 */
  readonly launchedAt: string;
  readonly clientToken?: string;
}

/** All instances that carry the tag, in every state, terminated ones included (EC2 shows these for an hour). */
export const findInstancesByTag = async (
  ec2: EC2Client,
  tag: { readonly key: string; readonly value: string },
): Promise<readonly TaggedInstance[]> => {
  const found = await describeInstances(ec2, [{ Name: `tag:${tag.key}`, Values: [tag.value] }]);
  return found.map((instance) => {
    const instanceId = required(instance.InstanceId, "an instance's id");
    return withoutUndefined({
      instanceId,
      state: required(instanceState(instance.State?.Name), `the state of ${instanceId}`),
      launchedAt: required(instance.LaunchTime, `the launch of ${instanceId}`).toISOString(),
      // EC2 sends an empty string where none was given.
      clientToken: instance.ClientToken === "" ? undefined : instance.ClientToken,
    });
  });
};

export type StateChanged = Acted & {
  /** The state that EC2 moved it to. */
  readonly state: InstanceState;
};

const stateAfter = (
  changes: readonly InstanceStateChange[] | undefined,
  instanceId: string,
): InstanceState =>
  required(
    instanceState(changes?.find((one) => one.InstanceId === instanceId)?.CurrentState?.Name),
    `the new state of ${instanceId}`,
  );

/** Stops with a clean shutdown. Success on what is stopped or stopping. A one-time Spot instance can't be stopped. */
export const stopInstance = async (ec2: EC2Client, instanceId: string): Promise<StateChanged> => {
  const answer = await callAws({ action: "StopInstances", resource: instanceId }, () =>
    ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] })),
  );
  return { ...acted(answer), state: stateAfter(answer.StoppingInstances, instanceId) };
};

/** Starts. Without capacity for it: RetryableUnavailable with EC2's code, since waiting is all that helps. */
export const startInstance = async (ec2: EC2Client, instanceId: string): Promise<StateChanged> => {
  const answer = await callAws({ action: "StartInstances", resource: instanceId }, () =>
    ec2.send(new StartInstancesCommand({ InstanceIds: [instanceId] })),
  );
  return { ...acted(answer), state: stateAfter(answer.StartingInstances, instanceId) };
};

/**
 * Terminates. "Not found" means that EC2 does not know the instance yet and that *nothing was terminated*:
 * RetryableNotVisible, never success. Terminating a terminated instance succeeds.
 */
export const terminateInstance = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<StateChanged> => {
  const answer = await callAws(
    { action: "TerminateInstances", resource: instanceId, notFoundMeans: "not-visible" },
    () => ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] })),
  );
  return { ...acted(answer), state: stateAfter(answer.TerminatingInstances, instanceId) };
};
