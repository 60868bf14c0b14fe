/**
 * Says what is deleted together with an instance and must not be, and how the owner had it. What RunInstances makes for a
 * replacement is ours until it is verified, and goes with it. What holds the customer's data or addresses stays, whatever its
 * owner had set at an On-Demand Instance: EC2 may take a Spot Instance back at any time.
 */
import type { Attachments, DeletionFlags, FlagChange } from "../../model/deletion-flags.ts";
import type { InstanceFacts } from "../../model/instance.ts";
import type { Policy } from "../../policy/policy.ts";
import { dataVolumes, primaryInterface, travellingInterfaces } from "./travelling-parts.ts";

const ofVolume = (
  { volumeId, deviceName, isRoot }: Attachments["volumes"][number],
  deleteOnTermination: boolean,
): FlagChange => ({ kind: "VOLUME", volumeId, deviceName, isRoot, deleteOnTermination });

const ofInterface = (
  { networkInterfaceId, attachmentId }: Attachments["networkInterfaces"][number],
  deleteOnTermination: boolean,
): FlagChange => ({ kind: "INTERFACE", networkInterfaceId, attachmentId, deleteOnTermination });

/**
 * What a replacement that carries an identity must not take with it and still would: data volumes, secondary interfaces, and
 * the root of a stateful load, which holds newer writes from its first request on. A stateless one has nothing on its root.
 */
export const flagsToClear = (
  { volumes, networkInterfaces }: Attachments,
  { consistency }: Pick<Policy, "consistency">,
): readonly FlagChange[] => [
  ...volumes
    .filter(
      ({ isRoot, deleteOnTermination }) =>
        deleteOnTermination && !(isRoot && consistency === "stateless"),
    )
    .map((volume) => ofVolume(volume, false)),
  ...networkInterfaces
    .filter(({ deviceIndex, deleteOnTermination }) => deleteOnTermination && deviceIndex > 0)
    .map((networkInterface) => ofInterface(networkInterface, false)),
];

/** As the original had them before anything moved. Of a device that EC2 did not show nothing is known. */
export const flagsOfOwner = (original: InstanceFacts): DeletionFlags => {
  const root = original.volumes.find(({ isRoot }) => isRoot)?.deleteOnTermination;
  const primary = primaryInterface(original)?.deleteOnTermination;
  return {
    ...(root === undefined ? {} : { root }),
    ...(primary === undefined ? {} : { primaryInterface: primary }),
    volumes: dataVolumes(original).map(({ volumeId, deleteOnTermination }) => ({
      volumeId,
      deleteOnTermination,
    })),
    interfaces: travellingInterfaces(original).map(
      ({ networkInterfaceId, deleteOnTermination }) => ({
        networkInterfaceId,
        deleteOnTermination,
      }),
    ),
  };
};

/** The owner's flags that differ from what the instance has now. What was attached since is left as it is. */
export const flagsToReturn = (
  { volumes, networkInterfaces }: Attachments,
  owner: DeletionFlags,
): readonly FlagChange[] => [
  ...volumes.flatMap((volume) => {
    const wanted = volume.isRoot
      ? owner.root
      : owner.volumes.find(({ volumeId }) => volumeId === volume.volumeId)?.deleteOnTermination;
    return wanted === undefined || wanted === volume.deleteOnTermination
      ? []
      : [ofVolume(volume, wanted)];
  }),
  ...networkInterfaces.flatMap((found) => {
    const wanted =
      found.deviceIndex === 0
        ? owner.primaryInterface
        : owner.interfaces.find(
            ({ networkInterfaceId }) => networkInterfaceId === found.networkInterfaceId,
          )?.deleteOnTermination;
    return wanted === undefined || wanted === found.deleteOnTermination
      ? []
      : [ofInterface(found, wanted)];
  }),
];

/** `vol-…, eni-…`: for sentences. */
export const namesOf = (changes: readonly FlagChange[]): string =>
  changes
    .map((change) => (change.kind === "VOLUME" ? change.volumeId : change.networkInterfaceId))
    .join(", ");
