/** The second half of the capacity invariant: a run's samples are held against those of its twin, the same seed and the same customer without us. */
import type { CapacitySample } from "./capacity-ledger.ts";

/** The one that holds at that time: before the first, the first. */
const sampleAt = (samples: readonly CapacitySample[], atMs: number): CapacitySample => {
  const found = samples.findLast((sample) => sample.atMs <= atMs) ?? samples[0];
  if (found === undefined) throw new Error("A capacity ledger without a sample cannot be judged.");
  return found;
};

interface Instant {
  readonly own: CapacitySample;
  readonly twin: CapacitySample;
  readonly atMs: number;
}

const instantsOf = (
  own: readonly CapacitySample[],
  twin: readonly CapacitySample[],
): readonly Instant[] => {
  const begin = Math.max(own[0]?.atMs ?? 0, twin[0]?.atMs ?? 0);
  const times = new Set([...own, ...twin].map(({ atMs }) => Math.max(begin, atMs)));
  return [...times]
    .sort((one, other) => one - other)
    .map((atMs) => ({ atMs, own: sampleAt(own, atMs), twin: sampleAt(twin, atMs) }));
};

/** (b): at every instant serving is at least the smaller of what is asked and what serves in the twin run. Sentences of what was broken. */
export const judgeCapacity = (
  own: readonly CapacitySample[],
  twin: readonly CapacitySample[],
): readonly string[] =>
  instantsOf(own, twin)
    .filter(({ own: { serving, asked }, twin: other }) => serving < Math.min(asked, other.serving))
    .map(
      ({ atMs, own: { serving, asked }, twin: other }) =>
        `${new Date(atMs).toISOString()}: ${String(serving)} members serve, ${String(asked)} are asked for, and without us ${String(other.serving)} serve`,
    );

/** The minimum of serving less asked where the twin has no deficit; `undefined` where it always has one. */
export const minHealthyMinusDesired = (
  own: readonly CapacitySample[],
  twin: readonly CapacitySample[],
): number | undefined => {
  const margins = instantsOf(own, twin)
    .filter(({ twin: { serving, asked } }) => serving >= asked)
    .map(({ own: { serving, asked } }) => serving - asked);
  return margins.length === 0 ? undefined : Math.min(...margins);
};
