/**
 * The state table as one invocation sees it: what it has read consistently of some partitions, or has written there, it does not
 * read again. What somebody else has written since is found by the condition of the next write, and then read anew. Leases, kill
 * switches and accounts are never remembered: what entitles to act is asked for each time.
 */
import {
  evaluationPartition,
  intentPrefix,
  isMarketBody,
  marketPrefix,
  targetPrefix,
} from "./keys.ts";
import { sharePlaces } from "./places.ts";
import type { Item, Key, QueryInput, Table } from "./table.ts";

/** Of one partition. */
interface Known {
  /** By their sort keys; undefined: it is not there. */
  readonly items: Map<string, Item | undefined>;
  /** Intents that a reading has shown which may be behind: they are there, for none is ever deleted. How they stand is not known. */
  readonly seen: Set<string>;
  /** All intents are among the items. */
  hasPlan: boolean;
  /** That is being read: who asks meanwhile waits for the same answer. */
  reading?: Promise<void> | undefined;
  /** Writes of which the answer is not known yet. */
  pending: number;
  /** Writes that were begun: what was read while one was under way may be older than it. */
  writes: number;
}

const isOfPlan = (sk: string): boolean => sk.startsWith(intentPrefix);

/** As `listIntents` asks. */
const asksForPlan = ({ partition: _one, prefix, ...rest }: QueryInput): boolean =>
  prefix === intentPrefix && Object.keys(rest).length === 0;

const planIn = ({ items }: Known): readonly Item[] =>
  [...items.values()]
    .filter((item) => item !== undefined)
    .filter(({ sk }) => isOfPlan(sk))
    .toSorted((one, other) => (one.sk < other.sk ? -1 : 1));

const isPlanWhole = ({ hasPlan, pending }: Known): boolean => hasPlan && pending === 0;

const has = (known: Known, sk: string): boolean =>
  known.items.has(sk) || (isPlanWhole(known) && isOfPlan(sk));

/** What was written stands there now, unless the write failed: then nothing is known. */
const noting = async <Result extends { readonly kind: string }>(
  known: Known,
  { sk }: Key,
  { written, send }: { written: Item | undefined; send: () => Promise<Result> },
): Promise<Result> => {
  known.items.delete(sk);
  known.pending += 1;
  known.writes += 1;
  let isWritten = false;
  try {
    const result = await send();
    isWritten = result.kind === "WRITTEN";
    return result;
  } finally {
    known.pending -= 1;
    if (isWritten) {
      known.items.set(sk, written);
    } else {
      known.items.clear();
      known.hasPlan = false;
    }
  }
};

const queryPlan = async (table: Table, partition: string, known: Known): Promise<void> => {
  const { writes, pending } = known;
  const { items } = await table.query({ partition, prefix: intentPrefix });
  if (pending > 0 || known.writes !== writes) return;
  for (const item of items) known.items.set(item.sk, item);
  known.hasPlan = true;
};

const readPlan = async (table: Table, partition: string, known: Known): Promise<void> => {
  if (isPlanWhole(known)) return;
  known.reading ??= queryPlan(table, partition, known).finally(() => {
    known.reading = undefined;
  });
  await known.reading;
};

const remember = (
  known: Known,
  { pk, sk }: Key,
  { item, isCertain }: { readonly item: Item | undefined; readonly isCertain: boolean },
): void => {
  if (item !== undefined && isOfPlan(sk)) known.seen.add(sk);
  // A market never changes under its digest.
  if (isCertain || (item !== undefined && isMarketBody({ pk, sk }))) known.items.set(sk, item);
};

/** @param isRemembered of which partitions; of an evaluation's the plan is read as a whole */
export const rememberingTable = (table: Table, isRemembered: (pk: string) => boolean): Table => {
  const partitions = new Map<string, Known>();
  const knownOf = (pk: string): Known | undefined => {
    if (!isRemembered(pk)) return undefined;
    const known = partitions.get(pk) ?? {
      items: new Map(),
      seen: new Set<string>(),
      hasPlan: false,
      pending: 0,
      writes: 0,
    };
    partitions.set(pk, known);
    return known;
  };
  const remembering: Table = {
    name: table.name,
    packing: table.packing,
    get: async (key, reading) => {
      const known = knownOf(key.pk);
      if (known === undefined) return table.get(key, reading);
      const { pk, sk } = key;
      const isCertain = reading !== "EVENTUAL";
      // Who must know one intent for certain asks for others next.
      if (isCertain && isOfPlan(sk) && !has(known, sk)) await readPlan(table, pk, known);
      if (has(known, sk)) return known.items.get(sk);
      const item = await table.get(key, reading);
      remember(known, key, { item, isCertain });
      return item;
    },
    query: async (input) => {
      const known = asksForPlan(input) ? knownOf(input.partition) : undefined;
      if (known === undefined) return table.query(input);
      await readPlan(table, input.partition, known);
      return isPlanWhole(known) ? { items: planIn(known) } : table.query(input);
    },
    put: (item, condition) => {
      const known = knownOf(item.pk);
      const send = () => table.put(item, condition);
      if (known === undefined) return send();
      const { sk } = item;
      const isThere = "ifAbsent" in condition && (known.seen.has(sk) || known.items.get(sk));
      return isThere
        ? Promise.resolve({ kind: "CONFLICT" })
        : noting(known, item, { written: item, send });
    },
    delete: (key, condition) => {
      const known = knownOf(key.pk);
      const send = () => table.delete(key, condition);
      return known === undefined ? send() : noting(known, key, { written: undefined, send });
    },
  };
  sharePlaces(remembering, table);
  return remembering;
};

/** For a step's invocation. */
export const tableOfInvocation = (table: Table, evaluationId: string): Table => {
  const own = evaluationPartition(evaluationId);
  return rememberingTable(
    table,
    (pk) => pk === own || pk.startsWith(targetPrefix) || pk.startsWith(marketPrefix),
  );
};
