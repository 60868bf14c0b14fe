/** Was an experiment of AWS FIS under way in an account and region? What is lost under one says nothing about its pool. */
import type { SpotEventOf } from "../model/spot-event.ts";

export type ExperimentTold = Pick<SpotEventOf<"FIS_EXPERIMENT">, "experimentId" | "status" | "at">;

const overStatuses: ReadonlySet<string> = new Set(["completed", "stopped", "failed", "cancelled"]);

/** "Maximum duration of an experiment: 12 hours" (FIS user guide, quotas): one whose end was never told has ended by then. */
export const longestExperimentMs = 12 * 3_600_000;

/** Delivery is best effort and keeps no order: an instance may go a little before its experiment is told, or after it has ended. */
const slackMs = 5 * 60_000;

const timeOf = ({ at }: ExperimentTold): number => Date.parse(at);

/** @param at ISO 8601 */
export const isUnderExperiment = (told: readonly ExperimentTold[], at: string): boolean => {
  const atMs = Date.parse(at);
  const ids = new Set(told.map(({ experimentId }) => experimentId));
  return [...ids].some((id) => {
    const own = told.filter(({ experimentId }) => experimentId === id);
    const firstMs = Math.min(...own.map(timeOf));
    const overMs = own.filter(({ status }) => overStatuses.has(status)).map(timeOf);
    const lastMs = Math.min(firstMs + longestExperimentMs, ...overMs);
    return atMs >= firstMs - slackMs && atMs <= lastMs + slackMs;
  });
};
