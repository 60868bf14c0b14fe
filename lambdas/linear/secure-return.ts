/**
 * Secures the original's way back right before it is stopped: On-Demand capacity is reserved for it, in a group at which a roll-back points the
 * stopped original before it starts it. Nothing of the original is touched here.
 */
import {
  readReservation,
  reserveCapacity,
  type ReservationResult,
} from "../../adapters/aws/ec2/capacity-reservations.ts";
import { groupReservation, makeReservationGroup } from "../../adapters/aws/resource-groups.ts";
import { getIntent, updateIntent } from "../../adapters/store/intents.ts";
import {
  choiceBefore,
  isReturnReserved,
  judgeUnsecured,
  reservationEnd,
  returnGroupName,
} from "../../core/decide/linear/return-capacity.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { ChangeOf, Intent, IntentChange } from "../../core/model/intent.ts";
import type { Postponement } from "../../core/model/verdict.ts";
import { ourTags } from "../evaluation/our-tags.ts";
import { perform } from "../evaluation/perform.ts";
import { readOriginal } from "./facts.ts";
import type { LinearSession } from "./session.ts";

type Session = LinearSession<"ec2" | "resourceGroups">;

export type ReturnStanding =
  /** It is held, or is not to be. `unsecured`: it is not, and its owner has accepted that. */
  | { readonly kind: "SECURED"; readonly unsecured?: string }
  | { readonly kind: "WAITING"; readonly sentence: string }
  | { readonly kind: "POSTPONED"; readonly postponed: Postponement };

type Reservation = ChangeOf<"RESERVE_CAPACITY">;
type Held = Reservation & Required<Pick<Reservation, "reservationId" | "reservationArn">>;

const reserveId = "reserve-capacity";
const groupId = "group-capacity";

const isHeld = (change: IntentChange): change is Held =>
  change.kind === "RESERVE_CAPACITY" &&
  change.reservationId !== undefined &&
  change.reservationArn !== undefined;

const waiting = (sentence: string): ReturnStanding => ({ kind: "WAITING", sentence });

const nextCall = async (
  session: Session,
): Promise<Pick<Intent, "before"> & { readonly change: Reservation }> => {
  const { evaluation, now } = session;
  const { instanceType, zoneName, platformDetails, tenancy, capacityChoice } =
    await readOriginal(session);
  const endsAt = reservationEnd(evaluation.policy, now);
  return {
    change: {
      kind: "RESERVE_CAPACITY",
      // Anew for each reservation: that of a token that was used is what became of that one.
      clientToken: `${evaluation.evaluationId}-${String(now.getTime())}`,
      instanceType,
      zoneName,
      platform: platformDetails,
      tenancy,
      endsAt,
      dueAt: endsAt,
    },
    before: choiceBefore(capacityChoice),
  };
};

const withReservation = (result: ReservationResult, change: IntentChange): IntentChange => {
  if (result.kind !== "RESERVED" || change.kind !== "RESERVE_CAPACITY") return change;
  const { reservationId, reservationArn, state } = result;
  const seen = state === "active" ? { isActive: true as const } : {};
  return { ...change, reservationId, reservationArn, ...seen };
};

/** A retry sends what the first call sent: token and end stand in the intent. */
const reserve = async (session: Session): Promise<Held | { readonly refusal: string }> => {
  const { context, evaluation } = session;
  const { ec2 } = await session.customer();
  const next = await nextCall(session);
  const result = await perform(session, {
    intent: { id: reserveId, ...next },
    action: "CreateCapacityReservation",
    resource: `${next.change.instanceType} in ${next.change.zoneName}`,
    call: ({ change }) => {
      if (change.kind !== "RESERVE_CAPACITY") {
        throw new SpotOptimizerError("BrokenFacts", `${reserveId} is a ${change.kind}.`);
      }
      return reserveCapacity(ec2, { ...change, tags: ourTags(evaluation) });
    },
    acted: withReservation,
    refused: (made) => (made.kind === "REFUSED" ? made.message : undefined),
  });
  if (result.kind === "REFUSED") return { refusal: result.message };
  const intent = await getIntent(context.table, evaluation.evaluationId, reserveId);
  if (intent !== undefined && isHeld(intent.change)) return intent.change;
  throw new SpotOptimizerError("BrokenFacts", `${result.reservationId} is not in its intent.`, {
    resource: result.reservationId,
  });
};

/** One that has ended, by its owner's hand or its end date, holds nothing: another is made. */
const forget = async ({ context, evaluation }: Session): Promise<void> => {
  await updateIntent(context.table, evaluation.evaluationId, reserveId, (stored) => ({
    ...stored,
    status: "UNDONE",
  }));
};

