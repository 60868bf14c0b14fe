/** Images, and the task that gives an instance a new root volume. */
import {
  CreateImageCommand,
  CreateReplaceRootVolumeTaskCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeReplaceRootVolumeTasksCommand,
  type EC2Client,
  type Image,
  type ReplaceRootVolumeTask,
} from "@aws-sdk/client-ec2";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { acted, doneBefore, type Acted } from "../acted.ts";
import { orAbsent } from "../or-absent.ts";
import { readAllPages } from "../paging.ts";
import { required } from "../required.ts";
import { callAws, expectRefusal } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { describeImage, largestPage, tagList } from "./describe.ts";

export interface ImageFacts {
  readonly imageId: string;
  readonly name?: string;
  /** `pending`, `available`, `failed`, `invalid`, `error`, `deregistered`, `transient`, `disabled`. */
  readonly state: string;
  /** While the image is pending, some may not be listed yet. */
  readonly snapshotIds: readonly string[];
  readonly stateReason?: string;
}

const toImageFacts = (image: Image): ImageFacts => {
  const imageId = required(image.ImageId, "an image's id");
  return withoutUndefined({
    imageId,
    name: image.Name,
    state: required(image.State, `the state of ${imageId}`),
    snapshotIds: (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []),
    stateReason: image.StateReason?.Message ?? image.StateReason?.Code,
  });
};

