/**
 * How an undo waits: what it tells the workflow of the wait, when it comes back, and what it then looks at first. The
 * workflow hands it to the next invocation; nothing of it is stored.
 */
import * as z from "zod";
import type { Pace } from "../../core/decide/switch/undo-plan.ts";

const seenSchema = z.object({
  parts: z.array(z.string()),
  print: z.string(),
  pace: z.enum(["SECONDS", "MINUTES"]),
  /** When the whole world was read last, ISO 8601. */
  wholeAt: z.string(),
});
export type Seen = z.infer<typeof seenSchema>;

export const waitSchema = z.object({
  /** Until the next invocation. */
  seconds: z.int().positive(),
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

/** The original may be down, and EC2 attaches and starts in seconds; its checks are renewed about once a minute. */
const firstSeconds = { SECONDS: 5, MINUTES: 15 } as const satisfies Readonly<Record<Pace, number>>;

/** The lease of 15 minutes counts on it. */
const longestSeconds = 60;

/**
 * A quarter of what this wait has lasted, so that its end is seen at most a quarter late; a sixtieth of the whole
 * roll-back, so that one that waits for ever new things for an hour comes by about 210 times (60 times in the first five
 * minutes, then 60 × ln 12), which the execution's history can hold.
 */
export const secondsToWait = (waited: {
  readonly pace: Pace;
  readonly seconds: number;
  readonly wholeSeconds: number;
}): number =>
  Math.min(
    longestSeconds,
    Math.ceil(Math.max(firstSeconds[waited.pace], waited.seconds / 4, waited.wholeSeconds / 60)),
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
