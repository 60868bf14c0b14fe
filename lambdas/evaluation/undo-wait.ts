/**
 * How an undo waits: what it tells the workflow of the wait, when it comes back, and what it then looks at first. The
 * workflow hands it to the next invocation; nothing of it is stored.
 */
import * as z from "zod";
import { secondsToNextLook } from "../../core/decide/switch/pace.ts";
import { waitLengths, type WaitLength } from "../../core/decide/switch/undo-plan.ts";
import type { Pace } from "../../core/model/evaluation.ts";

const seenSchema = z.object({
  parts: z.array(z.string()),
  print: z.string(),
  takes: z.enum(waitLengths),
  /** When the whole world was read last, ISO 8601. */
  wholeAt: z.string(),
});
export type Seen = z.infer<typeof seenSchema>;

export const waitSchema = z.object({
  /** When this very thing was waited for first, ISO 8601. */
  since: z.string(),
  /** As long as these parts look the same, there is nothing to do. Absent: everything is read. */
  seen: seenSchema.exactOptional(),
});

/** The last round's output, as the workflow hands it to the next one. */
export const lastRoundSchema = z
  .object({ summary: z.string(), wait: waitSchema.nullish() })
  .optional()
  // A hint, no more: what can't be read of it (another version began to wait) leads to a whole reading.
  .catch(undefined);
export type LastRound = z.infer<typeof lastRoundSchema>;

/** The lease of 15 minutes counts on it. */
const longestSeconds = 60;

/**
 * The original may be down, and EC2 attaches and starts in seconds; its checks are renewed about once a minute, and pass two to three
 * minutes after a start.
 */
export const undoPaces: Readonly<Record<WaitLength, Pace>> = {
  SECONDS: { firstSeconds: 5, everySeconds: 5, mostSeconds: longestSeconds },
  MINUTES: { firstSeconds: 15, everySeconds: 15, mostSeconds: longestSeconds },
  CHECKS: { firstSeconds: 90, everySeconds: 15, mostSeconds: longestSeconds },
};

/**
 * By the pace of the wait, and at least a sixtieth of the whole roll-back, so that one that waits for ever new things for an
 * hour comes by about 210 times (60 times in the first five minutes, then 60 × ln 12), and 70 times more where a drain of
 * 70 minutes follows, which the execution's history can hold.
 */
export const secondsToWait = (waited: {
  readonly takes: WaitLength;
  readonly seconds: number;
  readonly wholeSeconds: number;
}): number =>
  Math.max(
    secondsToNextLook(undoPaces[waited.takes], waited.seconds),
    Math.min(longestSeconds, Math.ceil(waited.wholeSeconds / 60)),
  );

/** What others do meanwhile to things that nothing is waited for is seen after so long. */
const wholeReadingMinutes = 5;

/** What was seen in the last round, if looking at it alone is enough. */
export const seenBefore = (last: LastRound, now: Date): Seen | undefined => {
  const seen = last?.wait?.seen;
  if (seen === undefined) return undefined;
  const isRecent = now.getTime() - Date.parse(seen.wholeAt) < wholeReadingMinutes * 60_000;
  return isRecent ? seen : undefined;
};
