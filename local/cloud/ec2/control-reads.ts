/** What scenarios and tests see of the simulated EC2: summaries of instances, and what was left behind. */
import type { InstanceState } from "../../../core/model/instance.ts";
import type { Mutable } from "../contract.ts";
import { volumesOf } from "./instance-lifecycle.ts";
import { addressOn, interfacesOf } from "./interface-records.ts";
import { freeSeats, heldReservations } from "./reservation-seats.ts";
import { requestOf } from "./spot-requests.ts";
import type { CapacityChoice, Instance, RegionState, Resource } from "./state.ts";

export interface InstanceSummary {
  readonly instanceId: string;
  readonly accountId: string;
  readonly region: string;
  readonly instanceType: string;
  readonly state: InstanceState;
  readonly stateReason?: string;
  readonly lifecycle?: string;
  readonly spotStatus?: string;
  readonly zoneId: string;
  readonly zoneName: string;
  readonly imageId: string;
  readonly capacityChoice: CapacityChoice;
  /** The capacity reservation that it runs in. */
  readonly capacityReservationId?: string;
  readonly clientToken?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly launchedAt: number;
  readonly terminatedAt?: number;
  /** When its software answers after the last boot; absent where nobody draws it. */
  readonly answersFromMs?: number;
  readonly privateIps: readonly string[];
  readonly publicIps: readonly string[];
  readonly allocationIds: readonly string[];
  readonly networkInterfaceIds: readonly string[];
  /** Ids of attached volumes and interfaces that are deleted when it is terminated. */
  readonly deletedWithIt: readonly string[];
  /** As EC2 spells it: `Linux/UNIX`, `Windows` … */
  readonly platformDetails: string;
  readonly rootDeviceName: string;
  readonly volumes: readonly {
    readonly volumeId: string;
    readonly deviceName: string;
    /** Not so while EC2 still attaches or detaches it. */
    readonly isAttached: boolean;
    readonly writes: number;
  }[];
}

