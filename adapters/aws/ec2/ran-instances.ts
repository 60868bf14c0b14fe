/** All instances of a region as the savings ledger sees them, ended ones included for as long as EC2 shows them: a call for each thousand. */
import type { EC2Client, Instance } from "@aws-sdk/client-ec2";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { instanceIdSchema } from "../../../core/model/ids.ts";
import type { ShownInstance } from "../../../core/model/ledger/shown.ts";
import type { SpanVolume } from "../../../core/model/ledger/span.ts";
import { required } from "../required.ts";
import { withoutUndefined } from "../without-undefined.ts";
import {
  describeAllInstances,
  describeVolumes,
  instanceState,
  tagRecord,
  transitionOf,
} from "./describe.ts";
import { readZoneIds, zoneIdOf } from "./zones.ts";

/** EC2's own name for the owner of an address that it lent. */
const lender = "amazon";

const lentAddress = ({ NetworkInterfaces: interfaces = [] }: Instance) => {
  const lent = interfaces.find(({ Association }) => Association?.IpOwnerId === lender);
  return { hasLentAddress: lent !== undefined, lentAddressOf: lent?.NetworkInterfaceId };
};

const toShown = (instance: Instance, zoneIds: ReadonlyMap<string, string>): ShownInstance => {
  const { InstanceId: id = "", Placement: placement, BlockDeviceMappings: devices = [] } = instance;
  const state = required(instanceState(instance.State?.Name), `the state of ${id}`);
  return withoutUndefined({
    instanceId: instanceIdSchema.parse(id),
    state,
    instanceType: required(instance.InstanceType, `the type of ${id}`),
    zoneId: zoneIdOf(zoneIds, required(placement?.AvailabilityZone, `the zone of ${id}`)),
    product: required(instance.PlatformDetails, `the platform of ${id}`),
    tenancy: placement?.Tenancy ?? "default",
    lifecycle: instance.InstanceLifecycle,
    launchedAt: required(instance.LaunchTime, `the launch of ${id}`).toISOString(),
    endedAt: state === "pending" || state === "running" ? undefined : transitionOf(instance),
    reason: instance.StateReason?.Code,
    ...lentAddress(instance),
    volumeIds: devices.flatMap(({ Ebs }) => Ebs?.VolumeId ?? []),
    tags: tagRecord(instance.Tags),
  });
};

/** @throws BrokenFacts for one that lacks what EC2 always sends, and what a page throws: nothing is noted of half a list */
export const readRanInstances = async (ec2: EC2Client): Promise<readonly ShownInstance[]> => {
  const instances = await describeAllInstances(ec2);
  if (instances.length === 0) return [];
  const zoneIds = await readZoneIds(ec2);
  return instances.map((instance) => toShown(instance, zoneIds));
};

/** Values of one filter. Source: EC2 API reference, "Filter". */
const mostValues = 200;

/** Size and type of each that exists; a call for each two hundred. @throws BrokenFacts for one without a size or a type */
export const readVolumeSizes = async (
  ec2: EC2Client,
  volumeIds: readonly string[],
): Promise<ReadonlyMap<string, SpanVolume>> => {
  const sizes = new Map<string, SpanVolume>();
  for (let from = 0; from < volumeIds.length; from += mostValues) {
    for (const volume of await describeVolumes(ec2, volumeIds.slice(from, from + mostValues))) {
      const volumeId = required(volume.VolumeId, "a volume's id");
      const sizeGib = volume.Size ?? 0;
      if (sizeGib <= 0) {
        throw new SpotOptimizerError("BrokenFacts", `EC2 gives no size of ${volumeId}.`, {
          resource: volumeId,
        });
      }
      const volumeType = required(volume.VolumeType, `the type of ${volumeId}`);
      sizes.set(volumeId, { volumeId, sizeGib, volumeType });
    }
  }
  return sizes;
};
