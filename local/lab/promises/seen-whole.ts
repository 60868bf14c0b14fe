/**
 * The original is retired for a replacement that was seen with the whole identity: since the last part of it moved, every part
 * was asked for. What was there when it arrived may have been taken away while the others moved.
 */
import { givesUpOriginal, type Promised } from "./promise.ts";

export const seenWhole: Promised = {
  ofCall: (call, world) => {
    if (world.by !== "linear-retire-original" || !givesUpOriginal(call, world)) return undefined;
    return world.unread.length === 0
      ? undefined
      : `the original was retired, and nobody had looked where ${world.unread.join()} is since the last part moved`;
  },
};
