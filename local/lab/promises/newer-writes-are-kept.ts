/**
 * A healthy replacement of a stateful load to which clients have come holds writes that the original lacks. It is not ended, and
 * nothing of the identity is taken from it.
 */
import type { InstanceSummary } from "../../cloud/ec2/control-reads.ts";
import type { FaultCall } from "../../cloud/faults.ts";
import { instanceIdsIn, type BeforeCall, type Promised } from "./promise.ts";

/** Those that the call gives up, in whole or in part. */
const givenUpBy = (
  { operation, input }: FaultCall,
  { subject, instances, held }: BeforeCall,
): readonly InstanceSummary[] => {
  const { AllocationId: address, VolumeId: volume } = input as Readonly<Record<string, unknown>>;
  const { Targets: targets = [] } = input as { readonly Targets?: readonly { Id?: string }[] };
  const from: Readonly<Record<string, (found: InstanceSummary) => boolean>> = {
    TerminateInstances: ({ instanceId }) => instanceIdsIn(input).includes(instanceId),
    AssociateAddress: ({ allocationIds }) => allocationIds.some((id) => id === address),
    DetachVolume: ({ volumes }) => volumes.some(({ volumeId }) => volumeId === volume),
    DeregisterTargets: ({ instanceId }) => targets.some(({ Id: id }) => id === instanceId),
  };
  const isFrom = from[operation];
  return isFrom === undefined
    ? []
    : instances.filter(
        (found) =>
          found.instanceId !== subject.originalId &&
          found.tags["ManagedBy"] !== undefined &&
          held(found).length > 0 &&
          isFrom(found),
      );
};

export const newerWritesAreKept: Promised = {
  ofCall: (call, world) => {
    if (world.subject.isStateless) return undefined;
    const [first] = givenUpBy(call, world).filter(({ instanceId }) => world.isServing(instanceId));
    return first === undefined
      ? undefined
      : `${first.instanceId} was healthy and had ${world.held(first).join()}, and was given up`;
  },
};
