/** What makes the identity of the original is at whoever serves in the end: addresses, data volumes, interfaces. */
import type { InstanceSummary } from "../../cloud/ec2/control-reads.ts";
import { hasGone, type Promised } from "./promise.ts";

export const identityIsWhole: Promised = {
  atEnd: ({ lab: { watch, goesBack }, server, end, ending: { original } }) => {
    // Who is adopted serves as a person found it.
    if (server === undefined || end === "ADOPTED") return [];
    // What a Spot Instance has let go of when it ended waits for a person's resume; it is still the account's.
    if (end === "HELD" && goesBack !== undefined && hasGone(original?.state ?? "gone")) return [];
    // What had not moved yet is at the original.
    const places = end === "HELD" && original !== undefined ? [server, original] : [server];
    const at = (what: (place: InstanceSummary) => readonly string[]): readonly string[] =>
      places.flatMap(what);
    const held = at(({ volumes }) => volumes.map(({ volumeId }) => volumeId));
    const allocationIds = at((place) => place.allocationIds);
    const privateIps = at((place) => place.privateIps);
    const networkInterfaceIds = at((place) => place.networkInterfaceIds);
    return [
      ...watch.allocationIds.filter((id) => !allocationIds.includes(id)),
      ...watch.dataVolumeIds.filter((id) => !held.includes(id)),
      ...watch.secondaryPrivateIps.filter((ip) => !privateIps.includes(ip)),
      ...watch.secondaryInterfaceIds.filter((id) => !networkInterfaceIds.includes(id)),
    ].map((id) => `${id} is not at ${server.instanceId}`);
  },
};
