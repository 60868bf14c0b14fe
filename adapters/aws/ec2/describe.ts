/** EC2's describe calls for what is known by its id, as the SDK types them. Used by the readers of facts beside this file. */
import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  DescribeNetworkInterfacesCommand,
  DescribeVolumesCommand,
  type EC2Client,
  type Filter,
  type Image,
  type Instance,
  type InstanceStatus,
  type NetworkInterface,
  type Tag,
  type Volume,
} from "@aws-sdk/client-ec2";
import type { InstanceState, InstanceStop } from "../../../core/model/instance.ts";
import { bareCode, isNotFound } from "../error-codes.ts";
import { orAbsent } from "../or-absent.ts";
import { readAllPages } from "../paging.ts";
import { callAws } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";

/** The largest page that all describe calls used here accept. */
export const largestPage = 1000;

const states: readonly InstanceState[] = [
  "pending",
  "running",
  "stopping",
  "stopped",
  "shutting-down",
  "terminated",
];

/** EC2's state name, if it is one that we know. */
export const instanceState = (name: string | undefined): InstanceState | undefined =>
  states.find((state) => state === name);

/** `User initiated (2026-03-02 09:00:00 GMT)`; the time is missing where EC2 gives another reason. */
const transitionTime = /\((\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) GMT\)/;

/** When it was last stopped or terminated, whole seconds, ISO 8601; undefined where EC2 does not say it. */
export const transitionOf = (instance: Instance): string | undefined => {
  const [, day, time] = transitionTime.exec(instance.StateTransitionReason ?? "") ?? [];
  return day === undefined || time === undefined ? undefined : `${day}T${time}.000Z`;
};

/** Why and when it was stopped. Undefined for one that is not. */
export const stopOf = (instance: Instance): InstanceStop | undefined => {
  const state = instanceState(instance.State?.Name);
  if (state !== "stopping" && state !== "stopped") return undefined;
  return withoutUndefined({ code: instance.StateReason?.Code, at: transitionOf(instance) });
};

export const tagRecord = (tags: readonly Tag[] | undefined): Record<string, string> =>
  Object.fromEntries(
    (tags ?? []).flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? ""]])),
  );

/** Tags as requests take them, sorted by key so that a retried request is the same request. */
export const tagList = (tags: Readonly<Record<string, string>>): Tag[] =>
  Object.keys(tags)
    .sort()
    .map((Key) => ({ Key, Value: tags[Key] ?? "" }));

/** All instances that match, whatever their state. `resource` names them in an error. */
const findInstances = async (
  ec2: EC2Client,
  input: { readonly resource?: string; readonly filters: readonly Filter[] },
): Promise<Instance[]> => {
  const { filters, ...named } = input;
  const reservations = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeInstances", ...named }, () =>
        ec2.send(
          new DescribeInstancesCommand({
            Filters: [...filters],
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.Reservations,
    next: (page) => page.NextToken,
  });
  return reservations.flatMap(({ Instances }) => Instances ?? []);
};

export const describeInstances = (
  ec2: EC2Client,
  filters: readonly Filter[],
): Promise<Instance[]> => findInstances(ec2, { filters });

/**
 * Undefined when EC2 does not show the instance (not yet, or no longer). By filter, not by id: EC2 counts ids alone
 * against half as many requests (`local/cloud/buckets.ts`).
 */
export const describeInstance = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<Instance | undefined> => {
  const found = await findInstances(ec2, {
    resource: instanceId,
    filters: [{ Name: "instance-id", Values: [instanceId] }],
  });
  return found.find(({ InstanceId }) => InstanceId === instanceId);
};

/** Whether EC2 knows it, terminated or not: asked by its id, and by nothing else, EC2 says with an error that it does not. */
export const isInstanceKnown = async (ec2: EC2Client, instanceId: string): Promise<boolean> => {
  const answer = await orAbsent(() =>
    callAws({ action: "DescribeInstances", resource: instanceId }, () =>
      ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] })),
    ),
  );
  return answer !== undefined;
};

/** All, so that the filter hides nothing. There is none for the id, and a request without any is counted as costlier. */
const inAnyState: Filter = { Name: "instance-state-name", Values: [...states] };

/** All of the region, ended ones included. */
export const describeAllInstances = (ec2: EC2Client): Promise<Instance[]> =>
  describeInstances(ec2, [inAnyState]);

