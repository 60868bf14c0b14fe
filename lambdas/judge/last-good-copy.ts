/** Feeds that may fail: what the last market of the region had of one stands in, with its age, when a reading fails. */
import { SpotOptimizerError } from "../../core/errors.ts";
import type { StepContext } from "../runtime/context.ts";

export interface Feed<Body> {
  readonly body: Body;
  /** ISO 8601. Whether it is too old is the decision's to say. */
  readonly fetchedAt: string;
}

type FeedContext = Pick<StepContext, "now" | "log">;

/** Where a feed is read, and where its last good copy stands. */
export interface FeedSource<Body> {
  /** For the log. */
  readonly name: string;
  readonly read: () => Promise<Body>;
  /** Undefined where it was never read. */
  readonly lastGood: () => Promise<Feed<Body> | undefined>;
}

/** @throws the reading's own error when there is no copy at all. The copy was written by us after parsing. */
const lastGoodCopy = async <Body>(
  context: FeedContext,
  { name, lastGood }: FeedSource<Body>,
  error: unknown,
): Promise<Feed<Body>> => {
  if (!(error instanceof SpotOptimizerError)) throw error;
  const copy = await lastGood();
  if (copy === undefined) throw error;
  context.log.warn(`${name} could not be read, using the copy of ${copy.fetchedAt}`, {
    feed: name,
    error: error.name,
  });
  return copy;
};

export const feedWithLastGoodCopy = async <Body>(
  context: FeedContext,
  source: FeedSource<Body>,
): Promise<Feed<Body>> => {
  const reading = await source.read().then(
    (body) => ({ feed: { body, fetchedAt: context.now().toISOString() } }),
    (error: unknown) => ({ error }),
  );
  return "error" in reading ? lastGoodCopy(context, source, reading.error) : reading.feed;
};
