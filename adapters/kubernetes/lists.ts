/** Reads lists of a cluster to their end, in pages that show the objects as they were at one instant. */
import { SpotOptimizerError } from "../../core/errors.ts";
import { readAllPages } from "../aws/paging.ts";
import { callKubernetes, type KubernetesClient } from "./client.ts";
import { replyIn } from "./reply.ts";
import type { KubernetesAbout } from "./translate-error.ts";

/** As kubectl asks. */
const pageSize = 500;

/** Requests for a list of so many items: one that is empty takes one. */
export const pagesOf = (items: number): number => Math.max(1, Math.ceil(items / pageSize));

/** Each begins anew; a server compacts every five minutes, and no list takes that long three times. */
const attempts = 3;

interface Page<Item> {
  /** `PodList` … */
  readonly kind?: string;
  readonly items: readonly Item[];
  readonly metadata?: { readonly _continue?: string };
}

interface PageRequest {
  readonly limit: number;
  readonly _continue?: string;
}

type FetchPage<Item> = (page: PageRequest) => Promise<Page<Item>>;

/** The server no longer knows how the objects were when the list began. */
const isExpired = (error: unknown): boolean => replyIn(error)?.httpStatus === 410;

/** A page of something else, with status 200, would be read as an empty list: a node with pods as a drained one. */
const requireList = <Item>(page: Page<Item>): Page<Item> => {
  if (page.kind?.endsWith("List") === true) return page;
  throw new SpotOptimizerError(
    "RetryableUnavailable",
    `The cluster answered with ${page.kind ?? "something"} where a list was asked for.`,
    { nextStep: "see what stands between our functions and the cluster's endpoint." },
  );
};

const readOnce = <Item>(fetch: FetchPage<Item>): Promise<Item[]> =>
  readAllPages({
    fetch: async (token) =>
      requireList(
        await fetch({ limit: pageSize, ...(token === undefined ? {} : { _continue: token }) }),
      ),
    items: ({ items }) => items,
    next: ({ metadata }) => metadata?._continue,
  });

const readAgain = async <Item>(fetch: FetchPage<Item>, left: number): Promise<Item[]> => {
  try {
    return await readOnce(fetch);
  } catch (error) {
    if (left === 0 || !isExpired(error)) throw error;
    return readAgain(fetch, left - 1);
  }
};

/**
 * All items, asked for without a version: as etcd has them now, not as some cache of the server's had them.
 * @throws RetryableContention where a list that long can't be read to its end
 */
export const readList = <Item>(
  client: KubernetesClient,
  about: KubernetesAbout,
  fetch: FetchPage<Item>,
): Promise<readonly Item[]> => callKubernetes(client, about, () => readAgain(fetch, attempts - 1));
