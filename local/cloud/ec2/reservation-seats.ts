/**
 * Which capacity reservation an instance starts or runs in: its type, platform, zone and tenancy must be the reservation's, and
 * there must be room. Source: EC2 user guide, "Capacity Reservation groups", "Work with Capacity Reservations",
 * "CancelCapacityReservation".
 */
import type { Ec2Context } from "./context.ts";
import { refuse } from "./refusals.ts";
import type { CapacityReservation, Instance, RegionState } from "./state.ts";

const runsIn = (region: RegionState, { id }: CapacityReservation): number =>
  [...region.instances.values()].filter(({ capacityReservationId }) => capacityReservationId === id)
    .length;

const isHeld = ({ state }: CapacityReservation): boolean =>
  state === "active" || state === "pending";

/** Places that nobody runs in. */
export const freeSeats = (region: RegionState, reservation: CapacityReservation): number =>
  isHeld(reservation) ? Math.max(0, reservation.total - runsIn(region, reservation)) : 0;

/** Reservations that hold capacity now. */
export const heldReservations = (region: RegionState): readonly CapacityReservation[] =>
  [...region.capacityReservations.values()].filter(isHeld);

/** A reservation that is still shown as pending may be used already. */
const fits = (region: RegionState, instance: Instance, reservation: CapacityReservation): boolean =>
  reservation.instanceType === instance.instanceType &&
  reservation.platform === instance.platformDetails &&
  reservation.zone.id === instance.zone.id &&
  reservation.tenancy === instance.tenancy &&
  freeSeats(region, reservation) > 0;

/** Those that the instance may use, by its own choice. */
const chosenBy = (
  context: Ec2Context,
  region: RegionState,
  { capacityChoice: choice }: Instance,
): readonly CapacityReservation[] => {
  const all = [...region.capacityReservations.values()];
  if ("reservationId" in choice) return all.filter(({ id }) => id === choice.reservationId);
  if ("groupArn" in choice) {
    const members = context.reservationGroups.membersOf(region, choice.groupArn);
    return all.filter(({ id }) => members.includes(id));
  }
  return choice.preference === "none" ? [] : all.filter(({ matches }) => matches === "open");
};

const seatFor = (
  context: Ec2Context,
  region: RegionState,
  instance: Instance,
): CapacityReservation | undefined =>
  instance.lifecycle === undefined
    ? chosenBy(context, region, instance).find((each) => fits(region, instance, each))
    : undefined;

/**
 * Where the start finds its capacity; undefined: in On-Demand capacity that nobody has reserved. A group without a match falls back to that, a
 * reservation by its id does not.
 * @throws CloudError where the instance can't start outside a reservation, and there is none. † EC2's codes.
 */
export const seatOfStart = (
  context: Ec2Context,
  region: RegionState,
  instance: Instance,
): CapacityReservation | undefined => {
  const { capacityChoice: choice } = instance;
  const seat = seatFor(context, region, instance);
  const mustHave =
    "reservationId" in choice ||
    ("preference" in choice && choice.preference === "capacity-reservations-only");
  if (seat !== undefined || !mustHave) return seat;
  throw refuse(
    "ReservationCapacityExceeded",
    "The requested reservation does not have sufficient compatible and available capacity for this request.",
  );
};

/** A reservation that comes later takes in what runs already and may use it. */
export const seatRunning = (context: Ec2Context, region: RegionState): void => {
  for (const instance of region.instances.values()) {
    if (instance.state !== "running" || instance.capacityReservationId !== undefined) continue;
    instance.capacityReservationId = seatFor(context, region, instance)?.id;
  }
};
