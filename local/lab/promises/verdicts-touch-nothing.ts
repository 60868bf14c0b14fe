/** An evaluation that ended with its verdict has changed nothing in the account. */
import type { Promised } from "./promise.ts";

const untouched: ReadonlySet<string> = new Set([
  "REFUSED",
  "SHADOWED",
  "AWAITING_APPROVAL",
  "DEGRADED",
]);

export const verdictsTouchNothing: Promised = {
  atEnd: ({ ending: { status, mutations } }) =>
    untouched.has(status) && mutations.some(({ hadEffect }) => hadEffect)
      ? [`${status} after ${mutations.map(({ operation }) => operation).join()}`]
      : [],
};
