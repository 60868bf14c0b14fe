/** Says in one word how a target stands, for the fleet's table: nobody else decides it. */
import { isRecovery, isResponse, type EvaluationKind } from "../../model/evaluation-kind.ts";
import type { Outcome } from "../../model/evaluation.ts";

/** In the order in which they are sorted: who needs a person is first. */
export const standings = [
  /** Neither done nor undone: a person must decide. */
  "NEEDS_OPERATOR",
  /** AWS could not be reached, or refused us, before anything was touched. */
  "DEGRADED",
  /** EC2 has taken its Spot Instance, or is about to. */
  "INTERRUPTED",
  "AWAITING_APPROVAL",
  "ROLLED_BACK",
  /** Of a group: some of its swaps were made. */
  "PARTLY_SWITCHED",
  /** It was brought back to On-Demand. */
  "FALLBACK",
  /** One instance is being moved. */
  "SWITCHING",
  /** Members of a group, or nodes, are. */
  "MOVING",
  "ON_SPOT",
  /** It was moved, and no reading has shown it since. */
  "SWITCHED",
  /** It would be judged and left where it is. */
  "SHADOW",
  "ON_DEMAND",
  /** Nothing is known of it yet. */
  "QUEUED",
  /** Its last evaluation ended so, and no reading shows it. */
  "STAYED",
  "REFUSED",
] as const;
export type Standing = (typeof standings)[number];

/** How many of its instances a reading has shown, those that are about to end left out. */
export interface Capacity {
  readonly spot: number;
  readonly onDemand: number;
  /** When it was read, ISO 8601. */
  readonly at: string;
  /** Its Spot Instance was found ended, or its end announced, and nothing has taken its place. */
  readonly isTaken?: true;
}

/** Of the evaluation that goes on. */
export interface Acting {
  readonly kind?: EvaluationKind;
  readonly isOfMany: boolean;
  /** It has been decided that something is to be moved, and in earnest. */
  readonly isMoving: boolean;
}

/** Of the last evaluation that has ended. */
export interface LastEnded {
  readonly status: Outcome["status"];
  /** ISO 8601 */
  readonly endedAt: string;
  /** Of one that waits for an approval: somebody can still give it. */
  readonly isAwaited?: boolean;
}

export interface StandingFacts {
  readonly isShadowMode: boolean;
  /** Absent: no reading has shown it. */
  readonly capacity?: Capacity;
  /** Absent: none goes on. */
  readonly acting?: Acting;
  /** Absent: none has ended. */
  readonly last?: LastEnded;
}

/** What stays to be said until another evaluation has ended. */
const lasting = ({ last }: StandingFacts): Standing | undefined => {
  switch (last?.status) {
    case "DEGRADED":
    case "ROLLED_BACK":
    case "PARTLY_SWITCHED":
      return last.status;
    case "AWAITING_APPROVAL":
      return last.isAwaited === true ? "AWAITING_APPROVAL" : undefined;
    default:
      return undefined;
  }
};

const inMotion = ({ acting }: StandingFacts): Standing | undefined => {
  if (acting === undefined) return undefined;
  if (isRecovery(acting) || isResponse(acting)) return "INTERRUPTED";
  if (!acting.isMoving) return undefined;
  return acting.isOfMany ? "MOVING" : "SWITCHING";
};

/** No reading has shown it. */
const unseen = ({ last, isShadowMode }: StandingFacts): Standing => {
  switch (last?.status) {
    case undefined:
      return "QUEUED";
    case "SWITCHED":
    case "STAYED":
    case "REFUSED":
      return last.status;
    case "FELL_BACK":
      return "FALLBACK";
    default:
      return isShadowMode ? "SHADOW" : "QUEUED";
  }
};

/** The last evaluation has moved it, and no reading of a later time shows it elsewhere. */
const moved = (
  { spot, at }: Capacity,
  { last }: Pick<StandingFacts, "last">,
): Standing | undefined => {
  const isOlder = at <= (last?.endedAt ?? "");
  if (last?.status === "SWITCHED" && isOlder) return "SWITCHED";
  if (last?.status === "FELL_BACK" && (isOlder || spot === 0)) return "FALLBACK";
  return undefined;
};

const seen = (capacity: Capacity, facts: StandingFacts): Standing => {
  if (capacity.spot > 0) return "ON_SPOT";
  return facts.isShadowMode ? "SHADOW" : "ON_DEMAND";
};

/** By where its instances stand. */
const resting = (facts: StandingFacts): Standing => {
  const { capacity } = facts;
  if (capacity === undefined) return unseen(facts);
  return moved(capacity, facts) ?? seen(capacity, facts);
};

/** What a person must see goes before what goes on, and that before where it stands. */
export const standingOf = (facts: StandingFacts): Standing => {
  if (facts.last?.status === "NEEDS_OPERATOR") return "NEEDS_OPERATOR";
  const moving = inMotion(facts);
  if (moving !== undefined) return moving;
  if (facts.capacity?.isTaken === true) return "INTERRUPTED";
  return lasting(facts) ?? resting(facts);
};
