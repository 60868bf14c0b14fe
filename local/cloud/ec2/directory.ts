/** What load balancing and EKS have to know of EC2: where an instance stands and how it is, and the zones of a region. */
import type { InstanceState } from "../../../core/model/instance.ts";
import type { Ec2Context } from "./context.ts";
import { machineAt, type Ec2Machine } from "./machines.ts";
import type { Purchase } from "./pools.ts";
import { seatRunning } from "./reservation-seats.ts";
import type { QuotaClass } from "./settings.ts";
import type { RegionState } from "./state.ts";
import { isVisible } from "./visibility.ts";

interface Place {
  readonly accountId: string;
  readonly region: string;
}

interface InstanceFound {
  readonly state: InstanceState;
  readonly vpcId: string;
  readonly zoneName: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch; undefined where nobody draws it. */
  readonly answersFromMs: number | undefined;
}

interface ZoneFound {
  readonly zoneId: string;
  readonly zoneName: string;
  /** The first of the zone; undefined where it has none. */
  readonly subnetId: string | undefined;
}

export interface Ec2Directory {
  /** Undefined where the account's region has no such instance. */
  find(input: Place & { readonly instanceId: string }): InstanceFound | undefined;
  zones(place: Place): readonly ZoneFound[];
  /** As its own software sees it. */
  machine(place: Place, instanceId: string): Ec2Machine | undefined;
}

/** What Service Quotas has to know of EC2. */
export interface QuotaDirectory {
  /** How many snapshots the account may have there; undefined where it has no such region. */
  snapshots(place: Place): number | undefined;
  /** vCPUs; undefined where there is no such account. */
  vcpus(accountId: string, purchase: Purchase, quotaClass: QuotaClass): number | undefined;
}

export const quotaDirectoryOf = (context: Ec2Context): QuotaDirectory => ({
  snapshots: ({ accountId, region }) =>
    context.accounts.get(accountId)?.regions.get(region)?.snapshotQuota,
  vcpus: (accountId, purchase, quotaClass) => {
    const account = context.accounts.get(accountId);
    return (purchase === "spot" ? account?.spotVcpus : account?.onDemandVcpus)?.[quotaClass];
  },
});

/** What Resource Groups has to know of capacity reservations, and the other way round. */
export interface ReservationDirectory {
  /** Is there such a capacity reservation, and does EC2 show it? By its ARN. */
  isThere(place: Place, arn: string): boolean;
  /** From now on these are asked which reservations a group has: their ARNs. */
  useGroups(membersOf: (place: Place, groupArn: string) => readonly string[]): void;
  /** A group has changed: what runs and may use its reservations does from now on. */
  groupsChanged(place: Place): void;
}

export const directoryOf = (context: Ec2Context): Ec2Directory => {
  const regionAt = ({ accountId, region }: Place): RegionState | undefined =>
    context.accounts.get(accountId)?.regions.get(region);
  return {
    find: ({ instanceId, ...place }) => {
      context.timeline.settle();
      const region = regionAt(place);
      const instance = region?.instances.get(instanceId);
      if (region === undefined || instance === undefined) return undefined;
      const { state, tags, zone, answersFrom: answersFromMs } = instance;
      return { state, tags, vpcId: region.vpcId, zoneName: zone.name, answersFromMs };
    },
    machine: (place, instanceId) => {
      context.timeline.settle();
      return machineAt(context, place, instanceId);
    },
    zones: (place) => {
      const region = regionAt(place);
      const subnets = [...(region?.subnets.values() ?? [])];
      return (region?.zones ?? []).map(({ id: zoneId, name: zoneName }) => ({
        zoneId,
        zoneName,
        subnetId: subnets.find(({ zone }) => zone.id === zoneId)?.id,
      }));
    },
  };
};

const idIn = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

export const reservationDirectoryOf = (context: Ec2Context): ReservationDirectory => {
  const regionAt = ({ accountId, region }: Place): RegionState | undefined =>
    context.accounts.get(accountId)?.regions.get(region);
  return {
    isThere: (place, arn) => {
      context.timeline.settle();
      const found = regionAt(place)?.capacityReservations.get(idIn(arn));
      return found !== undefined && isVisible(context, found);
    },
    useGroups: (membersOf) => {
      context.reservationGroups.membersOf = (place, groupArn) =>
        membersOf(place, groupArn).map(idIn);
    },
    groupsChanged: (place) => {
      const region = regionAt(place);
      if (region !== undefined) seatRunning(context, region);
    },
  };
};
