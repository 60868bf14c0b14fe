/** What scenarios change around an instance, without touching it: its zone, and what its launch referred to. */
import type { Ec2Context } from "./context.ts";
import { securityGroupControls, type SecurityGroupControl } from "./control-security-groups.ts";
import { makeNamed, removeNamed, type Named } from "./references.ts";
import { openRegion } from "./regions.ts";
import { addOwnersSnapshot } from "./snapshots.ts";

interface Place {
  readonly accountId: string;
  readonly region: string;
}

export interface SurroundingsControl extends SecurityGroupControl {
  /** Makes the zone a Local Zone, with a network border group of its own. */
  setBorderGroup(
    input: Place & {
      /** Zone id. */
      readonly zone: string;
      readonly borderGroup: string;
    },
  ): void;
  /** How many snapshots the account may have there; 100,000 at first. */
  setSnapshotQuota(place: Place, quota: number): void;
  /** Snapshots of the owner's, complete, of volumes that are gone. Returns what deletes them again. */
  addSnapshots(place: Place, count: number): () => void;
  /** As the owner does it: new volumes are encrypted unasked, under this key (ARN), or AWS's own. */
  encryptByDefault(place: Place, keyId?: string): void;
  /** Makes a key pair, profile, placement group or licence configurations, which a launch may name. */
  makeNamed(place: Place, named: Named): void;
  /** Takes them away; whoever was launched with them goes on, and names them still. */
  removeNamed(place: Place, named: Named): void;
}

export const surroundingsControls = (context: Ec2Context): SurroundingsControl => ({
  ...securityGroupControls(context),
  setBorderGroup: ({ accountId, region, zone: id, borderGroup }) => {
    const { zones } = openRegion(context, accountId, region);
    const index = zones.findIndex((each) => each.id === id);
    const zone = zones[index];
    if (zone === undefined) throw new Error(`${region} has no zone ${id}.`);
    zone.borderGroup = borderGroup;
    zone.name = `${borderGroup}${String.fromCharCode(97 + index)}`;
  },
  setSnapshotQuota: ({ accountId, region }, quota) => {
    openRegion(context, accountId, region).snapshotQuota = quota;
  },
  addSnapshots: ({ accountId, region: name }, count) => {
    const region = openRegion(context, accountId, name);
    const ids = Array.from({ length: count }, () => addOwnersSnapshot(context, region));
    return () => {
      for (const id of ids) region.snapshots.delete(id);
    };
  },
  encryptByDefault: ({ accountId, region }, keyId) => {
    const { encryption } = openRegion(context, accountId, region);
    encryption.isByDefault = true;
    if (keyId !== undefined) encryption.defaultKeyId = keyId;
  },
  makeNamed: ({ accountId, region }, named) => {
    makeNamed(context, openRegion(context, accountId, region), named);
  },
  removeNamed: ({ accountId, region }, named) => {
    removeNamed(openRegion(context, accountId, region), named);
  },
});
