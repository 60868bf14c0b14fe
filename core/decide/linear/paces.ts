/**
 * How often a switch of one instance looks whether it can go on. Where the load is down, what usually takes long is looked at
 * later and then often; where nobody is waiting, rarely.
 */
import type { LinearEvaluation, Pace } from "../../model/evaluation.ts";

export const paces = {
  /** EC2 makes images in minutes to hours. */
  warmImage: { firstSeconds: 90, everySeconds: 30, mostSeconds: 60 },
  /** EC2 makes its checks about once a minute, and needs two to three minutes after a launch until they have passed. Nobody waits. */
  warmChecks: { firstSeconds: 180, everySeconds: 30, mostSeconds: 60 },
  /** Downtime, or two minutes before it: from the launch for a load that EC2 takes back until something proves what was launched. */
  recovery: { firstSeconds: 15, everySeconds: 5, mostSeconds: 10 },
  /** Nobody is waiting: the original serves. EC2 shows what is new after seconds. */
  reserve: { firstSeconds: 5, everySeconds: 5, mostSeconds: 30 },
  /** Nobody is waiting, and the image has taken its minutes: EC2 has shown what is new by then, as a rule. */
  isolate: { firstSeconds: 30, everySeconds: 30, mostSeconds: 60 },
  /** Downtime. A clean shutdown takes longer than this with few systems. */
  stop: { firstSeconds: 25, everySeconds: 5, mostSeconds: 15 },
  /** Downtime. EC2 shuts the guest down first, and lets its volumes go after that. */
  end: { firstSeconds: 20, everySeconds: 5, mostSeconds: 15 },
  /** Downtime. A small delta on the first image; see `finalImage`. */
  finalImage: { firstSeconds: 30, everySeconds: 8, mostSeconds: 30 },
  /** Downtime. EC2 makes a volume, exchanges it and reboots the instance; † that never took less than this. */
  rootTask: { firstSeconds: 40, everySeconds: 5, mostSeconds: 15 },
  /** Downtime. Detaching and attaching takes seconds. */
  move: { firstSeconds: 5, everySeconds: 5, mostSeconds: 10 },
  /** Downtime. */
  verify: { firstSeconds: 5, everySeconds: 5, mostSeconds: 10 },
  /** Most documents take seconds. Before a freeze the load may be quiesced meanwhile. */
  hook: { firstSeconds: 3, everySeconds: 5, mostSeconds: 15 },
  /** Downtime. */
  proofFinalRoot: { firstSeconds: 3, everySeconds: 5, mostSeconds: 15 },
  /** Nobody is waiting: nothing was made yet. Documents take seconds. */
  proofBefore: { firstSeconds: 3, everySeconds: 10, mostSeconds: 30 },
  /** Nobody is waiting: the replacement has the identity, and may be warming up. */
  proof: { firstSeconds: 5, everySeconds: 10, mostSeconds: 30 },
  /** Nobody is waiting: the replacement serves. Five minutes unless the owner set less, or up to an hour. */
  drain: { firstSeconds: 30, everySeconds: 15, mostSeconds: 60 },
  /** Nobody is waiting. */
  retire: { firstSeconds: 30, everySeconds: 15, mostSeconds: 60 },
} as const satisfies Readonly<Record<string, Pace>>;

/**
 * So many calls of one action are made at one look of `paces.move`: five a second, which is what EC2 gives back. Half of the
 * 50 that it allows at once stays with the customer's own callers. Source: EC2 developer guide, "Request throttling for the
 * Amazon EC2 API" (mutating actions: bucket of 50, 5 a second).
 */
export const alikeCallsAtOnce = 25;

/** † Of an image of a running system EC2 has made none in less, and of a delta none in less than half of what the whole took. */
const leastShare = 0.5;
const longestFirstSeconds = 60;

/** From the first image's request until it was found ready, at most; undefined where nobody waited for it. */
const secondsOfWarmImage = ({ waits }: Pick<LinearEvaluation, "waits">): number | undefined => {
  const begun = waits["image-warm"]?.beganAt;
  const ended = (waits["isolate"] ?? waits["healthy-warm"])?.beganAt;
  if (begun === undefined || ended === undefined) return undefined;
  return (Date.parse(ended) - Date.parse(begun)) / 1000;
};

/** Of the image of the stopped original: downtime. The first one of this evaluation says how long EC2 takes with this volume. */
export const finalImage = (seen: Pick<LinearEvaluation, "waits">): Pace => {
  const { firstSeconds: least, everySeconds } = paces.finalImage;
  const likely = Math.min((secondsOfWarmImage(seen) ?? 0) * leastShare, longestFirstSeconds);
  const looksSaved = Math.max(0, Math.floor((likely - least) / everySeconds));
  return { ...paces.finalImage, firstSeconds: least + looksSaved * everySeconds };
};

/** The last look that found the checks open is at most this old when they are found passed. */
const unsure = paces.warmChecks.everySeconds;

/** The second time may be a little quicker. */
const likely = 0.9;

/** What was waited for something else before the stop does not count. */
const longestSeconds = 180;

type Seen = Pick<LinearEvaluation, "waits" | "progress">;

/** From the launch until the checks had passed and the stop could be made; 0 where nobody waited for them. */
export const secondsAfterLaunch = ({ waits, progress }: Seen): number => {
  const begun = waits["healthy-warm"]?.beganAt;
  const ended = waits["freeze"]?.beganAt ?? progress.frozenAt;
  if (begun === undefined || ended === undefined) return 0;
  return (Date.parse(ended) - Date.parse(begun)) / 1000 - unsure;
};

/**
 * Of the checks after the replacement has booted from its final root: downtime. They take about as long as after its launch,
 * which this evaluation has seen; without that they are looked at from the beginning.
 */
export const finalChecks = (seen: Seen): Pace => {
  const seconds = Math.min(secondsAfterLaunch(seen), longestSeconds);
  const firstSeconds = Math.max(0, Math.floor(seconds * likely));
  return { firstSeconds, everySeconds: 8, mostSeconds: 15 };
};
