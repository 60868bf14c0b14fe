/**
 * Who called what: each invocation of a function, each call that it made to AWS, and each request to the state table.
 * The functions' permissions are compared with it, and their cost is worked out from it.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { attributesBytes, type Attributes } from "../../adapters/store/attribute-values.ts";
import { toItemAttributes, writeIdAttribute } from "../../adapters/store/item-attributes.ts";
import type { Item, Table, WriteResult } from "../../adapters/store/table.ts";
import { isFunctionName, type FunctionName } from "../../lambdas/access/functions.ts";
import type { TableAction } from "../../lambdas/access/grants.ts";
import { actionOf } from "../cloud/iam/permissions.ts";
import { isDryRun } from "../cloud/journal.ts";
import type { Platform } from "./platform.ts";

/** Who called, in which of the invocations: its place among them. */
interface Caller {
  readonly by: FunctionName;
  readonly place: number;
}

interface AwsCall extends Caller {
  /** As IAM spells it: `ec2:RunInstances`. */
  readonly action: string;
  /** Of the account that it was made in: the customer's, under the assumed role, or ours. */
  readonly side: "customer" | "own";
  readonly isDryRun: boolean;
}

interface TableRequest extends Caller {
  readonly action: TableAction;
  /** On-demand request units as DynamoDB bills them, see `unitsOf…`. */
  readonly units: number;
}

export interface CallRecord {
  readonly invocations: readonly FunctionName[];
  /** The kind that each of them answered, by its place; undefined where it has none, or has not answered. */
  readonly kinds: readonly (string | undefined)[];
  readonly awsCalls: readonly AwsCall[];
  readonly tableRequests: readonly TableRequest[];
}

export interface CallRecorder extends CallRecord {
  /** What is running now, if a function is. */
  running(): FunctionName | undefined;
  /** Begins anew. */
  clear(): void;
}

/** A UUID beside the item, see dynamo-table.ts. */
const writeIdBytes = writeIdAttribute.length + 36;

/** Of data that all readers of an item have in common, and nobody can change: the memory table's. */
const counted = new WeakMap<object, Pick<Item, "pk" | "sk" | "version"> & { bytes: number }>();

const bytesOf = (item: Item): number => {
  const { pk, sk, version, data } = item;
  const shared = typeof data === "object" && Object.isFrozen(data) ? data : null;
  const known = shared === null ? undefined : counted.get(shared);
  if (known?.pk === pk && known.sk === sk && known.version === version) return known.bytes;
  const bytes = attributesBytes(toItemAttributes(item)) + writeIdBytes;
  if (shared !== null) counted.set(shared, { pk, sk, version, bytes });
  return bytes;
};

const wholeUnits = (bytes: number, bytesPerUnit: number): number =>
  Math.max(1, Math.ceil(bytes / bytesPerUnit));

/** One per 4 KB read consistently, at least one (DynamoDB developer guide, "DynamoDB read and write operations"). */
export const unitsOfReading = (items: readonly Item[]): number =>
  wholeUnits(
    items.reduce((sum, item) => sum + bytesOf(item), 0),
    4096,
  );

const indexNames = ["gsi1", "gsi2"] as const;
type IndexName = (typeof indexNames)[number];

const entryIn = (item: Item | undefined, index: IndexName): Attributes | undefined => {
  const [partition, sort] = [item?.[`${index}pk`], item?.[`${index}sk`]];
  if (item === undefined || partition === undefined || sort === undefined) return undefined;
  const { pk, sk } = item;
  return {
    pk: { S: pk },
    sk: { S: sk },
    [`${index}pk`]: { S: partition },
    [`${index}sk`]: { S: sort },
  };
};

/** Half a unit per 4 KB of keys: an index is read eventually consistent, and holds no more. Its items are read besides. */
export const unitsOfIndexQuery = (items: readonly Item[], index: IndexName): number =>
  wholeUnits(
    items.reduce((sum, item) => sum + attributesBytes(entryIn(item, index) ?? {}), 0),
    4096,
  ) / 2;

/**
 * What an index costs (developer guide, "Using Global Secondary Indexes", write considerations): an entry that is added or
 * removed is one write, one whose key changes is removed and added, one that stays as it is costs nothing.
 */
const unitsOfIndex = (
  before: Item | undefined,
  after: Item | undefined,
  index: IndexName,
): number => {
  const entries = [entryIn(before, index), entryIn(after, index)];
  if (JSON.stringify(entries[0]) === JSON.stringify(entries[1])) return 0;
  return entries.reduce(
    (sum, entry) => sum + (entry === undefined ? 0 : wholeUnits(attributesBytes(entry), 1024)),
    0,
  );
};