/** What an earlier invocation has reserved, as it is now; undefined where there is nothing any longer. */
const readHeld = async (
  session: Session,
  change: Held,
): Promise<ReturnStanding | { readonly refusal: string } | undefined> => {
  const { ec2 } = await session.customer();
  const { reservationId } = change;
  const found = await readReservation(ec2, reservationId);
  switch (found?.state) {
    case "active":
      return { kind: "SECURED" };
    case undefined:
    case "pending":
      return waiting(`${reservationId} is ${found?.state ?? "not shown by EC2 yet"}.`);
    case "failed":
      await forget(session);
      return { refusal: `${reservationId} has failed.` };
    default:
      await forget(session);
      return undefined;
  }
};

/** It was put into its group before. */
const isIn = (known: Intent | undefined, { reservationArn }: Held): boolean =>
  known?.change.kind === "GROUP_CAPACITY" && known.change.reservationArn === reservationArn;

const groupIntent = (groupName: string) => ({
  id: groupId,
  change: { kind: "GROUP_CAPACITY" as const, groupName },
});

const makeGroup = async (session: Session, groupName: string): Promise<string> => {
  const { evaluation } = session;
  const { resourceGroups } = await session.customer();
  const made = await perform(session, {
    intent: groupIntent(groupName),
    action: "CreateGroup",
    resource: groupName,
    call: () =>
      makeReservationGroup(resourceGroups, {
        name: groupName,
        description: `On-Demand capacity by which ${evaluation.subject.instanceId} can start again.`,
        tags: ourTags(evaluation),
      }),
    acted: ({ groupArn }, change) =>
      change.kind === "GROUP_CAPACITY" ? { ...change, groupArn } : change,
  });
  return made.groupArn;
};

/** Undefined once the reservation is in the original's own group; else why it is not yet. */
const group = async (
  session: Session,
  held: Held,
  known: Intent | undefined,
): Promise<string | undefined> => {
  const { evaluation } = session;
  const { reservationArn } = held;
  const groupName = returnGroupName(evaluation.deploymentId, evaluation.subject.instanceId);
  const { resourceGroups } = await session.customer();
  const before = known?.change.kind === "GROUP_CAPACITY" ? known.change : undefined;
  if (isIn(known, held)) return undefined;
  const groupArn = before?.groupArn ?? (await makeGroup(session, groupName));
  // Resource Groups shows neither in the invocation that has just made both: its refusal would be paid for.
  if (before?.groupArn === undefined)
    return `${held.reservationId} is yet to be put into ${groupArn}.`;
  const grouped = await perform(session, {
    intent: groupIntent(groupName),
    action: "GroupResources",
    resource: groupArn,
    call: () => groupReservation(resourceGroups, { groupArn, reservationArn }),
    acted: (result, change) =>
      change.kind === "GROUP_CAPACITY" && result.kind === "GROUPED"
        ? { ...change, reservationArn }
        : change,
  });
  return grouped.kind === "NOT_YET" ? grouped.sentence : undefined;
};

const unsecured = ({ evaluation }: Session, refusal: string): ReturnStanding => {
  const { subject, policy } = evaluation;
  const judged = judgeUnsecured(refusal, { instanceId: subject.instanceId, policy });
  return judged.kind === "POSTPONED" ? judged : { kind: "SECURED", unsecured: judged.sentence };
};

const groupedStanding = async (
  session: Session,
  held: Held,
  isNew: boolean,
): Promise<ReturnStanding> => {
  const { context, evaluation } = session;
  const intent = await getIntent(context.table, evaluation.evaluationId, groupId);
  const known = intent?.status === "UNDONE" ? undefined : intent;
  const missing = await group(session, held, known);
  if (missing !== undefined) return waiting(missing);
  // What Resource Groups has just taken EC2 shows; and what EC2 has said to be active may end only later.
  const isKnown = isNew || !isIn(known, held);
  if (held.isActive === true && isKnown) return { kind: "SECURED" };
  const read = await readHeld(session, held);
  if (read === undefined) return waiting(`${held.reservationId} has ended: another is made.`);
  return "refusal" in read ? unsecured(session, read.refusal) : read;
};

/** Asked again until it is secured. @throws whatever a call throws that is not EC2's refusal to reserve */
export const secureReturn = async (session: Session): Promise<ReturnStanding> => {
  const { context, evaluation } = session;
  if (!isReturnReserved(evaluation.policy)) return { kind: "SECURED" };
  const intent = await getIntent(context.table, evaluation.evaluationId, reserveId);
  if (intent?.status === "ACTED" && isHeld(intent.change)) {
    return groupedStanding(session, intent.change, false);
  }
  const held = await reserve(session);
  return "refusal" in held
    ? unsecured(session, held.refusal)
    : groupedStanding(session, held, true);
};