export interface ManagedResource {
  readonly kind:
    | "instance"
    | "image"
    | "snapshot"
    | "volume"
    | "network-interface"
    | "security-group"
    | "elastic-ip"
    | "spot-request"
    | "capacity-reservation";
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface OrphanQuery {
  readonly accountId?: string;
  /** Ids that are meant to be there; what is attached to them, or belongs to their image, is not an orphan either. */
  readonly except?: readonly string[];
  /** Of which an orphan is one. Absent: those with one of our tags. */
  readonly among?: (resource: ManagedResource) => boolean;
}

/** A capacity reservation that holds capacity, or has ended at its end date. */
export interface HeldCapacity {
  readonly id: string;
  readonly isOver: boolean;
  readonly instanceType: string;
  readonly zoneId: string;
  readonly matches: "open" | "targeted";
  /** Places that nobody runs in. */
  readonly free: number;
  readonly tags: Readonly<Record<string, string>>;
}

export const heldCapacityIn = (region: RegionState): readonly HeldCapacity[] =>
  [
    ...heldReservations(region),
    ...[...region.capacityReservations.values()].filter(({ state }) => state === "expired"),
  ].map((reservation) => ({
    id: reservation.id,
    isOver: reservation.state === "expired",
    instanceType: reservation.instanceType,
    zoneId: reservation.zone.id,
    matches: reservation.matches,
    free: freeSeats(region, reservation),
    tags: { ...reservation.tags },
  }));

const deletedWith = (
  { id: instanceId }: Instance,
  volumes: ReturnType<typeof volumesOf>,
  interfaces: ReturnType<typeof interfacesOf>,
): readonly string[] => [
  ...volumes
    .filter(({ attachments }) =>
      attachments.some((each) => each.instanceId === instanceId && each.deleteOnTermination),
    )
    .map(({ id }) => id),
  ...interfaces
    .filter(({ attachment }) => attachment?.deleteOnTermination === true)
    .map(({ id }) => id),
];

export const summarise = (region: RegionState, instance: Instance): InstanceSummary => {
  const interfaces = interfacesOf(region, instance);
  const volumes = volumesOf(region, instance);
  const elastic = interfaces.flatMap((record) =>
    record.addresses.flatMap((address) => addressOn(region, record.id, address.ip) ?? []),
  );
  const lent = interfaces.flatMap((record) => record.autoPublicIp ?? []);
  const spotStatus = requestOf(region, instance)?.status.code;
  const { stateReason, lifecycle, capacityReservationId, clientToken, terminatedAt } = instance;
  const { answersFrom } = instance;
  const summary: Mutable<InstanceSummary> = {
    instanceId: instance.id,
    accountId: region.accountId,
    region: region.region,
    instanceType: instance.instanceType,
    state: instance.state,
    zoneId: instance.zone.id,
    zoneName: instance.zone.name,
    imageId: instance.imageId,
    platformDetails: instance.platformDetails,
    rootDeviceName: instance.rootDeviceName,
    capacityChoice: instance.capacityChoice,
    tags: { ...instance.tags },
    launchedAt: instance.launchedAt,
    privateIps: interfaces.flatMap((record) => record.addresses.map((address) => address.ip)),
    publicIps: [...elastic.map((address) => address.publicIp), ...lent],
    allocationIds: elastic.map((address) => address.id),
    networkInterfaceIds: interfaces.map((record) => record.id),
    deletedWithIt: deletedWith(instance, volumes, interfaces),
    volumes: volumes.map((volume) => {
      const attachment = volume.attachments.find((each) => each.instanceId === instance.id);
      return {
        volumeId: volume.id,
        deviceName: attachment?.deviceName ?? "",
        isAttached: attachment?.state === "attached",
        writes: volume.content.writes,
      };
    }),
  };
  // One by one, since spreading is slow, and this is asked for after each call.
  if (stateReason !== undefined) summary.stateReason = stateReason.code;
  if (lifecycle !== undefined) summary.lifecycle = lifecycle;
  if (spotStatus !== undefined) summary.spotStatus = spotStatus;
  if (capacityReservationId !== undefined) summary.capacityReservationId = capacityReservationId;
  if (clientToken !== undefined) summary.clientToken = clientToken;
  if (terminatedAt !== undefined) summary.terminatedAt = terminatedAt;
  if (answersFrom !== undefined) summary.answersFromMs = answersFrom;
  return summary;
};

export const instancesIn = (
  region: RegionState,
  except?: ReadonlySet<string>,
): readonly InstanceSummary[] =>
  [...region.instances.values()].flatMap((instance) =>
    except?.has(instance.id) === true ? [] : summarise(region, instance),
  );

export const runningIn = (region: RegionState): readonly InstanceSummary[] =>
  [...region.instances.values()].flatMap((instance) =>
    instance.state === "running" ? summarise(region, instance) : [],
  );

/** The instance that has the Elastic IP: one at most. */
export const bearersIn = (region: RegionState, allocationId: string): readonly Instance[] => {
  const { association } = region.addresses.get(allocationId) ?? {};
  if (association === undefined) return [];
  const { attachment, addresses = [] } =
    region.interfaces.get(association.networkInterfaceId) ?? {};
  const isThere = addresses.some(({ ip }) => ip === association.privateIp);
  const instance = region.instances.get(attachment?.instanceId ?? "");
  return isThere && instance !== undefined ? [instance] : [];
};

/** Id of the running instance that has the Elastic IP: one at most. */
export const holdersIn = (region: RegionState, allocationId: string): readonly string[] =>
  bearersIn(region, allocationId).flatMap(({ id, state }) => (state === "running" ? [id] : []));

/** Ids that are excepted by hanging on an excepted one. */
const exceptedIn = (region: RegionState, except: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([
    ...except,
    ...[...region.volumes.values()]
      .filter((volume) => volume.attachments.some((each) => except.has(each.instanceId)))
      .map((volume) => volume.id),
    ...[...region.interfaces.values()]
      .filter((record) => except.has(record.attachment?.instanceId ?? ""))
      .map((record) => record.id),
    ...[...region.spotRequests.values()]
      .filter(({ instanceId = "" }) => except.has(instanceId))
      .map(({ id }) => id),
    ...[...region.images.values()]
      .filter((image) => except.has(image.id))
      .flatMap((image) => image.devices.flatMap((device) => device.snapshotId ?? [])),
  ]);

/** All that costs money or stands in somebody's way, of every kind. */
export const resourcesIn = (region: RegionState): readonly ManagedResource[] => {
  const living = [...region.instances.values()].filter(
    (instance) => instance.state !== "terminated" && instance.state !== "shutting-down",
  );
  const open = [...region.spotRequests.values()].filter(
    ({ state }) => state === "open" || state === "active",
  );
  const created = [...region.securityGroups.values()].filter(({ isDeclared }) => !isDeclared);
  const shelves: readonly (readonly [ManagedResource["kind"], Iterable<Resource>])[] = [
    ["instance", living],
    ["image", region.images.values()],
    ["snapshot", [...region.snapshots.values()].filter(({ isDeclared }) => isDeclared !== true)],
    ["volume", region.volumes.values()],
    ["network-interface", region.interfaces.values()],
    ["security-group", created],
    ["elastic-ip", region.addresses.values()],
    ["spot-request", open],
    ["capacity-reservation", heldReservations(region)],
  ];
  return shelves.flatMap(([kind, resources]) =>
    [...resources].map((resource) => ({
      kind,
      id: resource.id,
      accountId: region.accountId,
      region: region.region,
      tags: { ...resource.tags },
    })),
  );
};

/** Any of our tags: an owner's own `ManagedBy` may stand in the place of it. */
const isManaged = ({ tags }: ManagedResource): boolean =>
  tags["ManagedBy"] === "SpotOptimizer" || tags["spot-optimizer:evaluation"] !== undefined;

export const orphansIn = (
  region: RegionState,
  {
    except,
    among = isManaged,
  }: Pick<OrphanQuery, "among"> & { readonly except: ReadonlySet<string> },
): readonly ManagedResource[] => {
  const excepted = exceptedIn(region, except);
  return resourcesIn(region).filter((resource) => !excepted.has(resource.id) && among(resource));
};
