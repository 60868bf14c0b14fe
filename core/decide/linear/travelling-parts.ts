/** Which parts of an instance go with it to the replacement. Each exists in one zone only. */
import type {
  AttachedInterface,
  InstanceFacts,
  NetworkInterfaceFacts,
  PrivateAddressFacts,
  VolumeFacts,
} from "../../model/instance.ts";
import type { Policy } from "../../policy/policy.ts";

/** By the name given: sorted, so that a plan does not depend on the order in which EC2 lists things. */
const sortedBy = <T>(items: readonly T[], key: (item: T) => string | number): readonly T[] =>
  [...items].sort((one, other) => {
    const [first, second] = [key(one), key(other)];
    if (first === second) return 0;
    return first < second ? -1 : 1;
  });

export const dataVolumes = (instance: InstanceFacts): readonly VolumeFacts[] =>
  sortedBy(
    instance.volumes.filter((volume) => !volume.isRoot),
    (volume) => volume.deviceName,
  );

/** None for `stateless`, which carries nothing (and refuses an original that has any). */
export const travellingVolumes = (
  instance: InstanceFacts,
  policy: Pick<Policy, "consistency">,
): readonly VolumeFacts[] => (policy.consistency === "stateless" ? [] : dataVolumes(instance));

/** Device index 0: EC2 never detaches it. */
export const isPrimaryInterface = ({
  deviceIndex,
}: Pick<NetworkInterfaceFacts, "deviceIndex">): boolean => deviceIndex === 0;

export const primaryInterface = <Interface extends AttachedInterface>(instance: {
  readonly networkInterfaces: readonly Interface[];
}): Interface | undefined => instance.networkInterfaces.find(isPrimaryInterface);

export const primaryAddress = (instance: InstanceFacts): PrivateAddressFacts | undefined =>
  primaryInterface(instance)?.privateAddresses.find((address) => address.primary);

/** Device index 1 and up: they carry their addresses, groups and Elastic IPs with them. */
export const travellingInterfaces = (instance: InstanceFacts): readonly NetworkInterfaceFacts[] =>
  sortedBy(
    instance.networkInterfaces.filter((networkInterface) => networkInterface.deviceIndex > 0),
    (networkInterface) => networkInterface.deviceIndex,
  );

/** Secondary private addresses of the primary interface. */
export const travellingPrivateIps = (instance: InstanceFacts): readonly string[] =>
  (primaryInterface(instance)?.privateAddresses ?? [])
    .filter((address) => !address.primary)
    .map((address) => address.privateIp)
    .sort();

/** A private address belongs to its subnet: one that moves needs the replacement in that very subnet. */
export const needsSubnetOfOriginal = (instance: InstanceFacts): boolean =>
  travellingPrivateIps(instance).length > 0;

/** Sorted by ARN and port. */
export const targetGroupsOf = (instance: InstanceFacts): InstanceFacts["targetGroups"] =>
  sortedBy(instance.targetGroups, (group) => `${group.arn}#${String(group.port)}`);
