/**
 * The original runs, or a replacement is held: at no instant is there neither. One exception: the original of a stateful load,
 * which we stopped, starts only when its replacement has ended.
 */
import { isAlive, type Promised } from "./promise.ts";

const returning: ReadonlySet<string> = new Set(["stopped", "stopping", "pending"]);

export const somebodyIsHeld: Promised = {
  atMoment: ({ original, replacements }, { subject, excused }) => {
    const isHeld = replacements.some(({ state }) => isAlive(state));
    if (original === "running" || isHeld || excused.size > 0) return [];
    return !subject.isStateless && returning.has(original)
      ? []
      : [`the original is ${original}, and no replacement is held`];
  },
};
