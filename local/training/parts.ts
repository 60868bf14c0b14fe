/**
 * The three parts of a trace, by time: on the first the model is fitted, on the next its feature groups are chosen, on
 * the last it is reported. An example belongs to a part only if its hour ends there too: no label reaches over.
 */

export type Part = "fit" | "choose" | "report";

/** Shares of the trace: a half, a fifth, three tenths. */
const parts: readonly { readonly part: Part; readonly from: number; readonly to: number }[] = [
  { part: "fit", from: 0, to: 0.5 },
  { part: "choose", from: 0.5, to: 0.7 },
  { part: "report", from: 0.7, to: 1 },
];

/** Share of a trace, from its beginning, that a model has seen when it is done. */
export const trainedShare = 0.7;

const hourSeconds = 3600;

/** Undefined: in the last hour before the next part. */
export const partAt = (atSeconds: number, traceSeconds: number): Part | undefined =>
  parts.find(
    ({ from, to }) =>
      atSeconds >= Math.round(from * traceSeconds) &&
      atSeconds + hourSeconds <= Math.round(to * traceSeconds),
  )?.part;
