/** What makes the identity of the original is at whoever serves in the end: addresses, data volumes, interfaces. */
import type { Promised } from "./promise.ts";

export const identityIsWhole: Promised = {
  atEnd: ({ lab: { watch }, server }) => {
    if (server === undefined) return [];
    const held = server.volumes.map(({ volumeId }) => volumeId);
    return [
      ...watch.allocationIds.filter((id) => !server.allocationIds.includes(id)),
      ...watch.dataVolumeIds.filter((id) => !held.includes(id)),
      ...watch.secondaryPrivateIps.filter((ip) => !server.privateIps.includes(ip)),
      ...watch.secondaryInterfaceIds.filter((id) => !server.networkInterfaceIds.includes(id)),
    ].map((id) => `${id} is not at ${server.instanceId}`);
  },
};
