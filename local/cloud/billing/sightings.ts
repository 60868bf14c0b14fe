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
