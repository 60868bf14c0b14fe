/**
 * What is remembered of one pool: when it last took an instance away, when it last was known to have no capacity, and
 * how often it took one lately. Folded from events in the order of their times; times are hours since any fixed origin.
 */
import type { RiskFeatures } from "./model.ts";

export interface PoolHistory {
  readonly lastLossAtHours?: number;
  /** The later of: a loss, a refused launch, a look at the pool that found it empty. */
  readonly lastUnavailableAtHours?: number;
  /** The first time after that at which it was known to have capacity: a launch that succeeded, a look that found some. */
  readonly upSinceHours?: number;
  /** Losses, each counting half as much every `lossHalfLifeHours`, as of `lastLossAtHours`. */
  readonly decayedLosses: number;
}

export const emptyHistory: PoolHistory = { decayedLosses: 0 };

/**
 * A day tells lately from long ago: pools lost 11 % an hour within a day of a loss and 3 % after (docs/models.md). Of 1 to 168 hours 12 foretell
 * best, and 6 to 24 within 0.2 % of that (docs/training.md, "What foretells a loss").
 */
export const lossHalfLifeHours = 24;

/** What happened longer ago is forgotten: herd memory is read this far back, and a model was trained no farther. */
export const memoryHours = 168;

const decayedAfter = (losses: number, hours: number): number =>
  losses * 2 ** (-hours / lossHalfLifeHours);

/** The pool could take no instance at that time. An event older than the last one changes nothing. */
export const withUnavailability = (history: PoolHistory, atHours: number): PoolHistory => {
  const { upSinceHours, ...others } = history;
  const last = history.lastUnavailableAtHours;
  if (last !== undefined && atHours < last) return history;
  return {
    ...others,
    ...(upSinceHours !== undefined && upSinceHours > atHours && { upSinceHours }),
    lastUnavailableAtHours: atHours,
  };
};

/** The pool had capacity at that time. Only the first time since it was last without any is remembered. */
export const withCapacity = (history: PoolHistory, atHours: number): PoolHistory =>
  history.upSinceHours === undefined ? { ...history, upSinceHours: atHours } : history;

/** The pool took an instance away at that time, which is also a time without capacity. */
export const withLoss = (history: PoolHistory, atHours: number): PoolHistory => {
  const last = history.lastLossAtHours ?? atHours;
  return {
    ...withUnavailability(history, atHours),
    lastLossAtHours: Math.max(last, atHours),
    decayedLosses: 1 + decayedAfter(history.decayedLosses, Math.max(0, atHours - last)),
  };
};

/** When the features are read, and how far back they look. */
export interface Recall {
  /** In the history's own hours. */
  readonly nowHours: number;
  /** At most `memoryHours`. */
  readonly rememberedHours: number;
}

/** Undefined: never, or longer ago than is remembered. A time ahead of now is a clock's skew, and is now. */
const hoursSince = (
  atHours: number | undefined,
  { nowHours, rememberedHours }: Recall,
): number | undefined => {
  if (atHours === undefined) return undefined;
  const hours = Math.max(0, nowHours - atHours);
  return hours > rememberedHours ? undefined : hours;
};

/**
 * When the pool came back is known to lie between the last time without capacity and the first time with some (or
 * now, where nobody has looked since): the middle is taken.
 */
const streakOf = (
  history: PoolHistory,
  hoursSinceUnavailable: number,
  nowHours: number,
): number => {
  const knownUp = Math.max(0, nowHours - (history.upSinceHours ?? nowHours));
  return knownUp + Math.max(0, hoursSinceUnavailable - knownUp) / 2;
};

/** The features that come of a pool's own history. Absent: nothing of the kind is remembered. */
export const historyFeatures = (
  history: PoolHistory,
  recall: Recall,
): Pick<RiskFeatures, "hoursSincePoolLoss" | "upStreakHours" | "recentPoolLosses"> => {
  const sinceLoss = hoursSince(history.lastLossAtHours, recall);
  const sinceUnavailable = hoursSince(history.lastUnavailableAtHours, recall);
  return {
    ...(sinceLoss !== undefined && {
      hoursSincePoolLoss: sinceLoss,
      recentPoolLosses: decayedAfter(history.decayedLosses, sinceLoss),
    }),
    ...(sinceUnavailable !== undefined && {
      upStreakHours: streakOf(history, sinceUnavailable, recall.nowHours),
    }),
  };
};
