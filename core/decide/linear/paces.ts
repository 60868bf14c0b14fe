/**
 * How often a switch of one instance looks whether it can go on. Where the load is down, what usually takes long is looked at
 * later and then often; where nobody is waiting, rarely.
 */
import type { LinearEvaluation, Pace } from "../../model/evaluation.ts";

export const paces = {
  /** EC2 makes images in minutes to hours. */
  warmImage: { firstSeconds: 90, everySeconds: 30, mostSeconds: 60 },
  /** EC2 makes its checks about once a minute, and needs two to three minutes after a launch until they have passed. */
  warmChecks: { firstSeconds: 150, everySeconds: 30, mostSeconds: 60 },
  /** Downtime. A clean shutdown takes longer than this with few systems. */
  stop: { firstSeconds: 20, everySeconds: 5, mostSeconds: 15 },
  /** Downtime. A small delta on the first image. */
  finalImage: { firstSeconds: 30, everySeconds: 10, mostSeconds: 30 },
  /** Downtime. */
  rootTask: { firstSeconds: 30, everySeconds: 10, mostSeconds: 15 },
  /** Downtime. Detaching and attaching takes seconds. */
  move: { firstSeconds: 5, everySeconds: 5, mostSeconds: 10 },
  /** Downtime. */
  verify: { firstSeconds: 5, everySeconds: 5, mostSeconds: 10 },
  /** Nobody is waiting. */
  retire: { firstSeconds: 30, everySeconds: 15, mostSeconds: 60 },
} as const satisfies Readonly<Record<string, Pace>>;

/** The last look that found the checks open is at most this old when they are found passed. */
const unsure = paces.warmChecks.everySeconds;

/** The second time may be a little quicker. */
const likely = 0.9;

/**
 * Of the checks after the replacement has booted from its final root: downtime. They take about as long as after its launch,
 * which this evaluation has seen; without that they are looked at from the beginning.
 */
export const finalChecks = ({ phases }: Pick<LinearEvaluation, "phases">): Pace => {
  const launch = phases.find(({ name }) => name === "await-healthy");
  const seconds =
    launch?.endedAt === undefined
      ? 0
      : (Date.parse(launch.endedAt) - Date.parse(launch.startedAt)) / 1000 - unsure;
  const firstSeconds = Math.max(0, Math.floor(seconds * likely));
  return { firstSeconds, everySeconds: 10, mostSeconds: 15 };
};
