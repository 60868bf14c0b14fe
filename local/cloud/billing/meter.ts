/**
 * Keeps what a bill needs and the cloud forgets: terminated instances, deleted volumes, released addresses. It looks at EC2 after whatever
 * may have changed something, from the day on which it is started.
 */
import type { Metered } from "../ec2/metered.ts";
import type { RegionState } from "../ec2/state.ts";
import { shelfOf, type History, type Shelf } from "./history.ts";
import {
  addressesIn,
  fastRestoresIn,
  instancesIn,
  reservationsIn,
  snapshotsIn,
  volumesIn,
  type AddressFacts,
  type FastRestoreFacts,
  type InstanceFacts,
  type ReservationFacts,
  type SnapshotFacts,
  type VolumeFacts,
} from "./sightings.ts";

interface Shelves {
  readonly instances: Shelf<InstanceFacts>;
  readonly volumes: Shelf<VolumeFacts>;
  readonly addresses: Shelf<AddressFacts>;
  readonly reservations: Shelf<ReservationFacts>;
  readonly snapshots: Shelf<SnapshotFacts>;
  readonly fastRestores: Shelf<FastRestoreFacts>;
}

export interface Records {
  readonly instances: readonly History<InstanceFacts>[];
  readonly volumes: readonly History<VolumeFacts>[];
  readonly addresses: readonly History<AddressFacts>[];
  readonly reservations: readonly History<ReservationFacts>[];
  readonly snapshots: readonly History<SnapshotFacts>[];
  readonly fastRestores: readonly History<FastRestoreFacts>[];
}

const newShelves = ({ accountId, region }: RegionState): Shelves => {
  const place = { accountId, region };
  return {
    instances: shelfOf(place),
    volumes: shelfOf(place),
    addresses: shelfOf(place),
    reservations: shelfOf(place),
    snapshots: shelfOf(place),
    fastRestores: shelfOf(place),
  };
};

const lookAt = (region: RegionState, shelves: Shelves, atMs: number): void => {
  const look = { atMs, isKept: (id: string) => region.kept.bin.has(id) };
  shelves.instances.note(instancesIn(region), look);
  shelves.volumes.note(volumesIn(region), look);
  shelves.addresses.note(addressesIn(region), look);
  shelves.reservations.note(reservationsIn(region), look);
  shelves.snapshots.note(snapshotsIn(region), look);
  shelves.fastRestores.note(fastRestoresIn(region), look);
};

/** @returns reads the records as they stand */
export const startMeter = (metered: Metered): (() => Records) => {
  const byRegion = new Map<RegionState, Shelves>();
  const look = (atMs: number): void => {
    for (const region of metered.regions()) {
      const shelves = byRegion.get(region) ?? newShelves(region);
      byRegion.set(region, shelves);
      lookAt(region, shelves, atMs);
    }
  };
  look(metered.now());
  metered.onChange(look);
  return () => {
    metered.settle();
    const all = [...byRegion.values()];
    return {
      instances: all.flatMap(({ instances }) => instances.histories()),
      volumes: all.flatMap(({ volumes }) => volumes.histories()),
      addresses: all.flatMap(({ addresses }) => addresses.histories()),
      reservations: all.flatMap(({ reservations }) => reservations.histories()),
      snapshots: all.flatMap(({ snapshots }) => snapshots.histories()),
      fastRestores: all.flatMap(({ fastRestores }) => fastRestores.histories()),
    };
  };
};
