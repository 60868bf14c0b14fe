/** What the janitor does with the capacity that was held for the way back of an original, once there is no way back to hold. */
import { cancelReservation } from "../../adapters/aws/ec2/capacity-reservations.ts";
import { readHoldings } from "../../adapters/aws/ec2/instance-holdings.ts";
import { deleteReservationGroup } from "../../adapters/aws/resource-groups.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import { groupNameIn } from "../../core/decide/linear/return-capacity.ts";
import { changesOf, type ChangeOf, type Intent } from "../../core/model/intent.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { Duty, Told } from "../evaluation/duty.ts";
import { assertNotStopped, recordEffect } from "../evaluation/perform.ts";
import type { DueSession } from "../evaluation/session.ts";
import { findOwnReservations } from "./own-reservations.ts";

type Session = DueSession<PipelineMode, "ec2" | "elb" | "resourceGroups">;

/** Undefined where nothing is held any longer: cancelled by others, or ended by itself. */
const cancel = async (session: Session, intents: readonly Intent[]): Promise<Told | undefined> => {
  const clients = await session.customer();
  const { evaluation } = session;
  const found = await findOwnReservations(clients, evaluation.evaluationId, intents);
  const held = found.find(({ state }) => state === "active" || state === "pending");
  if (held === undefined) return undefined;
  const { reservationId, state } = held;
  if (state === "pending") {
    return {
      kind: "WAITING",
      sentence: `${reservationId} is pending, and can't be cancelled yet.`,
    };
  }
  await assertNotStopped(session);
  await recordEffect(session, {
    action: "CancelCapacityReservation",
    resource: reservationId,
    call: () => cancelReservation(clients.ec2, reservationId),
  });
  return {
    kind: "REMOVED",
    sentence: `${reservationId} was cancelled: the way back is no longer held.`,
  };
};

/** An original that is pointed at it may not start without it. */
const deleteGroup = async (
  session: Session,
  intents: readonly Intent[],
): Promise<string | undefined> => {
  const [group] = changesOf(intents, "GROUP_CAPACITY");
  if (group === undefined) return undefined;
  const { groupName } = group;
  const { ec2, resourceGroups } = await session.customer();
  const { subject } = session.evaluation;
  const originalId = subject.kind === "INSTANCE" ? subject.instanceId : "";
  const [original] = await readHoldings(ec2, [originalId]);
  const pointedAt = original?.capacityGroupArn;
  if (pointedAt !== undefined && groupNameIn(pointedAt) === groupName) {
    return `The group ${groupName} stays, empty and free of charge: ${originalId} is pointed at it.`;
  }
  await assertNotStopped(session);
  await recordEffect(session, {
    action: "DeleteGroup",
    resource: groupName,
    call: () => deleteReservationGroup(resourceGroups, groupName),
  });
  return undefined;
};

const gone = ({ reservationId }: ChangeOf<"RESERVE_CAPACITY">): Told => ({
  kind: "GONE",
  sentence: `${reservationId ?? "What was reserved"} holds no capacity any longer.`,
});

/** The reservation first: it costs money. */
export const releaseCapacity: Duty<"RESERVE_CAPACITY"> = async (session, change) => {
  const intents = await listIntents(session.context.table, session.evaluation.evaluationId);
  const cancelled = await cancel(session, intents);
  if (cancelled?.kind === "WAITING") return cancelled;
  const left = await deleteGroup(session, intents);
  const settled = cancelled ?? gone(change);
  return left === undefined ? settled : { ...settled, sentence: `${settled.sentence} ${left}` };
};
