/** Asks again what was asked a while ago: an invocation that makes many calls takes seconds, and the world moves on. */

interface Question {
  readonly holdsMs: number;
  /** Throws where the answer is not the wanted one. */
  readonly ask: () => Promise<void>;
  /** When something else has given the wanted answer last, in milliseconds since the epoch. Default: nothing has. */
  readonly answeredMs?: () => number | undefined;
}

/** Asks at the first call for it, and again once the answer is so old. Throws what the asking throws. */
export const whileFresh = (
  { now }: { readonly now: () => Date },
  { holdsMs, ask, answeredMs }: Question,
): (() => Promise<void>) => {
  let askedMs = -Infinity;
  return async () => {
    const nowMs = now().getTime();
    if (nowMs - Math.max(askedMs, answeredMs?.() ?? -Infinity) < holdsMs) return;
    await ask();
    askedMs = nowMs;
  };
};
