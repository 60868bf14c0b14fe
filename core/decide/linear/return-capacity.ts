/**
 * The original's way back while it is stopped: a reservation of On-Demand capacity that nobody else can use. Says whether there is to be one,
 * for how long, in which group, and what follows where EC2 refuses it.
 */
import type { DeploymentId } from "../../model/ids.ts";
import type { CapacityChoice } from "../../model/instance.ts";
import type { ReturnCapacity } from "../../model/return-capacity.ts";
import type { ChangeOf, Intent } from "../../model/intent.ts";
import { returnGroupPrefix } from "../../model/tags.ts";
import type { Postponement } from "../../model/verdict.ts";
import type { Policy } from "../../policy/policy.ts";

/** A stateless load is not stopped before its replacement serves and is verified: it has no time in which its way back is needed. */
export const isReturnReserved = ({
  consistency,
  holdReturnCapacity,
}: Pick<Policy, "consistency" | "holdReturnCapacity">): boolean =>
  consistency !== "stateless" && holdReturnCapacity;

/** A roll-back has an hour, and the start of the original is tried for about two more. */
const rollBackMinutes = 180;

/** Parts move within four times the limit in all, see `moveDeadlineMinutes`. */
const movePhases = 4;

const minuteMs = 60_000;

/**
 * As long as a switch can take from its freeze to the end of its roll-back, by its own deadlines: EC2 ends the reservation within the hour after
 * that, should nobody of us be there to cancel it.
 */
export const reservationEnd = (
  policy: Pick<
    Policy,
    | "stopDeadlineMinutes"
    | "imageDeadlineMinutes"
    | "healthyDeadlineMinutes"
    | "moveDeadlineMinutes"
    | "proofDeadlineMinutes"
    | "hooks"
  >,
  now: Date,
): string => {
  const { stopDeadlineMinutes, imageDeadlineMinutes, healthyDeadlineMinutes } = policy;
  const minutes =
    stopDeadlineMinutes +
    imageDeadlineMinutes +
    // The root is replaced, or another one launched; and it is verified.
    2 * healthyDeadlineMinutes +
    movePhases * policy.moveDeadlineMinutes +
    policy.proofDeadlineMinutes +
    Math.ceil(policy.hooks.reduce((sum, { seconds }) => sum + seconds, 0) / 60) +
    rollBackMinutes;
  return new Date(now.getTime() + minutes * minuteMs).toISOString();
};

/**
 * A group of its own for each original. What points at a group and runs is moved into whatever comes to it later: in a group for all, an
 * original that a roll-back had brought back would take the next one's way back. Source: EC2 user guide, "Capacity Reservation groups".
 */
export const returnGroupName = (deploymentId: DeploymentId, instanceId: string): string =>
  `${returnGroupPrefix}${deploymentId}-${instanceId}`;

/** `arn:…:group/NAME`, or with an id behind it. */
export const groupNameIn = (groupArn: string): string | undefined => groupArn.split("/")[1];

/** An earlier roll-back has pointed it there. */
export const isReturnGroup = (groupArn: string, instanceId: string): boolean => {
  const name = groupNameIn(groupArn);
  return (
    name !== undefined && name.startsWith(returnGroupPrefix) && name.endsWith(`-${instanceId}`)
  );
};

/** The setting as `before` of an intent holds it. */
export const choiceBefore = ({
  preference,
  reservationId,
  groupArn,
}: CapacityChoice = {}): Readonly<Record<string, string>> => ({
  ...(preference === undefined ? {} : { preference }),
  ...(reservationId === undefined ? {} : { reservationId }),
  ...(groupArn === undefined ? {} : { groupArn }),
});

/** What EC2 answered instead of a reservation, and what follows: the stop all the same, or none. */
export const judgeUnsecured = (
  refusal: string,
  { instanceId, policy }: { readonly instanceId: string; readonly policy: Policy },
): { readonly kind: "ACCEPTED"; readonly sentence: string } | Postponed => {
  const told = `No On-Demand capacity is held for the way back of ${instanceId}: ${refusal}`;
  return policy.acceptUnsecuredReturn
    ? { kind: "ACCEPTED", sentence: `${told} Accepted (accept_unsecured_return).` }
    : {
        kind: "POSTPONED",
        postponed: {
          reason: "WAY_BACK_UNSECURED",
          sentence: `${told} Nothing was stopped. Next: wait until EC2 has room, raise the quota, or accept it (accept_unsecured_return).`,
        },
      };
};

interface Postponed {
  readonly kind: "POSTPONED";
  readonly postponed: Postponement;
}

/** What was held, from when until when, and what it cost; undefined where nothing was. */
export const returnCapacity = (input: {
  readonly intents: readonly Intent[];
  readonly endedAt: string;
  /** Undefined where it is not known. */
  readonly hourlyUsd: number | undefined;
}): ReturnCapacity | undefined => {
  const { intents, endedAt, hourlyUsd } = input;
  const held = intents.find(
    ({ change }) => change.kind === "RESERVE_CAPACITY" && change.reservationId !== undefined,
  );
  if (held?.change.kind !== "RESERVE_CAPACITY") return undefined;
  const { reservationId = "" } = held.change;
  const from = held.actedAt ?? held.plannedAt;
  const until = held.undoneAt ?? endedAt;
  const hours = Math.max(0, Date.parse(until) - Date.parse(from)) / 3_600_000;
  return {
    reservationId,
    from,
    until,
    ...(hourlyUsd === undefined ? {} : { hourlyUsd, usd: Number((hours * hourlyUsd).toFixed(6)) }),
  };
};

/** The way back is no longer held once there is none: the janitor cancels it. */
export const dueNow = (
  change: ChangeOf<"RESERVE_CAPACITY">,
  now: Date,
): ChangeOf<"RESERVE_CAPACITY"> => ({ ...change, dueAt: now.toISOString() });
