/** Stretches of time in the ledger, in milliseconds since the epoch: `from` belongs to them, `to` does not. */
import { SpotOptimizerError } from "../errors.ts";

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

export const instantOf = (iso: string): number => {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) {
    throw new SpotOptimizerError("BrokenFacts", `"${iso}" is not a time in ISO 8601.`);
  }
  return ms;
};

/** Undefined where they have nothing in common. */
export const overlap = (one: Stretch, other: Stretch): Stretch | undefined => {
  const from = Math.max(one.from, other.from);
  const to = Math.min(one.to, other.to);
  return from < to ? { from, to } : undefined;
};

/** Cut at every so many milliseconds after `origin`. */
export const cutEvery = (
  { from, to }: Stretch,
  { origin, everyMs }: { readonly origin: number; readonly everyMs: number },
): readonly Stretch[] => {
  const parts: Stretch[] = [];
  let at = from;
  while (at < to) {
    const next = Math.min(to, origin + (Math.floor((at - origin) / everyMs) + 1) * everyMs);
    parts.push({ from: at, to: next });
    at = next;
  }
  return parts;
};

/** The day of UTC, `2026-11-28`. @throws BrokenFacts */
export const stretchOfDay = (day: string): Stretch => {
  const from = instantOf(`${day}T00:00:00.000Z`);
  return { from, to: from + dayMs };
};

/** Of the month in which it lies, by UTC: EBS is billed by it. */
export const hoursOfMonth = (ms: number): number => {
  const at = new Date(ms);
  const days = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
  return days * 24;
};
