/**
 * Undoes what an evaluation began: reads the world, plans one action, carries it out, reads again what it changed, until
 * nothing is left. While it waits, it looks at what it waits for, and at all again once that has changed. What is read,
 * planned and called is the mode's. The kill switch does not stop an undo.
 */
import * as z from "zod";
import { listIntents } from "../../adapters/store/intents.ts";
import { sentenceOnLeft } from "../../core/decide/switch/left.ts";
import type { UndoAction } from "../../core/decide/switch/undo-plan.ts";
import { holderNameFirst } from "../../core/model/lease-holder.ts";
import type { LeftThing } from "../../core/model/left-thing.ts";
import { waitKey, type Evaluation, type HeldLease } from "../../core/model/evaluation.ts";
import { kindOf } from "../../core/model/evaluation-kind.ts";
import type { EvaluationId } from "../../core/model/ids.ts";
import type { Intent } from "../../core/model/intent.ts";
import { lastResolution } from "../../core/model/resolution.ts";
import { nameOf } from "../../core/model/subject.ts";
import { acquireLeases } from "./lease.ts";
import type { EvaluationSession } from "./session.ts";
import type { Refusal, Undo } from "./undo.ts";
import { unfinishedSentence } from "./unfinished.ts";
import { undoWhatCanBe, type Round, type Undoing, type WaitingEnd } from "./undo-round.ts";
import { createView } from "./undo-view.ts";
import { secondsToWait, seenBefore, undoPaces, waitSchema, type LastRound } from "./undo-wait.ts";

export const undoOutputSchema = z.object({
  kind: z.enum(["UNDONE", "WAITING", "NEEDS_OPERATOR"]),
  summary: z.string(),
  /** Until it is asked again; 0 when nothing is waited for. */
  waitSeconds: z.int().nonnegative(),
  /** Null when nothing is waited for. */
  wait: waitSchema.nullable(),
});
type UndoOutput = z.infer<typeof undoOutputSchema>;

export interface Undone {
  readonly output: UndoOutput;
  /** In this invocation. */
  readonly refused: readonly Refusal[];
  /** What is added to the record; absent when there is nothing. */
  readonly change?: <Stored extends Evaluation>(record: Stored) => Stored;
}

/** AWS shows a change of state after seconds; what it still refuses after this, it refuses for a reason. */
export const refusalMinutes = 5;

/** A thing between two states, or not known yet: in a moment AWS may say yes. A missing permission stays missing. */
const mayPass = ({ error }: Refusal): boolean =>
  error.name === "BrokenRequest" || error.name === "BrokenNotFound";

const minuteMs = 60_000;

/** What says how long an invocation may wait. */
interface Lasting {
  readonly session: EvaluationSession;
  readonly undo: Pick<Undo<never, never, never>, "phase" | "round" | "deadlineMinutes">;
  readonly last: LastRound;
  readonly supersededBy?: EvaluationId;
}

/** Since the first invocation that came to an end, or since a person has asked for it again. */
const waitedMinutes = ({ session: { evaluation, now }, undo }: Lasting): number => {
  const begun = evaluation.phases.find(
    ({ name, round }) => name === undo.phase && round === undo.round,
  )?.startedAt;
  const beginnings = [begun, lastResolution(evaluation)?.at].filter((at) => at !== undefined);
  const latest = beginnings.toSorted().at(-1);
  return begun === undefined || latest === undefined
    ? 0
    : (now.getTime() - Date.parse(latest)) / minuteMs;
};

/** Name of the wait in the record that has a deadline of its own, which holds for what follows it too. */
const longWait = ({ undo }: Lasting): string => waitKey(`${undo.phase}-long`, undo.round);

const isOverdue = (lasting: Lasting): boolean => {
  const { evaluation, now } = lasting.session;
  const long = evaluation.waits[longWait(lasting)];
  return long === undefined
    ? waitedMinutes(lasting) > lasting.undo.deadlineMinutes
    : now.toISOString() > long.deadline;
};

/** The first time that this is waited for its deadline is set. */
const beginLong = (
  lasting: Lasting,
  { takes, minutes }: WaitingEnd,
): Pick<Undone, "change"> | undefined => {
  const { evaluation, now } = lasting.session;
  const name = longWait(lasting);
  if (minutes === undefined || evaluation.waits[name] !== undefined) return undefined;
  const deadline = new Date(now.getTime() + minutes * minuteMs).toISOString();
  const wait = { beganAt: now.toISOString(), deadline, pace: undoPaces[takes] };
  return { change: (record) => ({ ...record, waits: { ...record.waits, [name]: wait } }) };
};

const noWait = { waitSeconds: 0, wait: null } as const;

/** A person must decide, and is told why. */
export const leftToOperator = (
  sentence: string,
  held: Pick<Evaluation, "isHeld" | "heldBecause"> = {},
): Undone => ({
  output: { kind: "NEEDS_OPERATOR", summary: sentence, ...noWait },
  refused: [],
  change: (record) => ({
    ...record,
    rollbackProblem: sentence,
    ...held,
  }),
});

const stillWaiting = (lasting: Lasting, end: WaitingEnd): Undone => {
  const { session, last } = lasting;
  const { sentence, takes, seen } = end;
  const begins = beginLong(lasting, end);
  if (begins === undefined && isOverdue(lasting)) {
    const minutes = Math.floor(waitedMinutes(lasting));
    return leftToOperator(`${sentence} Waited ${String(minutes)} minutes for it.`);
  }
  const begun = last?.summary === sentence ? last.wait?.since : undefined;
  const since = begun ?? session.now.toISOString();
  const waitSeconds = secondsToWait({
    takes,
    seconds: (session.now.getTime() - Date.parse(since)) / 1000,
    wholeSeconds: waitedMinutes(lasting) * 60,
  });
  const wait = { since, ...(seen === undefined ? {} : { seen }) };
  const output = { kind: "WAITING", summary: sentence, waitSeconds, wait } as const;
  return { output, refused: [], ...begins };
};

