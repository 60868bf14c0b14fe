/** The record's downtime is what clients saw, and no less; more only by what it takes to find that somebody serves. */
import type { LinearEvaluation } from "../../../../core/model/evaluation.ts";
import type { UnservedWatch } from "../../unserved.ts";
import type { Judged } from "../promise.ts";

/** The longest of the waits in which the end of a downtime is found: 60 s between two looks of a roll-back. */
const lateSeconds = 60;
/**
 * What EC2 has taken without a notice is counted from two minutes after the time of its request's status on, and that may follow a shutdown
 * of a minute.
 */
const unannouncedSeconds = 180;
/** A loss by itself, or of a part to somebody else, is found at the next look, while the replacement drains or is verified. */
const lossSeconds = 60;
/** A loss is found when the function that waits comes again. */
const untilSeen = (atMs: number, calls: readonly { readonly at: number }[]): number => {
  const next = calls.find(({ at }) => at > atMs);
  return next === undefined ? 0 : (next.at - atMs) / 1000;
};

const lossesIn = ({ replacementLostAt, movedAgain = 0 }: LinearEvaluation["progress"]): number =>
  movedAgain + (replacementLostAt === undefined ? 0 : 1);

/** Calls that fail, and functions that die, are repeated after a while: the next that succeeded told. */
const gapFrom = (backMs: number, calls: readonly { readonly at: number }[]): number => {
  const next = calls.find(({ at }) => at > backMs + 1000 * lateSeconds);
  const before = calls.findLast(({ at }) => at <= backMs + 1000 * lateSeconds);
  return next === undefined ? 0 : (next.at - Math.max(backMs, before?.at ?? backMs)) / 1000;
};

/** Nobody looks while a person is awaited: that it answers its load balancers again is found once he has decided. */
const wellAt = (
  backMs: number,
  { answeredAtMs = backMs }: Pick<UnservedWatch, "answeredAtMs">,
): number => Math.max(backMs, answeredAtMs);

const endMsOf = ({ endedAt }: LinearEvaluation): number | undefined =>
  endedAt === undefined ? undefined : Date.parse(endedAt);

/** Nobody has said since when somebody serves: a part may still be where it was. */
const isForPerson = (end: Judged["end"]): boolean =>
  end === "HELD" || end === "FORWARD" || end === "ADOPTED";

/** What EC2 had taken before anybody asked was down by then. */
const downFromMs = ({ startedAt, progress: { takenAt = startedAt } }: LinearEvaluation): number =>
  Math.min(Date.parse(startedAt), Date.parse(takenAt));

export const downtimeIsTrue = ({ lab, ending, end }: Judged): readonly string[] => {
  const { evaluation, evaluationId } = ending;
  const toMs = endMsOf(evaluation);
  const { unserved } = lab.watch;
  if (toMs === undefined || unserved.backAtMs === undefined) return [];
  const span = { fromMs: downFromMs(evaluation), toMs };
  const seen = unserved.secondsIn(span);
  if (seen === undefined) return [];
  const told = evaluation.downtimeSeconds ?? 0;
  if (isForPerson(end) && evaluation.downtimeSeconds === undefined) return [];
  const calls = lab.platform.cloud.journal.filter(
    ({ sessionName, errorCode }) => sessionName === evaluationId && errorCode === undefined,
  );
  const losses = unserved.lossesAtMs.reduce(
    (sum, atMs) => sum + untilSeen(atMs, calls),
    lossSeconds,
  );
  const lossesSeen = losses * lossesIn(evaluation.progress);
  const late = lateSeconds + gapFrom(wellAt(unserved.backAtMs, unserved), calls);
  const spelt = `${String(told)} s of downtime are recorded, and ${String(seen)} s were seen`;
  const unannounced = evaluation.progress.takenAt === undefined ? 0 : unannouncedSeconds;
  if (told < seen - 1 - lossesSeen - unannounced) return [spelt];
  // An application that does not answer its load balancers is down, though its machine runs.
  return told > unserved.unansweredSecondsIn(span) + late ? [spelt] : [];
};
