/** When replacements serve, and whether as many serve before the end of what EC2 takes as can be aimed at. */
import { quantile } from "../quantile.ts";
import { noticeSeconds, type Answered } from "./interruption-case.ts";

/** From the notice until the event is here and the first call is made: what a boot has of the notice is the rest. */
export const untilFirstCallSeconds = 10;
/** Of all cases: served before the end are so many less at most than have a boot that fits. */
export const shareAim = 0.02;

export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export const quantilesOf = (values: readonly number[]): Quantiles => ({
  p50: quantile(values, 0.5),
  p95: quantile(values, 0.95),
  p99: quantile(values, 0.99),
});

export interface ShareServed {
  /** Served before the end. */
  readonly share: number;
  /** Of the boots that were drawn. */
  readonly fits: number;
  readonly aim: number;
  readonly isMet: boolean;
}

type Serving = Pick<Answered, "bootSeconds" | "servedAfterSeconds">;

export const isServedInTime = ({ servedAfterSeconds: seconds }: Serving): boolean =>
  seconds !== undefined && seconds < noticeSeconds;

const fits = ({ bootSeconds: seconds }: Serving): boolean =>
  seconds !== undefined && seconds <= noticeSeconds - untilFirstCallSeconds;

const shareOf = <Value>(values: readonly Value[], isOne: (value: Value) => boolean): number =>
  values.filter(isOne).length / values.length;

export const shareServed = (answered: readonly Serving[]): ShareServed => {
  const share = shareOf(answered, isServedInTime);
  const fitting = shareOf(answered, fits);
  const aim = Math.max(0, fitting - shareAim);
  return { share, fits: fitting, aim, isMet: share >= aim };
};
