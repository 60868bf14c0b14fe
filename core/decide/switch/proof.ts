/** Do the proofs of the application hold? One that does not, or whose answer is not known, is not a proof. */
import type { AlarmFacts } from "../../model/alarm.ts";
import type { Intent } from "../../model/intent.ts";
import type { ProofReading, ProofStage } from "../../model/proof.ts";
import type { TargetGroupStanding } from "../../model/target-group.ts";

/** Names the first that does not hold; undefined when all do. */
export const unprovedIn = (readings: readonly ProofReading[]): string | undefined => {
  const failed = readings.filter(({ holds }) => !holds);
  const [first] = failed;
  if (first === undefined) return undefined;
  const others = failed.length - 1;
  const also = others === 0 ? "" : ` And ${String(others)} more.`;
  return `The application is not proved: ${first.sentence}${also}`;
};

/** Have all been found to hold at that stage? Not so where none was asked. */
export const areProvedAt = (
  readings: readonly ProofReading[] | undefined,
  stage: ProofStage,
): boolean => {
  const found = (readings ?? []).filter((reading) => reading.stage === stage);
  return found.length > 0 && found.every(({ holds }) => holds);
};

/** A success counts for so long: all proofs are to hold at one time, and a document takes its time. */
const freshMs = 60_000;

/** Whether it was sent is not known after so long, and will not be: another attempt does no harm. */
const lostMs = 4 * 60_000;

/** After a failure it is not run again before. */
const pauseMs = 30_000;

/** The document of a proof runs again and again until it succeeds: an intent for each attempt. */
const attemptId = (base: string, attempt: number): string => `${base}-${String(attempt)}`;

/** Under which id the document is to be run, or looked at, now. `base` names stage and proof. */
export const proofAttempt = (base: string, intents: readonly Intent[], now: Date): string => {
  const attempts = intents.filter(({ id }) => id.startsWith(`${base}-`));
  const last = attempts.find(({ id }) => id === attemptId(base, attempts.length));
  if (last?.change.kind !== "RUN_COMMAND") return attemptId(base, attempts.length + 1);
  const { commandId, end } = last.change;
  const ageMs = now.getTime() - Date.parse(end?.at ?? last.plannedAt);
  const isOld =
    end === undefined
      ? commandId === undefined && ageMs > lostMs
      : ageMs > (end.hasSucceeded ? freshMs : pauseMs);
  return attemptId(base, isOld ? attempts.length + 1 : attempts.length);
};

/** Of an instance in its target groups. */
export const judgeGroupProof = (
  standings: readonly { readonly arn: string; readonly standing: TargetGroupStanding }[],
): Pick<ProofReading, "holds" | "sentence"> => {
  if (standings.length === 0) {
    return { holds: false, sentence: "it is registered in no target group by its id." };
  }
  const other = standings.find(({ standing }) => standing !== "ready");
  return other === undefined
    ? { holds: true, sentence: `healthy in ${String(standings.length)}.` }
    : { holds: false, sentence: `it is ${other.standing} in ${other.arn}.` };
};

interface AlarmProof {
  readonly alarms: readonly string[];
  readonly minutes: number;
}

/** Whose alarms they are to be. */
interface Observed {
  /** Since when it serves; absent: for long. ISO 8601 */
  readonly servesSince?: string;
  /** It is what is to be replaced: an alarm that names it would say nothing of another instance. */
  readonly replaced?: string;
  readonly now: Date;
}

const spanOf = (since: string, now: Date): string =>
  `${String(Math.floor((now.getTime() - Date.parse(since)) / 60_000))} minutes`;

const unprovedAlarm = (
  name: string,
  found: AlarmFacts | undefined,
  { replaced }: Observed,
): string | undefined => {
  if (found === undefined) return `CloudWatch shows no metric or composite alarm ${name}.`;
  if (replaced !== undefined && found.instanceIds.includes(replaced)) {
    return `alarm ${name} is about ${replaced}, and would say nothing of its replacement: name one of its load balancer or application.`;
  }
  if (found.state !== "OK") return `alarm ${name} is ${found.state}.`;
  return found.problem === undefined
    ? undefined
    : `alarm ${name} is OK, and CloudWatch could not evaluate it last (${found.problem}).`;
};

/** INSUFFICIENT_DATA is not OK; nor is what has been OK for longer than the instance serves a proof of it. */
export const judgeAlarms = (
  { alarms, minutes }: AlarmProof,
  found: readonly AlarmFacts[],
  observed: Observed,
): Pick<ProofReading, "holds" | "sentence"> => {
  const { now, servesSince } = observed;
  const sinces: string[] = servesSince === undefined ? [] : [servesSince];
  for (const name of alarms) {
    const alarm = found.find((each) => each.name === name);
    const unproved = unprovedAlarm(name, alarm, observed);
    if (unproved !== undefined) return { holds: false, sentence: unproved };
    if (alarm?.since === undefined) {
      return { holds: false, sentence: `CloudWatch does not say since when alarm ${name} is OK.` };
    }
    sinces.push(alarm.since);
  }
  const latest = sinces.toSorted((one, other) => Date.parse(one) - Date.parse(other)).at(-1);
  const least = now.getTime() - minutes * 60_000;
  return latest !== undefined && Date.parse(latest) <= least
    ? { holds: true, sentence: `OK for at least ${String(minutes)} minutes.` }
    : {
        holds: false,
        sentence: `the alarms are OK, and have to be for ${String(minutes)} minutes: it is ${spanOf(latest ?? now.toISOString(), now)}.`,
      };
};
