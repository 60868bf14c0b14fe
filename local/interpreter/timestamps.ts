/** Timestamps as the Amazon States Language wants them: RFC 3339, upper-case T and Z. */

const pattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/u;

/** @returns milliseconds since the epoch, or undefined if the value is no timestamp. */
export const parseTimestamp = (value: unknown): number | undefined => {
  if (typeof value !== "string" || !pattern.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
};
