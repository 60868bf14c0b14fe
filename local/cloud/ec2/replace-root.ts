/**
 * Replace-root-volume tasks: a running instance gets another root volume, from an image, from a snapshot of its own
 * lineage, or an existing volume; it reboots on the way. pending → in-progress → succeeded, or failing → failed with the root
 * that it had, or failing-detached → failed-detached without one. The new root has the device and the deletion flag of the old
 * one. Source: EC2 user guide, "Replace the root volume for an Amazon EC2 instance"; that the flag holds for `VolumeId` too is
 * not documented †.
 */
import type {
  CreateReplaceRootVolumeTaskCommandInput,
  CreateReplaceRootVolumeTaskResult,
  DescribeReplaceRootVolumeTasksCommandInput,
  DescribeReplaceRootVolumeTasksResult,
  ReplaceRootVolumeTask,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { checkDevice, createVolume } from "./block-devices.ts";
import { beginBoot } from "./boots.ts";
import {
  findOne,
  lasting,
  newId,
  oncePerToken,
  selectVisible,
  tagList,
  tagsFor,
  type Ec2Context,
} from "./context.ts";
import { defined } from "./defined.ts";
import { noteVolume } from "./ever-attached.ts";
import { applyFilters, tagFields } from "./filters.ts";
import { paginate } from "./paging.ts";
import {
  checkInstance,
  checkLineage,
  checkVolume,
  rootOf,
  snapshotOfImage,
} from "./replace-root-checks.ts";
import { kinds, refuse, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { Instance, RegionState, ReplaceRootTask, Volume } from "./state.ts";
import { visibleFrom } from "./visibility.ts";

const view = (task: ReplaceRootTask): ReplaceRootVolumeTask => ({
  ReplaceRootVolumeTaskId: task.id,
  InstanceId: task.instanceId,
  TaskState: task.state as NonNullable<ReplaceRootVolumeTask["TaskState"]>,
  StartTime: new Date(task.createdAt).toISOString(),
  ...(task.completedAt === undefined
    ? {}
    : { CompleteTime: new Date(task.completedAt).toISOString() }),
  ...(task.imageId === undefined ? {} : { ImageId: task.imageId }),
  ...(task.snapshotId === undefined ? {} : { SnapshotId: task.snapshotId }),
  DeleteReplacedRootVolume: task.deleteReplaced,
  Tags: tagList(task.tags),
});

interface TaskWork {
  readonly task: ReplaceRootTask;
  readonly instance: Instance;
  readonly atMs: number;
}

/** The volume that becomes the root; undefined where what it is to be made of is gone. */
const nextRoot = (
  context: Ec2Context,
  region: RegionState,
  work: TaskWork & { readonly before: Volume },
): Volume | undefined => {
  const { task, instance, before, atMs } = work;
  if (task.volumeId !== undefined) {
    const volume = region.volumes.get(task.volumeId);
    return volume?.state === "available" ? volume : undefined;
  }
  const snapshot = region.snapshots.get(task.snapshotId ?? instance.launchSnapshotId ?? "");
  if (snapshot === undefined) return undefined;
  return createVolume(context, region, {
    zone: instance.zone,
    device: {
      deviceName: instance.rootDeviceName,
      snapshotId: snapshot.id,
      sizeGib: Math.max(before.sizeGib, snapshot.sizeGib),
      volumeType: before.volumeType,
      encrypted: before.encrypted || snapshot.encrypted,
      ...defined({
        iops: before.iops,
        throughput: before.throughput,
        kmsKeyId: before.kmsKeyId,
      }),
    },
    // † Whether the tags of the replaced volume go over is not documented.
    tags: { ...before.tags },
    atMs,
    visibleAt: atMs,
  });
};

const defectOf = (
  context: Ec2Context,
  instance: Instance,
): "failed" | "failed-detached" | undefined =>
  [...context.defects.failedRootTasks].find(({ matches }) => matches(instance))?.end;

const finish = (context: Ec2Context, region: RegionState, work: TaskWork): void => {
  const { task, instance, atMs } = work;
  task.completedAt = atMs;
  task.state = "failed";
  const before = rootOf(region, instance);
  const [attachment] = before?.attachments ?? [];
  if (instance.state !== "running" || before === undefined || attachment === undefined) return;
  instance.rebootingUntil = atMs;
  instance.checksFrom = atMs;
  beginBoot(context, instance, atMs);
  const defect = defectOf(context, instance);
  if (defect !== undefined) {
    task.state = defect;
    if (defect === "failed-detached") {
      before.attachments = [];
      before.state = "available";
    }
    return;
  }
  const next = nextRoot(context, region, { ...work, before });
  if (next === undefined) return;
  next.attachments = [{ ...attachment, attachedAt: atMs }];
  noteVolume(instance, next);
  next.state = "in-use";
  before.attachments = [];
  before.state = "available";
  if (task.deleteReplaced) region.volumes.delete(before.id);
  instance.rootVolumes.push(next.id);
  task.state = "succeeded";
};

const start = (
  context: Ec2Context,
  region: RegionState,
  work: { readonly task: ReplaceRootTask; readonly instance: Instance },
): void => {
  const { task, instance } = work;
  const duration = lasting(context, context.settings.replaceRootMs);
  const downAt = task.createdAt + Math.round(duration / 5);
  // From here on nothing that the instance writes would survive: it is down until the task ends.
  context.timeline.at(downAt, () => {
    task.state = "in-progress";
    instance.rebootingUntil = task.createdAt + duration;
    instance.checksFrom = task.createdAt + duration;
  });
  context.timeline.at(task.createdAt + Math.round(duration * 0.8), () => {
    const defect = defectOf(context, instance);
    if (defect === "failed") task.state = "failing";
    if (defect === "failed-detached") task.state = "failing-detached";
  });
  context.timeline.at(task.createdAt + duration, (atMs) => {
    finish(context, region, { task, instance, atMs });
  });
};

const createTask = (
  context: Ec2Context,
  region: RegionState,
  input: CreateReplaceRootVolumeTaskCommandInput,
): readonly string[] => {
  const id = required(input.InstanceId, "InstanceId");
  const instance = findOne(context, region.instances, { kind: kinds.instance, id });
  const sources = [input.ImageId, input.SnapshotId, input.VolumeId].filter(
    (source) => source !== undefined,
  );
  if (sources.length > 1) {
    throw refuse(
      "InvalidParameterCombination",
      "Only one of ImageId, SnapshotId and VolumeId can be specified",
    );
  }
  checkInstance(context, region, instance);
  if (input.VolumeId !== undefined) {
    checkVolume(context, region, { instance, volumeId: input.VolumeId });
  }
  if (input.SnapshotId !== undefined) {
    checkDevice(region, { deviceName: instance.rootDeviceName, snapshotId: input.SnapshotId });
    checkLineage(region, instance, input.SnapshotId);
  }
  const snapshotId =
    input.ImageId === undefined
      ? input.SnapshotId
      : snapshotOfImage(context, region, { instance, imageId: input.ImageId });
  const now = context.clock.now();
  const task: ReplaceRootTask = {
    id: newId(context, "replacevol-"),
    createdAt: now,
    visibleAt: visibleFrom(context, now),
    tags: tagsFor(input.TagSpecifications, "replace-root-volume-task"),
    instanceId: id,
    imageId: input.ImageId,
    snapshotId,
    volumeId: input.VolumeId,
    deleteReplaced: input.DeleteReplacedRootVolume ?? false,
    state: "pending",
  };
  region.rootTasks.set(task.id, task);
  start(context, region, { task, instance });
  return [task.id];
};

export const replaceRootOperations = (context: Ec2Context) => ({
  CreateReplaceRootVolumeTask: (
    call: Call,
    input: CreateReplaceRootVolumeTaskCommandInput,
  ): CreateReplaceRootVolumeTaskResult => {
    const region = regionOf(context, call);
    const [id = ""] = oncePerToken(
      region,
      { scope: "CreateReplaceRootVolumeTask", token: input.ClientToken, parameters: input },
      () => createTask(context, region, input),
    );
    const task = region.rootTasks.get(id);
    return task === undefined ? {} : { ReplaceRootVolumeTask: view(task) };
  },

  DescribeReplaceRootVolumeTasks: (
    call: Call,
    input: DescribeReplaceRootVolumeTasksCommandInput,
  ): DescribeReplaceRootVolumeTasksResult => {
    const region = regionOf(context, call);
    const tasks = applyFilters(
      selectVisible(context, region.rootTasks, {
        kind: kinds.rootTask,
        ids: input.ReplaceRootVolumeTaskIds,
        filters: input.Filters,
      }),
      input.Filters,
      { ...tagFields<ReplaceRootTask>(), "instance-id": (task) => task.instanceId },
    );
    const { items, ...next } = paginate(tasks, input, {
      min: 1,
      max: 50,
      pageSize: context.settings.pageSize,
    });
    return { ReplaceRootVolumeTasks: items.map(view), ...next };
  },
});
