/**
 * The original runs, or a replacement is held: at no instant is there neither. One exception: the original of a stateful load,
 * which we stopped, starts only when its replacement has ended. Then the capacity is held by which it starts, unless its owner has said
 * otherwise.
 */
import { isAlive, type Promised } from "./promise.ts";

const returning: ReadonlySet<string> = new Set(["stopped", "stopping", "pending"]);

export const somebodyIsHeld: Promised = {
  atMoment: ({ original, replacements }, { subject, excused, isReturnHeld }) => {
    const isHeld = replacements.some(({ state }) => isAlive(state));
    if (original === "running" || isHeld || excused.size > 0) return [];
    if (subject.isStateless || !returning.has(original)) {
      return [`the original is ${original}, and no replacement is held`];
    }
    return !subject.isReturnHeld || isReturnHeld()
      ? []
      : [`the original is ${original}, and neither a replacement nor its way back is held`];
  },
};
