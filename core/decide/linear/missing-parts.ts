/** Which parts of an original that should travel an instance does not hold, as EC2 shows it. */
import type { InstanceFacts } from "../../model/instance.ts";
import type { Policy } from "../../policy/policy.ts";
import {
  primaryInterface,
  travellingInterfaces,
  travellingPrivateIps,
  travellingVolumes,
} from "./travelling-parts.ts";

/** What an instance shows of itself; the adapters' reading has this shape. */
export interface Holding {
  readonly volumes: readonly { readonly volumeId: string }[];
  readonly networkInterfaces: readonly {
    readonly networkInterfaceId: string;
    readonly privateAddresses: readonly {
      readonly privateIp: string;
      readonly publicIp?: string;
    }[];
  }[];
}

/** Ids of data volumes, secondary interfaces and Elastic IPs, and private addresses. Target groups are not looked at. */
export const missingParts = (
  before: InstanceFacts,
  { volumes, networkInterfaces }: Holding,
  policy: Pick<Policy, "consistency">,
): readonly string[] => {
  const addresses = networkInterfaces.flatMap(({ privateAddresses }) => privateAddresses);
  const held = new Set([
    ...volumes.map(({ volumeId }) => volumeId),
    ...networkInterfaces.map(({ networkInterfaceId }) => networkInterfaceId),
    ...addresses.flatMap(({ privateIp, publicIp }) => [privateIp, publicIp ?? []].flat()),
  ]);
  const elasticIps = (primaryInterface(before)?.privateAddresses ?? []).flatMap(
    ({ allocationId, publicIp }) =>
      allocationId === undefined || publicIp === undefined || held.has(publicIp)
        ? []
        : [`${allocationId} (${publicIp})`],
  );
  return [
    ...[
      ...travellingVolumes(before, policy).map(({ volumeId }) => volumeId),
      ...travellingInterfaces(before).map(({ networkInterfaceId }) => networkInterfaceId),
      ...travellingPrivateIps(before),
    ].filter((id) => !held.has(id)),
    ...elasticIps,
  ];
};
