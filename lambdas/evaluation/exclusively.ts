/**
 * Ends what an evaluation has left behind only while nobody works on its subject, nor on what serves its target now, and while
 * neither has left anything open: a switch that is under way, or waits for a person, may need it as its way back.
 */
import { getTarget } from "../../adapters/store/targets.ts";
import type { HeldLease } from "../../core/model/evaluation.ts";
import { holderNameFirst } from "../../core/model/lease-holder.ts";
import { nameOf, subjectOf, type Subject } from "../../core/model/subject.ts";
import { acquireLeases, releaseLeases, type LeaseRequest, type Leases } from "./lease.ts";
import type { DueSession } from "./session.ts";

/** A function lives for a minute; what it began is over then. */
const seconds = 120;

export type Exclusive<Result> =
  | { readonly kind: "DONE"; readonly result: Result }
  /** Names who works on what, or what was left open there. `isHeld`: somebody works there now, and will have ended soon. */
  | { readonly kind: "BUSY"; readonly sentence: string; readonly isHeld: boolean };

const busySentence = (
  subject: Subject,
  held: Exclude<Leases, { readonly kind: "HELD" }>,
): string =>
  held.kind === "BUSY"
    ? `${holderNameFirst(held.owner)} works on ${nameOf(subject)}.`
    : `Evaluation ${held.evaluationId} has left open what it had begun at ${nameOf(subject)}.`;

const subjectsOf = async ({ context, evaluation }: DueSession): Promise<readonly Subject[]> => {
  const target = await getTarget(context.table, evaluation.targetId);
  const now = target === undefined ? [] : [subjectOf(target)];
  const own: Subject = evaluation.subject;
  return [own, ...now.filter((subject) => nameOf(subject) !== nameOf(own))];
};

const hold = async <Result>(
  session: DueSession,
  { owner, ...request }: Pick<LeaseRequest, "owner" | "onBehalfOf">,
  act: () => Promise<Result>,
): Promise<Exclusive<Result>> => {
  const { table, now } = session.context;
  const held: HeldLease[] = [];
  try {
    for (const subject of await subjectsOf(session)) {
      const wanted = { subject, owner, now: now(), seconds, ...request };
      const leases = await acquireLeases(table, wanted);
      if (leases.kind !== "HELD") {
        const isHeld = leases.kind === "BUSY";
        return { kind: "BUSY", sentence: busySentence(subject, leases), isHeld };
      }
      held.push(...leases.leases);
    }
    return { kind: "DONE", result: await act() };
  } finally {
    await releaseLeases(table, owner, held);
  }
};

/** Throws what `act` throws, and RetryableContention; the leases are given back in either case. */
export const exclusively = <Result>(
  session: DueSession,
  owner: string,
  act: () => Promise<Result>,
): Promise<Exclusive<Result>> => hold(session, { owner }, act);

/** The same for what the evaluation itself has left open: that does not stand in the way, and what others have left does. */
export const exclusivelyForItself = <Result>(
  session: DueSession,
  owner: string,
  act: () => Promise<Result>,
): Promise<Exclusive<Result>> =>
  hold(session, { owner, onBehalfOf: session.evaluation.evaluationId }, act);
