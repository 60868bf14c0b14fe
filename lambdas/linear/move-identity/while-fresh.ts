/** Asks again what was asked a while ago: an invocation that makes many calls takes seconds, and the world moves on. */

/** Asks at the first call for it, and again once the answer is so old. Throws what the asking throws. */
export const whileFresh = (
  { now }: { readonly now: () => Date },
  holdsMs: number,
  ask: () => Promise<void>,
): (() => Promise<void>) => {
  let askedMs = -Infinity;
  return async () => {
    const nowMs = now().getTime();
    if (nowMs - askedMs < holdsMs) return;
    await ask();
    askedMs = nowMs;
  };
};
