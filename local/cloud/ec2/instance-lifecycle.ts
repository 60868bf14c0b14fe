/** The life of an instance: pending → running → stopping → stopped, shutting-down → terminated, by the clock. */
import type { InstanceState } from "../../../core/model/instance.ts";
import { eventTime } from "../aws-event.ts";
import { beginBoot, runningFrom } from "./boots.ts";
import { lasting, newId, type Ec2Context } from "./context.ts";
import type { Ec2Event } from "./events.ts";
import { everAttached } from "./ever-attached.ts";
import { addressOn, deleteInterface, interfacesOf, newPublicIp } from "./interface-records.ts";
import { keyFault } from "./keys.ts";
import { onFreed } from "./pools.ts";
import type { Instance, RegionState, Volume } from "./state.ts";

export interface Cause {
  readonly code: string;
  readonly message: string;
  /** As StateTransitionReason words it; empty where EC2 leaves it so. */
  readonly transition: string;
}

const stamp = (atMs: number): string =>
  new Date(atMs).toISOString().replace("T", " ").replace(/\..*/, " GMT");

export const byUser = (atMs: number): Cause => ({
  code: "Client.UserInitiatedShutdown",
  message: "Client.UserInitiatedShutdown: User initiated shutdown",
  transition: `User initiated (${stamp(atMs)})`,
});

/** @param type the event's detail-type. */
export const emitAbout = (
  context: Ec2Context,
  place: { readonly region: RegionState; readonly instance: Instance; readonly atMs: number },
  event: { readonly type: Ec2Event["detail-type"]; readonly detail: Record<string, string> },
): void => {
  const { region, instance, atMs } = place;
  const digits = newId(context, "");
  context.emit({
    version: "0",
    id: `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(12, 15)}-8${digits.slice(14, 17)}-${instance.id.slice(-12)}`,
    "detail-type": event.type,
    source: "aws.ec2",
    account: region.accountId,
    time: eventTime(atMs),
    region: region.region,
    resources: [`arn:aws:ec2:${instance.zone.name}:instance/${instance.id}`],
    detail: { "instance-id": instance.id, ...event.detail },
  });
};

const enter = (
  context: Ec2Context,
  place: { readonly region: RegionState; readonly instance: Instance; readonly atMs: number },
  state: InstanceState,
): void => {
  place.instance.state = state;
  place.instance.transition += 1;
  emitAbout(context, place, {
    type: "EC2 Instance State-change Notification",
    detail: { state },
  });
};

/** Runs the job after that time, unless another transition came first. */
const unlessOvertaken = (
  context: Ec2Context,
  instance: Instance,
  when: { readonly atMs: number; readonly job: (atMs: number) => void },
): void => {
  const { transition } = instance;
  context.timeline.at(when.atMs, (dueMs) => {
    if (instance.transition === transition) when.job(dueMs);
  });
};

export const volumesOf = (region: RegionState, instance: Instance): readonly Volume[] =>
  everAttached(instance).volumes.filter(
    ({ id, attachments }) =>
      region.volumes.has(id) && attachments.some(({ instanceId }) => instanceId === instance.id),
  );

/** Without one it cannot start. */
export const hasRoot = (region: RegionState, instance: Instance): boolean =>
  instance.rootDeviceType !== "ebs" ||
  volumesOf(region, instance).some(({ attachments }) =>
    attachments.some(({ deviceName }) => deviceName === instance.rootDeviceName),
  );

const releaseVolumes = (region: RegionState, instance: Instance): void => {
  for (const volume of volumesOf(region, instance)) {
    const attachment = volume.attachments.find((each) => each.instanceId === instance.id);
    volume.attachments = volume.attachments.filter((each) => each !== attachment);
    if (attachment?.deleteOnTermination === true) region.volumes.delete(volume.id);
    else if (volume.attachments.length === 0) volume.state = "available";
  }
};

const releaseInterfaces = (region: RegionState, instance: Instance): void => {
  for (const record of interfacesOf(region, instance)) {
    if (record.attachment?.deleteOnTermination === true) deleteInterface(region, record);
    else record.attachment = undefined;
    record.autoPublicIp = undefined;
  }
};

/** It gives its place back: to its reservation, or to whoever is next. */
const leavePlace = (context: Ec2Context, instance: Instance): void => {
  instance.capacityReservationId = undefined;
  if (instance.lifecycle !== undefined) return;
  onFreed(context, { zoneId: instance.zone.id, instanceType: instance.instanceType });
};

const finishTermination = (
  context: Ec2Context,
  region: RegionState,
  place: { readonly instance: Instance; readonly atMs: number },
): void => {
  const { instance, atMs } = place;
  enter(context, { region, instance, atMs }, "terminated");
  instance.terminatedAt = atMs;
  leavePlace(context, instance);
  const { volumesFreeAfterMs } = context.settings;
  if (volumesFreeAfterMs === 0) releaseVolumes(region, instance);
  else {
    context.timeline.at(atMs + volumesFreeAfterMs, () => {
      releaseVolumes(region, instance);
    });
  }
  releaseInterfaces(region, instance);
  for (const listener of context.terminated) listener(region, instance, atMs);
  context.timeline.at(atMs + context.settings.terminatedVisibleMs, () => {
    region.instances.delete(instance.id);
  });
};

