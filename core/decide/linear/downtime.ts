/**
 * Says how long the load was down during a switch or a roll-back: from the last instant at which somebody was known to serve
 * to the first at which somebody was found to serve with the identity. Judged from the calls as they were recorded, so that
 * it does not depend on what the step that made them lived to note.
 */
import type { Effect, LinearProgress } from "../../model/evaluation.ts";
import type { RecordedCalls } from "../../model/intent.ts";

/** It may have acted. */
const mayHaveActed = ({ outcome }: Effect): boolean => outcome !== "REFUSED";

const firstOf = (effects: readonly Effect[], actions: ReadonlySet<string>): string | undefined =>
  effects.find((effect) => actions.has(effect.action) && mayHaveActed(effect))?.at;

const starts: ReadonlySet<string> = new Set(["StartInstances"]);

/**
 * When our stop of the original was asked for; undefined where none acted. One whose answer was lost has acted if the original
 * had to be started again, or if it was carried out later.
 */
export const originalStoppedAt = ({ intents, alone }: RecordedCalls): string | undefined => {
  const stop =
    intents.find(({ intent }) => intent.change.kind === "STOP_INSTANCE") ??
    // With data it is the freeze of a way back; without, nothing is down by then, and nobody asks.
    intents.find(({ intent }) => intent.change.kind === "END_ORIGINAL");
  const asked = stop?.effects.find(mayHaveActed);
  if (stop === undefined || asked === undefined) return undefined;
  const { actedAt, status } = stop.intent;
  const hasActed = actedAt !== undefined || (status !== "PLANNED" && status !== "UNDONE");
  return hasActed || firstOf(alone, starts) !== undefined ? asked.at : undefined;
};

/** What takes service away from a replacement. */
const takings: ReadonlySet<string> = new Set([
  "AssignPrivateIpAddresses",
  "AssociateAddress",
  "DetachNetworkInterface",
  "DetachVolume",
  "TerminateInstances",
]);

export interface DowntimeInput {
  readonly progress: Pick<
    LinearProgress,
    "servingAt" | "restoredAt" | "replacementLostAt" | "ownersStop" | "takenAt"
  >;
  readonly isStateless: boolean;
  /** Up to the end of the evaluation; those that stand alone are of its roll-back. */
  readonly calls: RecordedCalls;
}

const msOf = (instant: string): number => Date.parse(instant);

/** From the stop of a stateful load until the replacement, or the original again, serves. Undefined: it was not stopped. */
const ofFreeze = ({ progress, isStateless, calls }: DowntimeInput): number | "OPEN" | undefined => {
  // The original of a stateless load is stopped when the replacement serves, unless EC2 has taken it.
  const from = (isStateless ? undefined : originalStoppedAt(calls)) ?? progress.takenAt;
  if (from === undefined) return undefined;
  // From its owner's stop on it is down because he wants it so.
  const theirs = progress.ownersStop?.at;
  if (theirs !== undefined && msOf(theirs) <= msOf(from)) return undefined;
  const to = progress.servingAt ?? progress.restoredAt ?? theirs;
  return to === undefined ? "OPEN" : Math.max(0, msOf(to) - msOf(from));
};

/** From when a replacement that served was lost, or was given up, until the original serves again. */
const ofReturn = ({ progress, isStateless, calls }: DowntimeInput): number | "OPEN" | undefined => {
  const { servingAt, restoredAt, replacementLostAt } = progress;
  // Until it serves the freeze of a stateful load counts.
  if (servingAt === undefined && !isStateless) return undefined;
  // What a roll-back took before the replacement served after all, resumed by a person, is part of the freeze.
  const ends = [replacementLostAt, firstOf(calls.alone, takings)]
    .filter((instant) => instant !== undefined)
    .filter((instant) => servingAt === undefined || msOf(instant) > msOf(servingAt));
  if (ends.length === 0) return undefined;
  if (restoredAt === undefined) return "OPEN";
  const down = msOf(restoredAt) - Math.min(...ends.map(msOf));
  return down > 0 ? down : undefined;
};

/** Undefined when the load was not down, or is still. */
export const downtimeSeconds = (input: DowntimeInput): number | undefined => {
  const spans = [ofFreeze(input), ofReturn(input)].filter((span) => span !== undefined);
  if (spans.length === 0 || spans.includes("OPEN")) return undefined;
  return spans.reduce<number>((sum, span) => sum + Number(span), 0) / 1000;
};