/** The account's own images that match. */
export const describeOwnImages = (
  ec2: EC2Client,
  filter: { readonly Name: string; readonly Values: string[] },
): Promise<Image[]> =>
  readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeImages", resource: filter.Values.join(" ") }, () =>
        ec2.send(
          new DescribeImagesCommand({
            Owners: ["self"],
            Filters: [filter],
            IncludeDeprecated: true,
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.Images,
    next: (page) => page.NextToken,
  });

/** Names are unique per account and region among our own images. */
const describeImagesByName = async (ec2: EC2Client, names: readonly string[]): Promise<Image[]> => {
  const images = await describeOwnImages(ec2, { Name: "name", Values: [...names] });
  // A filter takes wildcards; a name is what is written.
  return images.filter(({ Name }) => Name !== undefined && names.includes(Name));
};

/** Those of the names that EC2 shows among the account's own images, by one call. */
export const findImages = async (
  ec2: EC2Client,
  names: readonly string[],
): Promise<readonly ImageFacts[]> =>
  names.length === 0 ? [] : (await describeImagesByName(ec2, names)).map(toImageFacts);

/** Those of the account's own images that carry the tag, by one call. */
export const findTaggedImages = async (
  ec2: EC2Client,
  tag: { readonly key: string; readonly value: string },
): Promise<readonly ImageFacts[]> => {
  const images = await describeOwnImages(ec2, { Name: `tag:${tag.key}`, Values: [tag.value] });
  return images.map(toImageFacts);
};

/** By id, or by name among the account's own images. Undefined when EC2 does not show it (not yet, or no longer). */
export const findImage = async (
  ec2: EC2Client,
  wanted: { readonly name: string } | { readonly imageId: string },
): Promise<ImageFacts | undefined> => {
  const image =
    "name" in wanted
      ? (await describeImagesByName(ec2, [wanted.name]))[0]
      : await describeImage(ec2, wanted.imageId);
  return image === undefined ? undefined : toImageFacts(image);
};

export const nameTaken = (code: string): boolean => code === "InvalidAMIName.Duplicate";

/** The image of that name, which an earlier call of this evaluation has made. @throws RetryableNotVisible while EC2 does not show it */
export const ownOfName = async (
  ec2: EC2Client,
  name: string,
  cause: unknown,
): Promise<ImageFacts> => {
  const image = await findImage(ec2, { name });
  if (image !== undefined) return image;
  throw new SpotOptimizerError(
    "RetryableNotVisible",
    `The image name ${name} is taken, and EC2 does not show the image yet.`,
    { resource: name, cause },
  );
};

/**
 * Begins an image. CreateImage has no client token: the name, which must be the evaluation's own, stands in for
 * it. If it is taken, an earlier call of this evaluation acted, and that image is returned. `noReboot: false` reboots a
 * running instance.
 * @throws RetryableNotVisible when the name is taken by an image that EC2 does not show yet
 */
export const createImage = async (
  ec2: EC2Client,
  input: {
    readonly instanceId: string;
    readonly name: string;
    readonly noReboot: boolean;
    /** Data volumes, by device name: left out of the image. */
    readonly excludeDevices: readonly string[];
    readonly tags: Readonly<Record<string, string>>;
  },
): Promise<Acted & { readonly imageId: string }> => {
  const { instanceId, name } = input;
  try {
    const answer = await callAws({ action: "CreateImage", resource: instanceId }, () =>
      ec2.send(
        new CreateImageCommand({
          InstanceId: instanceId,
          Name: name,
          NoReboot: input.noReboot,
          BlockDeviceMappings: input.excludeDevices.map((DeviceName) => ({
            DeviceName,
            NoDevice: "",
          })),
          TagSpecifications: [
            { ResourceType: "image", Tags: tagList(input.tags) },
            { ResourceType: "snapshot", Tags: tagList(input.tags) },
          ],
        }),
      ),
    );
    return { ...acted(answer), imageId: required(answer.ImageId, `the image of ${instanceId}`) };
  } catch (error) {
    const refused = expectRefusal(error, nameTaken);
    const { imageId } = await ownOfName(ec2, name, error);
    return { ...doneBefore(refused), imageId };
  }
};

/** What EC2 says of an image that was deregistered before. Source: EC2 API reference, "Error codes", InvalidAMIID.Unavailable. */
export const isDeregistered = (code: string): boolean => code === "InvalidAMIID.Unavailable";

/**
 * Deregisters an image that was seen, with its snapshots; EC2 may leave some of these. "Not found" means that EC2 does not know
 * it *yet* by its id, and that nothing was done: RetryableNotVisible. One that is deregistered already is done.
 */
export const deregisterImage = async (ec2: EC2Client, imageId: string): Promise<Acted> => {
  try {
    return acted(
      await callAws(
        { action: "DeregisterImage", resource: imageId, notFoundMeans: "not-visible" },
        () =>
          ec2.send(
            new DeregisterImageCommand({ ImageId: imageId, DeleteAssociatedSnapshots: true }),
          ),
      ),
    );
  } catch (error) {
    return doneBefore(expectRefusal(error, isDeregistered));
  }
};

/**
 * Begins to give the instance another root volume in place, made from an image or one that there is already; it reboots. The
 * volume that it had is deleted (it is the clone's own, made from the warm image). The token makes a repetition return the
 * same task.
 */
export const createReplaceRootVolumeTask = async (
  ec2: EC2Client,
  input: {
    readonly instanceId: string;
    readonly from: { readonly imageId: string } | { readonly volumeId: string };
    readonly clientToken: string;
    readonly tags: Readonly<Record<string, string>>;
  },
): Promise<Acted & { readonly taskId: string }> => {
  const { instanceId, from } = input;
  const answer = await callAws(
    // Instance and image were read a moment ago: EC2 may know them by one way of asking, and not yet by another.
    { action: "CreateReplaceRootVolumeTask", resource: instanceId, notFoundMeans: "not-visible" },
    () =>
      ec2.send(
        new CreateReplaceRootVolumeTaskCommand({
          InstanceId: instanceId,
          ...("imageId" in from ? { ImageId: from.imageId } : { VolumeId: from.volumeId }),
          ClientToken: input.clientToken,
          DeleteReplacedRootVolume: true,
          TagSpecifications: [
            { ResourceType: "replace-root-volume-task", Tags: tagList(input.tags) },
          ],
        }),
      ),
  );
  const taskId = answer.ReplaceRootVolumeTask?.ReplaceRootVolumeTaskId;
  return { ...acted(answer), taskId: required(taskId, `the root volume task of ${instanceId}`) };
};

export interface RootVolumeTask {
  readonly taskId: string;
  /** `pending`, `in-progress`, `succeeded`, `failing`, `failed`, `failing-detached`, `failed-detached`. */
  readonly state: string;
}

const describeTasks = (
  ec2: EC2Client,
  wanted: { readonly taskId: string } | { readonly instanceId: string },
): Promise<ReplaceRootVolumeTask[]> => {
  const resource = "taskId" in wanted ? wanted.taskId : wanted.instanceId;
  const selection =
    "taskId" in wanted
      ? { ReplaceRootVolumeTaskIds: [wanted.taskId] }
      : { Filters: [{ Name: "instance-id", Values: [wanted.instanceId] }] };
  return readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeReplaceRootVolumeTasks", resource }, () =>
        ec2.send(new DescribeReplaceRootVolumeTasksCommand({ ...selection, NextToken: token })),
      ),
    items: (page) => page.ReplaceRootVolumeTasks,
    next: (page) => page.NextToken,
  });
};

/** The task, or the instance's latest one. Undefined when EC2 shows none. */
export const readReplaceRootVolumeTask = async (
  ec2: EC2Client,
  wanted: { readonly taskId: string } | { readonly instanceId: string },
): Promise<RootVolumeTask | undefined> => {
  const tasks = (await orAbsent(() => describeTasks(ec2, wanted))) ?? [];
  const latest = tasks.sort((a, b) => ((a.StartTime ?? "") < (b.StartTime ?? "") ? -1 : 1)).at(-1);
  if (latest === undefined) return undefined;
  const taskId = required(latest.ReplaceRootVolumeTaskId, "a root volume task's id");
  return { taskId, state: required(latest.TaskState, `the state of ${taskId}`) };
};
