/** Nothing by which clients reach a replacement is given to it before every data volume of the original is attached there. */
import type { Promised } from "./promise.ts";

interface Giving {
  readonly InstanceId?: string;
  readonly NetworkInterfaceId?: string;
  readonly Targets?: readonly { readonly Id?: string }[];
}

/** Calls that give, and whom they name: by itself, or by its interface. */
const receivers: Readonly<Record<string, (input: Giving) => readonly (string | undefined)[]>> = {
  AttachNetworkInterface: ({ InstanceId: id }) => [id],
  AssignPrivateIpAddresses: ({ NetworkInterfaceId: id }) => [id],
  AssociateAddress: ({ NetworkInterfaceId: id }) => [id],
  RegisterTargets: ({ Targets: targets = [] }) => targets.map(({ Id: id }) => id),
};

export const dataComesFirst: Promised = {
  ofCall: ({ operation, input }, { subject, instances, dataVolumeIds }) => {
    const named = receivers[operation]?.(input as Giving) ?? [];
    const receiver = instances.find(({ instanceId, networkInterfaceIds }) =>
      named.some((id) => id === instanceId || networkInterfaceIds.includes(id ?? "")),
    );
    if (receiver === undefined || receiver.instanceId === subject.originalId) return undefined;
    const held = receiver.volumes.flatMap(({ volumeId, isAttached }) =>
      isAttached ? [volumeId] : [],
    );
    const missing = dataVolumeIds.filter((id) => !held.includes(id));
    return missing.length === 0
      ? undefined
      : `${receiver.instanceId} can be reached without ${missing.join()}`;
  },
};