const undoneSentence = ({ session: { evaluation }, supersededBy }: Lasting): string => {
  const name = nameOf(evaluation.subject);
  if (supersededBy !== undefined) {
    return `Evaluation ${supersededBy} was begun at ${name} since: only what this one had made is taken away`;
  }
  switch (kindOf(evaluation)) {
    case "RECOVER":
      return `What was launched in place of ${name} is given up`;
    case "FALL_BACK":
      return `What was made for the way back of ${name} is taken away`;
    case "MOVE":
      return `What was made for the move of ${name} is taken away`;
    case "RESPOND":
      return `${name} takes pods again, unless EC2 has taken it`;
    case "SWITCH":
      return `${name} is as it was`;
  }
};

/** What no intent claims is told, once, and never touched. */
const allUndone = (
  lasting: Lasting,
  left: readonly LeftThing[],
): Pick<Undone, "output" | "change"> => {
  const { supersededBy } = lasting;
  const undone = undoneSentence(lasting);
  const summary =
    left.length === 0
      ? `${undone}; nothing that we created is left.`
      : `${undone}. ${sentenceOnLeft(left)}`;
  const news = {
    ...(left.length === 0 ? {} : { leftBehind: left }),
    ...(supersededBy === undefined ? {} : { supersededBy }),
  };
  return {
    output: { kind: "UNDONE", summary, ...noWait },
    ...(Object.keys(news).length === 0
      ? {}
      : {
          change: <Stored extends Evaluation>(record: Stored): Stored => ({ ...record, ...news }),
        }),
  };
};

const settle = (lasting: Lasting, { end, refused }: Undoing): Undone => {
  switch (end.kind) {
    case "DONE":
      return { ...allUndone(lasting, end.left ?? []), refused };
    case "WAIT":
      return { ...stillWaiting(lasting, end), refused };
    case "NEEDS_OPERATOR": {
      const { kind: _kind, sentence, ...held } = end;
      const isEarly = waitedMinutes(lasting) < refusalMinutes;
      return {
        ...(isEarly && refused.some(mayPass)
          ? stillWaiting(lasting, { kind: "WAIT", sentence, takes: "SECONDS" })
          : leftToOperator(sentence, held)),
        refused,
      };
    }
  }
};

/** As the last round left it, if all that it waits for looks as it did then. A verdict at the deadline is given on all. */
const asBefore = async <
  Session extends EvaluationSession,
  World extends object,
  Action extends UndoAction,
>(
  { view }: Round<Session, World, Action>,
  lasting: Lasting,
  intents: readonly Intent[],
): Promise<Undoing | undefined> => {
  const { session, last } = lasting;
  const seen = seenBefore(last, session.now);
  if (last === undefined || seen === undefined || isOverdue(lasting)) return undefined;
  const parts = view.partsNamed(seen.parts);
  await view.read(parts, intents);
  if (view.printOf(parts) !== seen.print) return undefined;
  return {
    end: { kind: "WAIT", sentence: last.summary, takes: seen.takes, seen },
    refused: [],
  };
};

const areSame = (leases: readonly HeldLease[], others: readonly HeldLease[]): boolean =>
  leases.length === others.length &&
  leases.every(
    ({ resource, fence }, index) =>
      resource === others[index]?.resource && fence === others[index].fence,
  );

/**
 * As far as one invocation gets. Waits while another evaluation works on the subject: two at once must not, and that
 * one ends soon. Throws what the workflow repeats.
 *
 * @param last what the invocation before this one answered, if it waits
 */
export const undoUntilDone = async <
  Session extends EvaluationSession,
  World extends object,
  Action extends UndoAction,
>(
  session: Session,
  undo: Undo<Session, World, Action>,
  last?: LastRound,
): Promise<Undone> => {
  const { context, evaluation } = session;
  const { evaluationId: owner, subject } = evaluation;
  const begun = { session, undo, last };
  const intents = await listIntents(context.table, owner);
  if (intents.length === 0) return settle(begun, { end: { kind: "DONE" }, refused: [] });
  const held = await acquireLeases(context.table, { subject, owner, now: context.now() });
  if (held.kind === "BUSY") {
    const sentence = `${holderNameFirst(held.owner)} holds ${nameOf(subject)} by now.`;
    return stillWaiting(begun, { kind: "WAIT", sentence, takes: "MINUTES" });
  }
  if (held.kind === "UNFINISHED") {
    return leftToOperator(`${unfinishedSentence(held.evaluationId, subject)} Then undo this one.`);
  }
  const { leases, supersededBy } = held;
  const since = supersededBy === undefined ? {} : { supersededBy };
  const lasting = { ...begun, ...since };
  const view = createView(undo.readers(session), undo.onDemand);
  const round = { session, undo, view, refused: [], done: new Set<string>(), ...since };
  const undoing =
    (await asBefore(round, lasting, intents)) ?? (await undoWhatCanBe(round, intents));
  const undone = settle(lasting, undoing);
  // Another may have had the leases in between: they are released under the numbers that hold now.
  return {
    ...undone,
    change: (record) => {
      const changed = undone.change?.(record) ?? record;
      return areSame(changed.leases, leases) ? changed : { ...changed, leases };
    },
  };
};
