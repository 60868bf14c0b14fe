/** Reads lists of a cluster to their end, in pages that show the objects as they were at one instant. */
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

const readOnce = <Item>(fetch: FetchPage<Item>): Promise<Item[]> =>
  readAllPages({
    fetch: (token) =>
      fetch({ limit: pageSize, ...(token === undefined ? {} : { _continue: token }) }),
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