/**
 * One per KB of the larger of what was there and what is there now, and what the indexes cost. A write that its condition
 * turns away costs what the item does that is there.
 */
export const unitsOfWriting = (
  before: Item | undefined,
  after: Item | undefined,
  { kind }: WriteResult,
): number => {
  const sizes = [before, kind === "WRITTEN" ? after : undefined].map((item) =>
    item === undefined ? 0 : bytesOf(item),
  );
  const own = wholeUnits(Math.max(...sizes), 1024);
  if (kind === "CONFLICT") return own;
  return indexNames.reduce((sum, index) => sum + unitsOfIndex(before, after, index), own);
};

const kindIn = (answer: unknown): string | undefined => {
  const { kind } = (answer ?? {}) as { readonly kind?: unknown };
  return typeof kind === "string" ? kind : undefined;
};

/** Items of the interpreter, which stands for Step Functions and is not one of our functions. */
const isOfInterpreter = (partition: string): boolean => partition.startsWith("STATES#");

type Note = (action: TableAction, units: number) => void;

/** In place: functions, API and interpreter all hold this very object. */
const watchTable = (table: Table, note: Note): void => {
  const get = table.get.bind(table);
  const put = table.put.bind(table);
  const query = table.query.bind(table);
  const remove = table.delete.bind(table);
  const watched: Table = {
    get: async (key, reading) => {
      if (isOfInterpreter(key.pk)) return get(key, reading);
      const item = await get(key, reading);
      const units = unitsOfReading(item === undefined ? [] : [item]);
      note("dynamodb:GetItem", reading === "EVENTUAL" ? units / 2 : units);
      return item;
    },
    put: async (item, condition) => {
      if (isOfInterpreter(item.pk)) return put(item, condition);
      const before = await get(item);
      const result = await put(item, condition);
      note("dynamodb:PutItem", unitsOfWriting(before, item, result));
      return result;
    },
    query: async (input) => {
      if (isOfInterpreter(input.partition)) return query(input);
      const page = await query(input);
      const { index } = input;
      if (index === undefined) {
        note("dynamodb:Query", unitsOfReading(page.items));
        return page;
      }
      note("dynamodb:Query", unitsOfIndexQuery(page.items, index));
      for (const item of page.items) note("dynamodb:GetItem", unitsOfReading([item]));
      return page;
    },
    delete: async (key, condition) => {
      if (isOfInterpreter(key.pk)) return remove(key, condition);
      const before = await get(key);
      const result = await remove(key, condition);
      note("dynamodb:DeleteItem", unitsOfWriting(before, undefined, result));
      return result;
    },
  };
  Object.assign(table, watched);
};

/** From now on. What runs is told apart even where functions run at the same time. */
export const recordCalls = (platform: Platform): CallRecorder => {
  const { functions, cloud, api, table } = platform;
  const current = new AsyncLocalStorage<Caller>();
  const invocations: FunctionName[] = [];
  const kinds: (string | undefined)[] = [];
  const awsCalls: AwsCall[] = [];
  const tableRequests: TableRequest[] = [];
  const begin = (by: FunctionName): Caller => {
    kinds.push(undefined);
    return { by, place: invocations.push(by) - 1 };
  };

  const invoke = functions.invoke.bind(functions);
  functions.invoke = async (name, payload, arn) => {
    if (!isFunctionName(name)) return invoke(name, payload, arn);
    const caller = begin(name);
    const answered = await current.run(caller, () => invoke(name, payload, arn));
    kinds[caller.place] = kindIn(answered);
    return answered;
  };
  const answer = api.answer.bind(api);
  api.answer = (event) => current.run(begin("api"), () => answer(event));
  cloud.faults.before((call) => {
    const caller = current.getStore();
    if (caller === undefined) return;
    awsCalls.push({
      ...caller,
      action: actionOf(call),
      side: call.caller.accountId === cloud.identities.ownAccountId ? "own" : "customer",
      isDryRun: isDryRun(call.service, call.input),
    });
  });
  watchTable(table, (action, units) => {
    const caller = current.getStore();
    if (caller === undefined) return;
    tableRequests.push({ ...caller, action, units });
  });

  return {
    invocations,
    kinds,
    awsCalls,
    tableRequests,
    running: () => current.getStore()?.by,
    clear: () => {
      for (const list of [invocations, kinds, awsCalls, tableRequests]) list.length = 0;
    },
  };
};