export const terminate = (
  context: Ec2Context,
  region: RegionState,
  order: { readonly instance: Instance; readonly atMs: number; readonly cause: Cause },
): void => {
  const { instance, atMs, cause } = order;
  if (instance.state === "terminated" || instance.state === "shutting-down") return;
  enter(context, { region, instance, atMs }, "shutting-down");
  instance.transitionReason = cause.transition;
  instance.stateReason = { code: cause.code, message: cause.message };
  unlessOvertaken(context, instance, {
    atMs: atMs + lasting(context, context.settings.terminateMs),
    job: (dueMs) => {
      finishTermination(context, region, { instance, atMs: dueMs });
    },
  });
};

/** Not where an Elastic IP stands already, nor with more than one interface. */
const lendPublicIp = (context: Ec2Context, region: RegionState, instance: Instance): void => {
  const [primary, second] = interfacesOf(region, instance);
  const ip = primary?.addresses.find((address) => address.primary)?.ip;
  if (!instance.lendsPublicIp || primary === undefined || ip === undefined) return;
  if (second !== undefined || addressOn(region, primary.id, ip) !== undefined) return;
  primary.autoPublicIp = newPublicIp(context);
};

/** EC2 API reference, StateReason. */
const launchEnds: Readonly<Record<string, string>> = {
  "Client.InternalError": "Client error on launch",
  "Client.InvalidKMSKey.InvalidState": "The KMS key provided is in an incorrect state",
  "Client.InvalidSnapshot.NotFound": "The specified snapshot was not found",
  "Client.VolumeLimitExceeded":
    "Volume limit exceeded. You have exceeded the maximum number of volumes or total storage",
  "Client.InstanceInitiatedShutdown": "Instance initiated shutdown",
  "Client.UserInitiatedShutdown": "User initiated shutdown",
};

const finishStop = (
  context: Ec2Context,
  region: RegionState,
  { instance, atMs }: { readonly instance: Instance; readonly atMs: number },
): void => {
  enter(context, { region, instance, atMs }, "stopped");
  for (const record of interfacesOf(region, instance)) record.autoPublicIp = undefined;
  leavePlace(context, instance);
  for (const listener of context.stopped) listener(region, instance, atMs);
};

/** Why it does not come to run: a scenario says so, or a key of its volumes cannot be used. */
const faultOf = (
  context: Ec2Context,
  region: RegionState,
  instance: Instance,
): string | undefined =>
  [...context.defects.failedBoots].find(({ matches }) => matches(instance))?.code ??
  keyFault(context, region, { instance, volumes: volumesOf(region, instance) });

/** `pending`, then `running`. Where it does not come to that a launched one is terminated, a started one stopped again. */
export const boot = (
  context: Ec2Context,
  region: RegionState,
  order: { readonly instance: Instance; readonly atMs: number; readonly isStart?: true },
): void => {
  const { instance, atMs, isStart } = order;
  enter(context, { region, instance, atMs }, "pending");
  instance.launchedAt = atMs;
  instance.transitionReason = "";
  instance.stateReason = undefined;
  lendPublicIp(context, region, instance);
  beginBoot(context, instance, atMs);
  unlessOvertaken(context, instance, {
    atMs: runningFrom(context, instance, atMs),
    job: (dueMs) => {
      const code = faultOf(context, region, instance);
      if (code === undefined) {
        enter(context, { region, instance, atMs: dueMs }, "running");
        instance.checksFrom = dueMs;
        return;
      }
      const message = `${code}: ${launchEnds[code] ?? "Server error on launch"}`;
      instance.transitionReason = code;
      instance.stateReason = { code, message };
      if (isStart === undefined) finishTermination(context, region, { instance, atMs: dueMs });
      else finishStop(context, region, { instance, atMs: dueMs });
    },
  });
};

/** Stopping gives back the lent public address for good; Elastic IPs stay. */
export const stop = (
  context: Ec2Context,
  region: RegionState,
  order: { readonly instance: Instance; readonly atMs: number; readonly cause: Cause },
): void => {
  const { instance, atMs, cause } = order;
  enter(context, { region, instance, atMs }, "stopping");
  instance.transitionReason = cause.transition;
  instance.stateReason = { code: cause.code, message: cause.message };
  instance.checksFrom = undefined;
  unlessOvertaken(context, instance, {
    atMs: atMs + lasting(context, context.settings.stopMs),
    job: (dueMs) => {
      finishStop(context, region, { instance, atMs: dueMs });
    },
  });
};

/** The state stays `running`; nothing is written, and the checks begin anew. */
export const reboot = (context: Ec2Context, instance: Instance, atMs: number): void => {
  instance.rebootingUntil = atMs + lasting(context, context.settings.rebootMs);
  instance.checksFrom = instance.rebootingUntil;
  beginBoot(context, instance, atMs);
};
