/** On-Demand capacity reservations: create, describe, cancel, and the setting by which a stopped instance is to use one. */
import type {
  CancelCapacityReservationCommandInput,
  CapacityReservation as ReservationView,
  CapacityReservationInstancePlatform,
  CapacityReservationTenancy,
  CreateCapacityReservationCommandInput,
  CreateCapacityReservationResult,
  DescribeCapacityReservationsCommandInput,
  DescribeCapacityReservationsResult,
  ModifyInstanceCapacityReservationAttributesCommandInput,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { choiceOf } from "./capacity-choice.ts";
import {
  findOne,
  newId,
  oncePerToken,
  selectVisible,
  tagList,
  tagsFor,
  type Ec2Context,
} from "./context.ts";
import { applyFilters, type Fields } from "./filters.ts";
import { paginate } from "./paging.ts";
import { onFreed, requireCapacity, requireQuota } from "./pools.ts";
import { kinds, refuse, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import { freeSeats, seatRunning } from "./reservation-seats.ts";
import type { CapacityReservation, RegionState, Zone } from "./state.ts";
import { visibleFrom } from "./visibility.ts";

const reservationArn = (region: RegionState, id: string): string =>
  `arn:aws:ec2:${region.region}:${region.accountId}:capacity-reservation/${id}`;

/** "The state changes to expired within an hour of the end date." Source: EC2 API reference, CreateCapacityReservation. */
const longestOverrunMs = 3_600_000;

const view = (region: RegionState, reservation: CapacityReservation): ReservationView => ({
  CapacityReservationId: reservation.id,
  CapacityReservationArn: reservationArn(region, reservation.id),
  OwnerId: region.accountId,
  InstanceType: reservation.instanceType,
  InstancePlatform: reservation.platform as CapacityReservationInstancePlatform,
  AvailabilityZone: reservation.zone.name,
  AvailabilityZoneId: reservation.zone.id,
  Tenancy: reservation.tenancy as CapacityReservationTenancy,
  TotalInstanceCount: reservation.total,
  AvailableInstanceCount: freeSeats(region, reservation),
  EbsOptimized: false,
  EphemeralStorage: false,
  State: reservation.state,
  StartDate: new Date(reservation.createdAt),
  CreateDate: new Date(reservation.createdAt),
  ...(reservation.endsAt === undefined
    ? { EndDateType: "unlimited" }
    : { EndDateType: "limited", EndDate: new Date(reservation.endsAt) }),
  InstanceMatchCriteria: reservation.matches,
  Tags: tagList(reservation.tags),
});

/** All that the API knows: tags are not among them. Source: EC2 API reference, DescribeCapacityReservations. */
const fieldsOf = (region: RegionState): Fields<CapacityReservation> => ({
  "instance-type": ({ instanceType }) => instanceType,
  "owner-id": () => region.accountId,
  "instance-platform": ({ platform }) => platform,
  "availability-zone": ({ zone }) => zone.name,
  tenancy: ({ tenancy }) => tenancy,
  state: ({ state }) => state,
  "end-date-type": ({ endsAt }) => (endsAt === undefined ? "unlimited" : "limited"),
  "instance-match-criteria": ({ matches }) => matches,
});

const zoneAsked = (
  region: RegionState,
  { AvailabilityZone: name, AvailabilityZoneId: id }: CreateCapacityReservationCommandInput,
): Zone => {
  const zone = region.zones.find((each) => each.name === name || each.id === id);
  if (zone !== undefined) return zone;
  throw refuse("InvalidParameterValue", `Invalid availability zone: [${name ?? id ?? ""}]`);
};

/** What comes free may be taken by others. */
const release = (
  context: Ec2Context,
  region: RegionState,
  ended: {
    readonly reservation: CapacityReservation;
    readonly state: "cancelled" | "expired";
  },
): void => {
  const { reservation, state } = ended;
  reservation.state = state;
  // What runs in it runs on, in On-Demand capacity.
  for (const instance of region.instances.values()) {
    if (instance.capacityReservationId === reservation.id) {
      instance.capacityReservationId = undefined;
    }
  }
  seatRunning(context, region);
  onFreed(context, { zoneId: reservation.zone.id, instanceType: reservation.instanceType });
};

const endDateOf = (
  context: Ec2Context,
  { EndDate, EndDateType }: CreateCapacityReservationCommandInput,
): number | undefined => {
  const isLimited = EndDateType === "limited" || EndDate !== undefined;
  if (!isLimited || EndDateType === "unlimited") {
    if (EndDate === undefined) return undefined;
    throw refuse("InvalidParameterCombination", "An end date needs the end date type limited.");
  }
  const endsAt = required(EndDate, "EndDate").getTime();
  if (endsAt > context.clock.now()) return endsAt;
  throw refuse("InvalidParameterValue", "The end date must be in the future.");
};

const judged = (
  context: Ec2Context,
  region: RegionState,
  input: CreateCapacityReservationCommandInput,
): Omit<CapacityReservation, "id" | "createdAt" | "visibleAt" | "state"> => {
  const instanceType = required(input.InstanceType, "InstanceType");
  const platform = required(input.InstancePlatform, "InstancePlatform");
  const total = required(input.InstanceCount, "InstanceCount");
  const zone = zoneAsked(region, input);
  if (context.market.findType(instanceType) === undefined) {
    throw refuse("InvalidInstanceType", `Invalid value '${instanceType}' for InstanceType.`);
  }
  const endsAt = endDateOf(context, input);
  requireQuota(context, region, { purchase: "on-demand", instanceType, count: total });
  const pool = { region: region.region, zoneId: zone.id, instanceType, product: platform };
  requireCapacity(context, "on-demand", { pool, zone, count: total });
  return {
    tags: tagsFor(input.TagSpecifications, "capacity-reservation"),
    instanceType,
    platform,
    zone,
    tenancy: input.Tenancy ?? "default",
    total,
    matches: input.InstanceMatchCriteria ?? "open",
    endsAt,
  };
};

const reserve = (
  context: Ec2Context,
  region: RegionState,
  input: CreateCapacityReservationCommandInput,
): CapacityReservation => {
  const atMs = context.clock.now();
  const { reservationPendingMs } = context.settings;
  const reservation: CapacityReservation = {
    ...judged(context, region, input),
    id: newId(context, "cr-"),
    createdAt: atMs,
    visibleAt: visibleFrom(context, atMs),
    state: reservationPendingMs === 0 ? "active" : "pending",
  };
  region.capacityReservations.set(reservation.id, reservation);
  context.timeline.at(atMs + reservationPendingMs, () => {
    if (reservation.state === "pending") reservation.state = "active";
  });
  if (reservation.endsAt !== undefined) {
    const overrunMs = context.random.fork(`overrun:${reservation.id}`).integer(0, longestOverrunMs);
    context.timeline.at(reservation.endsAt + overrunMs, () => {
      if (reservation.state === "active" || reservation.state === "pending") {
        release(context, region, { reservation, state: "expired" });
      }
    });
  }
  seatRunning(context, region);
  return reservation;
};

const createReservation =
  (context: Ec2Context) =>
  (call: Call, input: CreateCapacityReservationCommandInput): CreateCapacityReservationResult => {
    const region = regionOf(context, call);
    const [id = ""] = oncePerToken(
      region,
      { scope: "CreateCapacityReservation", token: input.ClientToken, parameters: input },
      () => [reserve(context, region, input).id],
    );
    const made = region.capacityReservations.get(id);
    return made === undefined ? {} : { CapacityReservation: view(region, made) };
  };

const describeReservations =
  (context: Ec2Context) =>
  (
    call: Call,
    input: DescribeCapacityReservationsCommandInput,
  ): DescribeCapacityReservationsResult => {
    const region = regionOf(context, call);
    const unknown = input.Filters?.find(({ Name = "" }) => Name.startsWith("tag"));
    if (unknown !== undefined) {
      throw refuse("InvalidParameterValue", `The filter '${unknown.Name ?? ""}' is invalid`);
    }
    const found = applyFilters(
      selectVisible(context, region.capacityReservations, {
        kind: kinds.capacityReservation,
        ids: input.CapacityReservationIds,
        filters: input.Filters,
      }),
      input.Filters,
      fieldsOf(region),
    );
    const { items, ...next } = paginate(found, input, {
      min: 1,
      max: 1000,
      pageSize: context.settings.pageSize,
      ids: input.CapacityReservationIds,
      idsParameter: "capacityReservationIdSet",
    });
    return { CapacityReservations: items.map((each) => view(region, each)), ...next };
  };

/** One that is pending can't be cancelled yet. Source: EC2 API reference, CancelCapacityReservation. † Its code. */
const cancelReservation =
  (context: Ec2Context) =>
  (call: Call, input: CancelCapacityReservationCommandInput): { Return: boolean } => {
    const region = regionOf(context, call);
    const id = required(input.CapacityReservationId, "CapacityReservationId");
    const kind = kinds.capacityReservation;
    const reservation = findOne(context, region.capacityReservations, { kind, id });
    if (reservation.state !== "active") {
      throw refuse(
        "InvalidCapacityReservationState",
        `The Capacity Reservation '${id}' is in the ${reservation.state} state and can't be cancelled.`,
      );
    }
    release(context, region, { reservation, state: "cancelled" });
    return { Return: true };
  };

/** Source: EC2 user guide, "Modify the Capacity Reservation settings of your instance": of a stopped instance alone. */
const modifyChoice =
  (context: Ec2Context) =>
  (
    call: Call,
    input: ModifyInstanceCapacityReservationAttributesCommandInput,
  ): { Return: boolean } => {
    const region = regionOf(context, call);
    const id = required(input.InstanceId, "InstanceId");
    const instance = findOne(context, region.instances, { kind: kinds.instance, id });
    if (instance.state !== "stopped") {
      throw refuse(
        "IncorrectInstanceState",
        `The instance '${id}' is not in the 'stopped' state: its Capacity Reservation settings cannot be changed.`,
      );
    }
    const specification = required(
      input.CapacityReservationSpecification,
      "CapacityReservationSpecification",
    );
    instance.capacityChoice = choiceOf(specification);
    return { Return: true };
  };

export const capacityReservationOperations = (context: Ec2Context) => ({
  CreateCapacityReservation: createReservation(context),
  DescribeCapacityReservations: describeReservations(context),
  CancelCapacityReservation: cancelReservation(context),
  ModifyInstanceCapacityReservationAttributes: modifyChoice(context),
});
