/** Feeds that may fail: the fresh body is kept, and stands in, with its age, when the next reading fails. */
import { loadFeed, saveFeed } from "../../adapters/store/feeds.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { StepContext } from "../runtime/context.ts";

export interface Feed<Body> {
  readonly body: Body;
  /** ISO 8601. Whether it is too old is the decision's to say. */
  readonly fetchedAt: string;
}

type FeedContext = Pick<StepContext, "table" | "now" | "log">;

/** What was read is good whether it can be kept or not: another evaluation may be keeping its own just now. */
const keep = async <Body>(
  { table, log }: FeedContext,
  name: string,
  { body, fetchedAt }: Feed<Body>,
): Promise<void> => {
  try {
    await saveFeed(table, { name, fetchedAt, body });
  } catch (error) {
    if (!(error instanceof SpotOptimizerError)) throw error;
    log.warn(`${name} could not be kept; what was read is used`, {
      feed: name,
      error: error.name,
    });
  }
};

/** @throws the reading's own error when there is no copy at all. The copy was written by us after parsing. */
const lastGoodCopy = async <Body>(
  context: FeedContext,
  name: string,
  error: unknown,
): Promise<Feed<Body>> => {
  if (!(error instanceof SpotOptimizerError)) throw error;
  const copy = await loadFeed(context.table, name);
  if (copy === undefined) throw error;
  context.log.warn(`${name} could not be read, using the copy of ${copy.fetchedAt}`, {
    feed: name,
    error: error.name,
  });
  return { body: copy.body as Body, fetchedAt: copy.fetchedAt };
};

export const feedWithLastGoodCopy = async <Body>(
  context: FeedContext,
  name: string,
  read: () => Promise<Body>,
): Promise<Feed<Body>> => {
  const reading = await read().then(
    (body) => ({ feed: { body, fetchedAt: context.now().toISOString() } }),
    (error: unknown) => ({ error }),
  );
  if ("error" in reading) return lastGoodCopy(context, name, reading.error);
  await keep(context, name, reading.feed);
  return reading.feed;
};
