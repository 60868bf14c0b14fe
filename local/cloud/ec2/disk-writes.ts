/**
 * Writes to disks, so that tests can prove that none that was acknowledged is lost: each volume counts its writes,
 * and the count travels with its snapshots, images and replaced roots.
 */
import type { Ec2Context } from "./context.ts";
import { volumesOf } from "./instance-lifecycle.ts";
import type { Instance, RegionState, Volume } from "./state.ts";

export interface WriteResult {
  /** False: nobody could have written (not running, rebooting, not attached). Nothing was counted. */
  readonly acknowledged: boolean;
  /** Writes on the volume afterwards. */
  readonly writes: number;
}

/** What the first region has of it that has it. */
const findInRegions = <Found>(
  context: Ec2Context,
  find: (region: RegionState) => Found | undefined,
): Found | undefined => {
  for (const account of context.accounts.values()) {
    for (const region of account.regions.values()) {
      const found = find(region);
      if (found !== undefined) return found;
    }
  }
  return undefined;
};

export const findInstance = (
  context: Ec2Context,
  id: string,
): { readonly region: RegionState; readonly instance: Instance } | undefined =>
  findInRegions(context, (region) => {
    const instance = region.instances.get(id);
    return instance && { region, instance };
  });

const rootOf = (region: RegionState, instance: Instance): Volume | undefined =>
  volumesOf(region, instance).find((volume) =>
    volume.attachments.some(
      (each) => each.instanceId === instance.id && each.deviceName === instance.rootDeviceName,
    ),
  );

/** The volume itself, or the instance's root volume. */
const volumeOf = (
  context: Ec2Context,
  id: string,
): { readonly region: RegionState; readonly volume: Volume } | undefined =>
  findInRegions(context, (region) => {
    const instance = region.instances.get(id);
    const volume = instance === undefined ? region.volumes.get(id) : rootOf(region, instance);
    return volume && { region, volume };
  });

const canWrite = (context: Ec2Context, region: RegionState, volume: Volume): boolean =>
  volume.attachments.some((attachment) => {
    const instance = region.instances.get(attachment.instanceId);
    return (
      attachment.state === "attached" &&
      instance?.state === "running" &&
      (instance.rebootingUntil ?? 0) <= context.clock.now()
    );
  });

export const write = (context: Ec2Context, id: string): WriteResult => {
  const found = volumeOf(context, id);
  if (found === undefined) return { acknowledged: false, writes: 0 };
  const { region, volume } = found;
  const acknowledged = canWrite(context, region, volume);
  if (acknowledged) volume.content.writes += 1;
  return { acknowledged, writes: volume.content.writes };
};

/** Writes on an instance's root, a volume or a snapshot; undefined where there is no such thing. */
export const writesOn = (context: Ec2Context, id: string): number | undefined =>
  volumeOf(context, id)?.volume.content.writes ??
  findInRegions(context, (region) => region.snapshots.get(id))?.content.writes;
