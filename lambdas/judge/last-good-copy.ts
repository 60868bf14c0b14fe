/** Feeds that may fail: the fresh body is kept, and stands in, with its age, when the next reading fails. */
import { loadFeed, saveFeed } from "../../adapters/store/feeds.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { StepContext } from "../runtime/context.ts";

export interface Feed<Body> {
  readonly body: Body;
  /** ISO 8601. Whether it is too old is the decision's to say. */
  readonly fetchedAt: string;
}

/**
 * Throws the reading's own error when there is no copy at all. The copy was written by us after parsing, so its
 * shape is the reader's.
 */
export const feedWithLastGoodCopy = async <Body>(
  context: Pick<StepContext, "table" | "now" | "log">,
  name: string,
  read: () => Promise<Body>,
): Promise<Feed<Body>> => {
  try {
    const body = await read();
    const fetchedAt = context.now().toISOString();
    await saveFeed(context.table, { name, fetchedAt, body });
    return { body, fetchedAt };
  } catch (error) {
    if (!(error instanceof SpotOptimizerError)) throw error;
    const copy = await loadFeed(context.table, name);
    if (copy === undefined) throw error;
    context.log.warn(`${name} could not be read, using the copy of ${copy.fetchedAt}`, {
      feed: name,
      error: error.name,
    });
    return { body: copy.body as Body, fetchedAt: copy.fetchedAt };
  }
};
