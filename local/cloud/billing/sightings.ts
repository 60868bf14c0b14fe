/** Reads from the simulated EC2 what costs money, one reader for each kind of resource. */
import { freeSeats } from "../ec2/reservation-seats.ts";
import type { ElasticAddress, Instance, RegionState, Volume } from "../ec2/state.ts";
import type { Facts, Sighting } from "./history.ts";

export interface InstanceFacts extends Facts {
  readonly isRunning: boolean;
  readonly instanceType: string;
  /** As Spot and price list call the system: `Linux/UNIX`, `SUSE Linux`. */
  readonly product: string;
  /** Of the system: `RunInstances:000g`. */
  readonly operation: string;
  readonly zoneId: string;
  readonly isSpot: boolean;
  /** Why it no longer runs: `Server.SpotInstanceTermination` … */
  readonly endCode: string | undefined;
}

export interface VolumeFacts extends Facts {
  readonly zoneId: string;
  readonly sizeGib: number;
  readonly volumeType: string;
  readonly iops: number;
  /** MiB/s. */
  readonly throughput: number;
}

export interface AddressFacts extends Facts {
  readonly isInUse: boolean;
}

export interface ReservationFacts extends Facts {
  readonly instanceType: string;
  readonly product: string;
  readonly zoneId: string;
  /** Places that nobody runs in. */
  readonly free: number;
}

export interface SnapshotFacts extends Facts {
  readonly volumeId: string;
  /** On the volume, when it was taken. */
  readonly writes: number;
  readonly sizeGib: number;
  readonly isArchived: boolean;
}

export interface FastRestoreFacts extends Facts {
  readonly snapshotId: string;
  readonly zoneId: string;
}

const instanceOf = (instance: Instance): Sighting<InstanceFacts> => {
  const isRunning = instance.state === "running";
  return {
    id: instance.id,
    sinceMs: instance.launchedAt,
    facts: {
      isRunning,
      instanceType: instance.instanceType,
      product: instance.platformDetails,
      operation: instance.usageOperation,
      zoneId: instance.zone.id,
      isSpot: instance.lifecycle === "spot",
      endCode: isRunning ? undefined : instance.stateReason?.code,
    },
  };
};

export const instancesIn = (region: RegionState): readonly Sighting<InstanceFacts>[] =>
  [...region.instances.values()].map(instanceOf);

const volumeOf = (volume: Volume): Sighting<VolumeFacts> => ({
  id: volume.id,
  sinceMs: volume.createdAt,
  facts: {
    zoneId: volume.zone.id,
    sizeGib: volume.sizeGib,
    volumeType: volume.volumeType,
    iops: volume.iops ?? 0,
    throughput: volume.throughput ?? 0,
  },
});

/** Those on Outposts are paid with the Outpost. */
export const volumesIn = (region: RegionState): readonly Sighting<VolumeFacts>[] =>
  [...region.volumes.values()]
    .filter(({ traits }) => traits?.outpostArn === undefined)
    .map(volumeOf);

const holderOf = (region: RegionState, { association }: ElasticAddress): Instance | undefined => {
  const record = region.interfaces.get(association?.networkInterfaceId ?? "");
  return region.instances.get(record?.attachment?.instanceId ?? "");
};

/** AWS charges for its own alone: "you are not charged for … IP addresses that you own and bring to AWS" (VPC user guide, "IP addressing"). */
const isAmazons = ({ traits }: ElasticAddress): boolean =>
  (traits?.publicIpv4Pool ?? "amazon") === "amazon" &&
  traits?.customerOwnedIp === undefined &&
  traits?.carrierIp === undefined;

const elasticOf = (region: RegionState, address: ElasticAddress): Sighting<AddressFacts> => {
  const state = holderOf(region, address)?.state;
  return {
    id: address.id,
    sinceMs: address.createdAt,
    facts: { isInUse: state === "running" || state === "pending" },
  };
};

/** Those that EC2 lends with an instance are in use as long as they are lent. */
const lentIn = (region: RegionState): readonly Sighting<AddressFacts>[] =>
  [...region.interfaces.values()]
    .filter(({ autoPublicIp }) => autoPublicIp !== undefined)
    .map(({ id, attachment, createdAt }) => ({
      id,
      sinceMs: region.instances.get(attachment?.instanceId ?? "")?.launchedAt ?? createdAt,
      facts: { isInUse: true },
    }));

export const addressesIn = (region: RegionState): readonly Sighting<AddressFacts>[] => [
  ...[...region.addresses.values()].filter(isAmazons).map((address) => elasticOf(region, address)),
  ...lentIn(region),
];

/** Billing "starts as soon as it is provisioned", and ends with it. Source: EC2 user guide, "Capacity Reservation pricing and billing". */
export const reservationsIn = (region: RegionState): readonly Sighting<ReservationFacts>[] =>
  [...region.capacityReservations.values()]
    .filter(({ state }) => state === "active")
    .map((reservation) => ({
      id: reservation.id,
      sinceMs: reservation.createdAt,
      facts: {
        instanceType: reservation.instanceType,
        product: reservation.platform,
        zoneId: reservation.zone.id,
        free: freeSeats(region, reservation),
      },
    }));

/** The owner pays, whoever uses it. One that failed is not there to be paid for. */
export const snapshotsIn = (region: RegionState): readonly Sighting<SnapshotFacts>[] =>
  [...region.snapshots.values()]
    .filter(
      ({ ownerId, state, traits }) =>
        ownerId === region.accountId && state !== "error" && traits?.outpostArn === undefined,
    )
    .map((snapshot) => ({
      id: snapshot.id,
      sinceMs: snapshot.createdAt,
      facts: {
        volumeId: snapshot.volumeId,
        writes: snapshot.content.writes,
        sizeGib: snapshot.sizeGib,
        isArchived: snapshot.traits?.tier === "archive",
      },
    }));

/** Whoever enables it pays, of a snapshot that is shared too. † From the end of `enabling` to the beginning of `disabling`. */
export const fastRestoresIn = (region: RegionState): readonly Sighting<FastRestoreFacts>[] =>
  [...region.kept.fastRestores.values()]
    .filter(
      ({ ownerId, state }) =>
        ownerId === region.accountId && (state === "optimizing" || state === "enabled"),
    )
    .map(({ snapshotId, zone, enabledAt, enablingAt }) => ({
      id: `${snapshotId} ${zone.id}`,
      sinceMs: enabledAt ?? enablingAt,
      facts: { snapshotId, zoneId: zone.id },
    }));
