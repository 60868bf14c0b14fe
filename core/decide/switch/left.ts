/** Tells what carries our tags and was not touched, and what its owner can do. */
import type { LeftThing } from "../../model/left-thing.ts";

/** @param left at least one */
export const sentenceOnLeft = (left: readonly LeftThing[]): string => {
  const names = left.map(({ kind, id, state }) => `${kind} ${id} (${state})`);
  return `Left with our tags, and not touched: ${names.join(", ")}. Next: see whose it is, and delete what nobody needs.`;
};
