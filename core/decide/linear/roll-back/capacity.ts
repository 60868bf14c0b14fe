/**
 * Plans the use of the On-Demand capacity that is held for the original, and its end: the stopped original is pointed at the group that has it
 * right before it is started, and once it serves again the reservation is cancelled.
 */
import { refusalOf } from "../../switch/undo-plan.ts";
import type { ChangeOf, Intent } from "../../../model/intent.ts";
import { groupNameIn } from "../return-capacity.ts";
import { planAct } from "./problems.ts";
import { wait, type RollbackWorld } from "./return.ts";
import { hasBeenAsked } from "../../switch/launches.ts";
import type { FoundReservation, RollbackAction, RollbackInput, RollbackPlan } from "./world.ts";

type IntentOf<Kind extends "RESERVE_CAPACITY" | "GROUP_CAPACITY"> = Intent & {
  readonly change: ChangeOf<Kind>;
};

const openOf = <Kind extends "RESERVE_CAPACITY" | "GROUP_CAPACITY">(
  intents: readonly Intent[],
  kind: Kind,
): IntentOf<Kind> | undefined =>
  intents.find(
    (intent): intent is IntentOf<Kind> => intent.change.kind === kind && intent.status !== "UNDONE",
  );

/** By its id, or by the evaluation's tag where the call's answer was lost. */
const foundOf = (
  { reservations = [] }: RollbackInput,
  { change: { reservationId } }: IntentOf<"RESERVE_CAPACITY">,
): FoundReservation | undefined =>
  reservationId === undefined
    ? reservations[0]
    : reservations.find((found) => found.reservationId === reservationId);

/** One that is shown as pending may be used already. */
const holds = ({ state }: FoundReservation): boolean => state === "active" || state === "pending";

/** Undefined once it was looked whether it is there. */
const planLookAtReservations = ({ reservations }: RollbackInput): RollbackPlan | undefined =>
  reservations === undefined ? { kind: "LOOK", at: ["reservations"] } : undefined;

const pointing = (world: RollbackWorld): RollbackAction | undefined => {
  const { intents, originalId, original } = world;
  const groupArn = openOf(intents, "GROUP_CAPACITY")?.change.groupArn;
  if (openOf(intents, "RESERVE_CAPACITY") === undefined || groupArn === undefined) return undefined;
  if (original.capacityGroupArn === groupArn) return undefined;
  return {
    kind: "POINT_ORIGINAL",
    id: `POINT_ORIGINAL ${originalId} ${groupArn}`,
    instanceId: originalId,
    groupArn,
  };
};

/** Before the stopped original starts. Where EC2 refuses it the original is started all the same. */
export const planPointing = (world: RollbackWorld): RollbackPlan | undefined => {
  const action = pointing(world);
  if (action === undefined || refusalOf(world.refused, action) !== undefined) return undefined;
  const reserved = openOf(world.intents, "RESERVE_CAPACITY");
  const found = reserved === undefined ? undefined : foundOf(world, reserved);
  return (
    planLookAtReservations(world) ??
    (found !== undefined && holds(found) ? planAct(action) : undefined)
  );
};

const planCancelling = (input: RollbackInput): RollbackPlan | undefined => {
  const reserved = openOf(input.intents, "RESERVE_CAPACITY");
  if (reserved === undefined) return undefined;
  const look = planLookAtReservations(input);
  if (look !== undefined) return look;
  const found = foundOf(input, reserved);
  const { id: undoes, change, plannedAt, actedAt } = reserved;
  if (found === undefined) {
    if (hasBeenAsked(input, actedAt ?? plannedAt)) return undefined;
    const name = change.reservationId ?? `capacity for ${change.instanceType}`;
    const sentence = `Whether ${name} is reserved is not known: EC2 does not show it yet.`;
    return wait(sentence, ["reservations"], "MINUTES");
  }
  const { reservationId, state } = found;
  if (state === "pending") {
    return wait(`${reservationId} is pending, and can't be cancelled yet.`, ["reservations"]);
  }
  return state === "active"
    ? planAct({
        kind: "CANCEL_RESERVATION",
        id: `CANCEL_RESERVATION ${reservationId}`,
        reservationId,
        undoes,
      })
    : undefined;
};

/** What an instance is pointed at stays: without it, it may not start. */
const planDeletingGroup = ({ intents, original }: RollbackInput): RollbackPlan | undefined => {
  const grouped = openOf(intents, "GROUP_CAPACITY");
  if (grouped === undefined || original === undefined) return undefined;
  const { groupName } = grouped.change;
  const pointedAt = original.capacityGroupArn;
  if (pointedAt !== undefined && groupNameIn(pointedAt) === groupName) return undefined;
  return planAct({
    kind: "DELETE_CAPACITY_GROUP",
    id: `DELETE_CAPACITY_GROUP ${groupName}`,
    groupName,
    undoes: grouped.id,
  });
};

/** Once the original serves; undefined when nothing is held any longer. */
export const planCapacityEnd = (input: RollbackInput): RollbackPlan | undefined =>
  planCancelling(input) ?? planDeletingGroup(input);

/** Of an evaluation after which another one was begun at the original: the group is that one's, too. */
export const planOwnCapacityEnd = planCancelling;
