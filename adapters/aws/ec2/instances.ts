/** EC2 instances: what is known of one, and the three changes of state. Health: health.ts. */
import {
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
  type Image,
  type Instance,
  type InstanceStateChange,
  type NetworkInterface,
  type Volume,
} from "@aws-sdk/client-ec2";
import { instanceIdSchema, type AccountId } from "../../../core/model/ids.ts";
import {
  type InstanceFacts,
  type InstanceState,
  type InstanceStop,
  type ReplacementFacts,
} from "../../../core/model/instance.ts";
import { acted, type Acted } from "../acted.ts";
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
  stopOf,
  tagRecord,
} from "./describe.ts";
import { toInstanceFacts, toReplacementFacts } from "./instance-facts.ts";
import { readProtection } from "./protections.ts";
import { readZoneIds, zoneIdOf } from "./zones.ts";

/** What EC2 shows of an instance itself, its volumes and its interfaces. */
export interface InstanceParts {
  readonly instance: Instance;
  readonly volumes: readonly Volume[];
  readonly interfaces: readonly NetworkInterface[];
}

/** An instance itself, without its parts. */
export interface ShownInstance {
  readonly instance: Instance;
  /** Undefined where EC2 says it in a word that we do not know. */
  readonly state: InstanceState | undefined;
  /** Of one that is stopped or stopping. */
  readonly stop?: InstanceStop;
}

const asShown = (instance: Instance): ShownInstance => {
  const stop = stopOf(instance);
  return {
    instance,
    state: instanceState(instance.State?.Name),
    ...(stop !== undefined && { stop }),
  };
};

/** One call; undefined when EC2 does not show the instance. */
export const showInstance = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<ShownInstance | undefined> => {
  const instance = await describeInstance(ec2, instanceId);
  return instance && asShown(instance);
};