/** Checks and scheduled events, whatever the instance's state. Undefined when EC2 has none to show. */
export const describeStatus = (
  ec2: EC2Client,
  instanceId: string,
): Promise<InstanceStatus | undefined> =>
  orAbsent(async () => {
    const answer = await callAws({ action: "DescribeInstanceStatus", resource: instanceId }, () =>
      ec2.send(
        new DescribeInstanceStatusCommand({
          InstanceIds: [instanceId],
          Filters: [inAnyState],
          // Without it EC2 leaves out what is not running.
          IncludeAllInstances: true,
        }),
      ),
    );
    return answer.InstanceStatuses?.find(({ InstanceId }) => InstanceId === instanceId);
  });

/** Checks and scheduled events of all instances of the region, whatever their state. */
export const describeStatuses = (ec2: EC2Client): Promise<readonly InstanceStatus[]> =>
  readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeInstanceStatus" }, () =>
        ec2.send(
          new DescribeInstanceStatusCommand({
            IncludeAllInstances: true,
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.InstanceStatuses,
    next: (page) => page.NextToken,
  });

/** All volumes that match. `resource` names them in an error. */
export const findVolumes = (
  ec2: EC2Client,
  input: { readonly resource?: string; readonly filters: readonly Filter[] },
): Promise<Volume[]> => {
  const { filters, ...named } = input;
  return readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeVolumes", ...named }, () =>
        ec2.send(
          new DescribeVolumesCommand({
            Filters: [...filters],
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.Volumes,
    next: (page) => page.NextToken,
  });
};

/** By filter, not by id: one volume that is gone does not hide the others. */
export const describeVolumes = async (
  ec2: EC2Client,
  volumeIds: readonly string[],
): Promise<Volume[]> =>
  volumeIds.length === 0
    ? []
    : findVolumes(ec2, {
        resource: volumeIds.join(" "),
        filters: [{ Name: "volume-id", Values: [...volumeIds] }],
      });

/** All interfaces that match. `resource` names them in an error. */
export const findInterfaces = (
  ec2: EC2Client,
  input: { readonly resource?: string; readonly filters: readonly Filter[] },
): Promise<NetworkInterface[]> => {
  const { filters, ...named } = input;
  return readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeNetworkInterfaces", ...named }, () =>
        ec2.send(
          new DescribeNetworkInterfacesCommand({
            Filters: [...filters],
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.NetworkInterfaces,
    next: (page) => page.NextToken,
  });
};

/** By filter, not by id: one interface that is gone does not hide the others. */
export const describeInterfaces = async (
  ec2: EC2Client,
  interfaceIds: readonly string[],
): Promise<NetworkInterface[]> =>
  interfaceIds.length === 0
    ? []
    : findInterfaces(ec2, {
        resource: interfaceIds.join(" "),
        filters: [{ Name: "network-interface-id", Values: [...interfaceIds] }],
      });

/** EC2 answers so for an image that was deregistered, or that we may no longer use. */
const isImageGone = (code: string): boolean =>
  isNotFound(code) || bareCode(code) === "InvalidAMIID.Unavailable";

/** Undefined when the image does not exist (or no longer does), or is not shared with the account. */
export const describeImage = (ec2: EC2Client, imageId: string): Promise<Image | undefined> =>
  orAbsent(async () => {
    const answer = await callAws({ action: "DescribeImages", resource: imageId }, () =>
      ec2.send(new DescribeImagesCommand({ ImageIds: [imageId], IncludeDeprecated: true })),
    );
    return answer.Images?.find(({ ImageId }) => ImageId === imageId);
  }, isImageGone);

/** EC2 API reference, Filter: at most 200 values. */
const mostFilterValues = 200;

/** Those of the images that EC2 shows. By filter, not by id: one that is gone does not hide the others. */
export const describeImages = async (
  ec2: EC2Client,
  imageIds: readonly string[],
): Promise<readonly Image[]> => {
  const found: Image[] = [];
  for (let first = 0; first < imageIds.length; first += mostFilterValues) {
    const some = imageIds.slice(first, first + mostFilterValues);
    const images = await readAllPages({
      fetch: (token) =>
        callAws({ action: "DescribeImages" }, () =>
          ec2.send(
            new DescribeImagesCommand({
              Filters: [{ Name: "image-id", Values: some }],
              IncludeDeprecated: true,
              MaxResults: largestPage,
              NextToken: token,
            }),
          ),
        ),
      items: (page) => page.Images,
      next: (page) => page.NextToken,
    });
    found.push(...images);
  }
  return found;
};
