/** Stretches of time in whole seconds since the epoch: cut at hours and at months, and clipped to what a bill is asked for. */

export interface Span {
  readonly from: number;
  readonly to: number;
}

export const hourSeconds = 3600;

/** Cut where a multiple of an hour has passed since the anchor; the epoch is one of UTC's hours. */
export const cutByHours = ({ from, to }: Span, anchor = 0): readonly Span[] => {
  const cuts: Span[] = [];
  let start = from;
  while (start < to) {
    const next = anchor + (Math.floor((start - anchor) / hourSeconds) + 1) * hourSeconds;
    const end = Math.min(next, to);
    cuts.push({ from: start, to: end });
    start = end;
  }
  return cuts;
};

export const clip = (span: Span, within: Span): readonly Span[] => {
  const from = Math.max(span.from, within.from);
  const to = Math.min(span.to, within.to);
  return from < to ? [{ from, to }] : [];
};

/** "Rounded to the nearest second". Source: EC2 user guide, per-second billing. */
export const secondOf = (atMs: number): number => Math.round(atMs / 1000);

/** Of the calendar month in UTC that holds the second. */
export const secondsOfMonth = (second: number): number => {
  const day = new Date(second * 1000);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  return (Date.UTC(year, month + 1) - Date.UTC(year, month)) / 1000;
};

/** ISO 8601, without fractions. */
export const textOf = (second: number): string =>
  new Date(second * 1000).toISOString().replace(".000Z", "Z");