/** Those of the instances that EC2 shows, by their ids; one call. */
export const showInstances = async (
  ec2: EC2Client,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, ShownInstance>> => {
  const found = await describeInstances(ec2, [{ Name: "instance-id", Values: [...instanceIds] }]);
  return new Map(
    found.map((instance) => [required(instance.InstanceId, "an instance's id"), asShown(instance)]),
  );
};

/** Two calls. */
const readPartsOf = async (ec2: EC2Client, instance: Instance): Promise<InstanceParts> => {
  const volumeIds = (instance.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.VolumeId ?? []);
  const interfaceIds = (instance.NetworkInterfaces ?? []).flatMap(
    ({ NetworkInterfaceId }) => NetworkInterfaceId ?? [],
  );
  const [volumes, interfaces] = await Promise.all([
    describeVolumes(ec2, volumeIds),
    describeInterfaces(ec2, interfaceIds),
  ]);
  return { instance, volumes, interfaces };
};

/** Three calls, or two where the instance itself was read right before; undefined when EC2 does not show the instance. */
const readParts = async (
  ec2: EC2Client,
  instanceId: string,
  shown?: ShownInstance,
): Promise<InstanceParts | undefined> => {
  const instance = shown?.instance ?? (await describeInstance(ec2, instanceId));
  return instance && readPartsOf(ec2, instance);
};

type Protections = Pick<InstanceFacts, "disableApiTermination" | "disableApiStop">;

/** Two calls. */
export const readProtections = async (ec2: EC2Client, instance: Instance): Promise<Protections> => {
  const [disableApiTermination, disableApiStop] = await Promise.all([
    readProtection(ec2, instance, "disableApiTermination"),
    readProtection(ec2, instance, "disableApiStop"),
  ]);
  return { disableApiTermination, disableApiStop };
};

/** An instance, with the parts as EC2 shows them. */
export interface InstanceReading {
  readonly facts: InstanceFacts;
  readonly parts: InstanceParts;
  /** Of one that is stopped or stopping, read for the second time. */
  readonly stop?: InstanceStop;
}

/** Of the first time; the image is absent where it is gone. */
export interface FirstReading extends InstanceReading {
  readonly image: Image | undefined;
}

/**
 * All that decisions need of one instance, from eight calls (target groups are added by elb.ts, what its launch refers to by
 * references.ts). Undefined when EC2 does not show it.
 * @throws BrokenFacts when an answer lacks what it always holds; Retryable… and BrokenPermission from the calls
 */
export const readInstance = async (
  ec2: EC2Client,
  input: { readonly instanceId: string; readonly accountId: AccountId; readonly region: string },
): Promise<FirstReading | undefined> => {
  const parts = await readParts(ec2, input.instanceId);
  if (parts === undefined) return undefined;
  const { instance } = parts;
  const zoneName = required(
    instance.Placement?.AvailabilityZone,
    `the zone of ${input.instanceId}`,
  );
  const imageId = required(instance.ImageId, `the image of ${input.instanceId}`);
  const [image, status, protections, zoneIds] = await Promise.all([
    describeImage(ec2, imageId),
    describeStatus(ec2, input.instanceId),
    readProtections(ec2, instance),
    readZoneIds(ec2, [zoneName]),
  ]);
  const facts = toInstanceFacts({
    accountId: input.accountId,
    region: input.region,
    ...parts,
    image,
    status,
    ...protections,
    zoneId: zoneIdOf(zoneIds, zoneName),
  });
  return { facts, parts, image };
};

/** Without the parts. */
export const readInstanceFacts = async (
  ec2: EC2Client,
  input: Parameters<typeof readInstance>[1],
): Promise<InstanceFacts | undefined> => (await readInstance(ec2, input))?.facts;

/**
 * What can change of an instance while it is being replaced, from three calls, or five where its protections are asked for;
 * one less where the instance itself was `shown` right before.
 * The rest is as it was `before`: zone, image, scheduled events, target groups. Undefined when EC2 does not show it.
 */
export const readInstanceAgain = async (
  ec2: EC2Client,
  before: InstanceFacts,
  { withProtections, shown }: { readonly withProtections: boolean; readonly shown?: ShownInstance },
): Promise<InstanceReading | undefined> => {
  const parts = await readParts(ec2, before.instanceId, shown);
  if (parts === undefined) return undefined;
  const protections: Protections = withProtections
    ? await readProtections(ec2, parts.instance)
    : {
        disableApiTermination: before.disableApiTermination,
        disableApiStop: before.disableApiStop,
      };
  const { accountId, region, zoneId } = before;
  const facts = toInstanceFacts({
    accountId,
    region,
    zoneId,
    ...parts,
    image: undefined,
    status: undefined,
    ...protections,
  });
  const { imageExists, scheduledEvents, targetGroups, placementGroup } = before;
  return withoutUndefined({
    facts: {
      ...facts,
      imageExists,
      scheduledEvents,
      targetGroups,
      ...(placementGroup === undefined ? {} : { placementGroup }),
    },
    parts,
    stop: stopOf(parts.instance),
  });
};

/** What a replacement is compared by, from two calls. @throws BrokenFacts when EC2 leaves out what it always sends */
export const readReplacement = async (
  ec2: EC2Client,
  { instance }: ShownInstance,
): Promise<ReplacementFacts> => toReplacementFacts(await readPartsOf(ec2, instance));

/** How an instance stands. */
export interface InstanceStanding {
  readonly instanceId: string;
  readonly state: InstanceState;
  /** ISO 8601. Moves when the instance is stopped and started. */
  readonly launchedAt: string;
}

/** Those of the instances that EC2 shows, by one call. By filter, so that one that is gone does not hide the others. */
export const readStandingsOf = async (
  ec2: EC2Client,
  instanceIds: readonly string[],
): Promise<readonly InstanceStanding[]> => {
  const found = await describeInstances(ec2, [{ Name: "instance-id", Values: [...instanceIds] }]);
  return found.map((instance) => {
    const instanceId = required(instance.InstanceId, "an instance's id");
    return {
      instanceId,
      state: required(instanceState(instance.State?.Name), `the state of ${instanceId}`),
      launchedAt: required(instance.LaunchTime, `the launch time of ${instanceId}`).toISOString(),
    };
  });
};

/** Its state alone, from one call. Undefined when EC2 does not show it, or in a word that we do not know. */
export const readInstanceState = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<InstanceState | undefined> =>
  instanceState((await describeInstance(ec2, instanceId))?.State?.Name);

export interface InstancePlace {
  readonly state: InstanceState;
  readonly instanceType: string;
  /** The zone's name, as the account has it. */
  readonly availabilityZone: string;
}

/** From one call. Undefined when EC2 does not show it. */
export const readInstancePlace = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<InstancePlace | undefined> => {
  const instance = await describeInstance(ec2, instanceId);
  if (instance === undefined) return undefined;
  return {
    state: required(instanceState(instance.State?.Name), `the state of ${instanceId}`),
    instanceType: required(instance.InstanceType, `the type of ${instanceId}`),
    availabilityZone: required(instance.Placement?.AvailabilityZone, `the zone of ${instanceId}`),
  };
};

/** Its tags alone, from one call. Undefined when EC2 does not show it. */
export const readInstanceTags = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<Readonly<Record<string, string>> | undefined> => {
  const instance = await describeInstance(ec2, instanceId);
  return instance === undefined ? undefined : tagRecord(instance.Tags);
};

/** What it shows of itself, from one call: enough to tell whether it rests. Undefined when EC2 does not show it. */
export const readInstanceBriefly = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<Pick<InstanceFacts, "instanceId" | "state" | "launchedAt" | "tags"> | undefined> => {
  const instance = await describeInstance(ec2, instanceId);
  if (instance === undefined) return undefined;
  return {
    instanceId: instanceIdSchema.parse(instanceId),
    state: required(instanceState(instance.State?.Name), `the state of ${instanceId}`),
    launchedAt: required(instance.LaunchTime, `the launch of ${instanceId}`).toISOString(),
    tags: tagRecord(instance.Tags),
  };
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
