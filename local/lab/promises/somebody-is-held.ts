/** The original runs, or a replacement is held: at no instant is there neither. */
import { isAlive, type Promised } from "./promise.ts";

export const somebodyIsHeld: Promised = {
  atMoment: ({ original, replacements }, { excused }) => {
    const isHeld = replacements.some(({ state }) => isAlive(state));
    return original === "running" || isHeld || excused.size > 0
      ? []
      : [`the original is ${original}, and no replacement is held`];
  },
};
