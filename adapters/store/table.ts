/**
 * The one narrow interface to the state table: single items, written under a version condition. Nothing here
 * needs transactions, so that DynamoDB, dynalite and the in-memory table behave alike (one contract suite).
 */

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export interface Item extends Key {
  /** Raised by each write; a write names the version it read. */
  readonly version: number;
  /** Collection index: `gsi1pk` = entity, `gsi1sk` = its order. */
  readonly gsi1pk?: string;
  readonly gsi1sk?: string;
  /** Parent index: by target, by account, or by due time. */
  readonly gsi2pk?: string;
  readonly gsi2sk?: string;
  /** Seconds since the epoch, for DynamoDB's TTL. Never trusted by a read. */
  readonly ttl?: number;
  readonly data: unknown;
}

export type WriteCondition = { readonly ifAbsent: true } | { readonly ifVersion: number };

export type WriteResult = { readonly kind: "WRITTEN" } | { readonly kind: "CONFLICT" };

export interface Page {
  readonly items: readonly Item[];
  /** Opaque; absent on the last page. */
  readonly cursor?: string;
}

export interface QueryInput {
  readonly index?: "gsi1" | "gsi2";
  readonly partition: string;
  /** Bounds on the sort key, both inclusive. */
  readonly from?: string;
  readonly to?: string;
  readonly prefix?: string;
  readonly descending?: boolean;
  readonly limit?: number;
  readonly cursor?: string;
}

/**
 * `dense`: an item is paid for by its kilobytes. `quick`: nobody pays for them, as in memory. Both are read alike.
 */
export type Packing = "dense" | "quick";

export interface Table {
  /** One that was restored from another bears another name. Absent: in memory. */
  readonly name?: string | undefined;
  /** How bodies and records are packed before they are put. Default: dense. */
  readonly packing?: Packing | undefined;
  /**
   * Strongly consistent, unless asked otherwise: EVENTUAL costs half and may show what stood there a moment ago, or nothing. For
   * what says by itself that it is good still, never for safety.
   */
  get(key: Key, reading?: "CONSISTENT" | "EVENTUAL"): Promise<Item | undefined>;
  put(item: Item, condition: WriteCondition): Promise<WriteResult>;
  delete(key: Key, condition: { readonly ifVersion: number }): Promise<WriteResult>;
  /**
   * Without a limit all that there is, in one page. Strongly consistent on the main table. An index may lag, and tells keys alone: the items are read by their keys, as they
   * stand now, and what is gone by then is left out. Never decide safety from what an index did or did not tell.
   */
  query(input: QueryInput): Promise<Page>;
}
