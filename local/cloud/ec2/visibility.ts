/**
 * When reads see what was created a moment ago. EC2 answers reads from copies that catch up in their own time: each
 * resource appears on each read path after a delay of its own, and may be seen, and then not be seen, before it stays.
 * Source: EC2 developer guide, "Eventual consistency in the Amazon EC2 API" (the id may not have propagated; wait between
 * commands even after a describe that was right; back off up to five minutes). † How long it takes is not documented.
 */
import type { Filter } from "@aws-sdk/client-ec2";
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { Ec2Settings } from "./settings.ts";
import type { Resource } from "./state.ts";

/** By the id itself, by a filter, or by a filter on tags. */
type ReadPath = "id" | "filter" | "tag";

export interface Sight {
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: Pick<Ec2Settings, "visibilityMs" | "lapseShare">;
}

/** What is seen, and then not, is so within this time. */
const lapseWithinMs = 60_000;
const longestLapseMs = 20_000;

export const readPathOf = (
  ids: readonly string[] | undefined,
  filters: readonly Filter[] | undefined,
): ReadPath => {
  if (ids !== undefined && ids.length > 0) return "id";
  return filters?.some(({ Name = "" }) => Name.startsWith("tag")) === true ? "tag" : "filter";
};

/** When something that is created now is seen by reads by id. */
export const visibleFrom = ({ random, settings }: Sight, atMs: number): number => {
  const [least, most] = settings.visibilityMs;
  return atMs + (most === 0 ? 0 : random.integer(least, most));
};

/** Drawn from its id, so that nothing has to be kept and each question has the same answer. */
const isSeen = (sight: Sight, resource: Resource, path: ReadPath): boolean => {
  const { id, createdAt, visibleAt } = resource;
  const { settings } = sight;
  const now = sight.clock.now();
  const draw = sight.random.fork(`visibility:${id}:${path}`);
  const delayMs = draw.integer(...settings.visibilityMs);
  const appearsAt = path === "id" ? visibleAt : createdAt + delayMs;
  if (now < appearsAt) return false;
  if (draw.next() >= settings.lapseShare) return true;
  const roomMs = Math.max(0, createdAt + lapseWithinMs - appearsAt);
  const lapsesAt = appearsAt + Math.round(roomMs * draw.next());
  const returnsAt = Math.min(
    lapsesAt + draw.integer(1_000, longestLapseMs),
    createdAt + lapseWithinMs,
  );
  return now < lapsesAt || now >= returnsAt;
};

/** What a scenario declares, and what EC2 makes of something that is seen already, is seen at once. */
export const isVisible = (sight: Sight, resource: Resource, path: ReadPath = "id"): boolean => {
  const { createdAt, visibleAt } = resource;
  if (visibleAt <= createdAt) return true;
  const settledMs = Math.max(sight.settings.visibilityMs[1], lapseWithinMs);
  return sight.clock.now() >= createdAt + settledMs || isSeen(sight, resource, path);
};
