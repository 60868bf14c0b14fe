/** When to ask again about what passes by itself. */
import type { Postponement } from "../../../model/verdict.ts";

/** The sweep comes every 15 minutes; most of what is waited for has passed by then. */
const askAgainMs = 15 * 60_000;

export const soon = (
  { observedAt }: { readonly observedAt: string },
  { reason, sentence }: Pick<Postponement, "reason" | "sentence">,
): Postponement => ({
  reason,
  sentence,
  retryAt: new Date(Date.parse(observedAt) + askAgainMs).toISOString(),
});
