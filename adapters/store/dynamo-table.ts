/** The state table in DynamoDB (or anything that speaks its protocol). */
import { randomBytes } from "node:crypto";
import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import type { DynamoDBClient, QueryCommandInput } from "@aws-sdk/client-dynamodb";
import { base32Id } from "../../core/random-id.ts";
import { readFailure } from "../aws/failure.ts";
import { callAws, translateError, type About } from "../aws/translate-error.ts";
import type { Attributes } from "./attribute-values.ts";
import {
  fromItemAttributes,
  keyAttributes,
  toItemAttributes,
  writeIdAttribute,
} from "./item-attributes.ts";
import type { Item, Key, Page, QueryInput, Table, WriteCondition, WriteResult } from "./table.ts";
import { checkLimit, pageOf, positionOf, sortRange } from "./table-query.ts";
import type { Position, Range } from "./table-query.ts";

interface Store {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

const nameOf = (store: Store, key: Key): string => `${store.tableName}/${key.pk}/${key.sk}`;

/** What is said of a failed call: the table and the item, never what is stored in it. */
const aboutCall = (action: string, resource: string): About => ({ action, resource, role: "own" });

const read = async (
  store: Store,
  key: Key,
  isConsistent = true,
): Promise<Attributes | undefined> => {
  const command = new GetItemCommand({
    TableName: store.tableName,
    Key: keyAttributes(key),
    ConsistentRead: isConsistent,
  });
  const about = aboutCall("GetItem", nameOf(store, key));
  return (await callAws(about, () => store.client.send(command))).Item;
};

const conditionExpression = (
  condition: WriteCondition,
): Pick<QueryCommandInput, "ExpressionAttributeNames" | "ExpressionAttributeValues"> & {
  ConditionExpression: string;
} =>
  "ifAbsent" in condition
    ? { ConditionExpression: "attribute_not_exists(pk)" }
    : {
        ConditionExpression: "#version = :version",
        ExpressionAttributeNames: { "#version": "version" },
        ExpressionAttributeValues: { ":version": { N: String(condition.ifVersion) } },
      };

/**
 * A write under a condition. When the SDK had to send it more than once, the first try may have acted before its
 * answer was lost: then the condition fails on our own write, and `isOurs` tells.
 */
const write = async (input: {
  readonly about: About;
  readonly send: () => Promise<unknown>;
  readonly isOurs: () => Promise<boolean>;
}): Promise<WriteResult> => {
  try {
    await input.send();
    return { kind: "WRITTEN" };
  } catch (error) {
    const { code, attempts } = readFailure(error);
    if (code !== "ConditionalCheckFailedException") throw translateError(error, input.about);
    const wasRepeated = attempts !== 1;
    return wasRepeated && (await input.isOurs()) ? { kind: "WRITTEN" } : { kind: "CONFLICT" };
  }
};

const put = async (store: Store, item: Item, condition: WriteCondition): Promise<WriteResult> => {
  const writeId = base32Id(randomBytes);
  const command = new PutItemCommand({
    TableName: store.tableName,
    Item: { ...toItemAttributes(item), [writeIdAttribute]: { S: writeId } },
    ...conditionExpression(condition),
  });
  return write({
    about: aboutCall("PutItem", nameOf(store, item)),
    send: () => store.client.send(command),
    isOurs: async () => (await read(store, item))?.[writeIdAttribute]?.S === writeId,
  });
};

const remove = (store: Store, key: Key, ifVersion: number): Promise<WriteResult> => {
  const command = new DeleteItemCommand({
    TableName: store.tableName,
    Key: keyAttributes(key),
    ...conditionExpression({ ifVersion }),
  });
  return write({
    about: aboutCall("DeleteItem", nameOf(store, key)),
    send: () => store.client.send(command),
    isOurs: async () => (await read(store, key)) === undefined,
  });
};

const startKey = (input: QueryInput, position: Position): Attributes => {
  const own = keyAttributes(position);
  if (input.index === undefined) return own;
  return {
    ...own,
    [`${input.index}pk`]: { S: input.partition },
    [`${input.index}sk`]: { S: position.sort },
  };
};

const keyCondition = (range: Range): string => {
  if (range.from !== undefined && range.to !== undefined) {
    return "#pk = :pk AND #sk BETWEEN :from AND :to";
  }
  if (range.from !== undefined) return "#pk = :pk AND #sk >= :from";
  return range.to === undefined ? "#pk = :pk" : "#pk = :pk AND #sk <= :to";
};

const queryCommand = (store: Store, input: QueryInput, range: Range): QueryCommandInput => {
  const index = input.index ?? "";
  const isBounded = range.from !== undefined || range.to !== undefined;
  return {
    TableName: store.tableName,
    ...(input.index === undefined ? { ConsistentRead: true } : { IndexName: input.index }),
    KeyConditionExpression: keyCondition(range),
    ExpressionAttributeNames: { "#pk": `${index}pk`, ...(isBounded && { "#sk": `${index}sk` }) },
    ExpressionAttributeValues: {
      ":pk": { S: input.partition },
      ...(range.from !== undefined && { ":from": { S: range.from } }),
      ...(range.to !== undefined && { ":to": { S: range.to } }),
    },
    ScanIndexForward: input.descending !== true,
  };
};

/** A row as a query gives it: the whole item, or what an index holds of it. */
interface Row extends Position {
  readonly attributes: Attributes;
}

const textOf = (attributes: Attributes, name: string): string => attributes[name]?.S ?? "";

const toRow = (attributes: Attributes, index: QueryInput["index"]): Row => ({
  pk: textOf(attributes, "pk"),
  sk: textOf(attributes, "sk"),
  sort: textOf(attributes, `${index ?? ""}sk`),
  attributes,
});

/** Reads on until one more than wanted is found, or nothing is left: DynamoDB itself stops at 1 MB. */
const readRows = async (
  store: Store,
  base: QueryCommandInput,
  bounds: { readonly start: Attributes | undefined; readonly wanted: number },
): Promise<readonly Attributes[]> => {
  const { wanted } = bounds;
  const found: Attributes[] = [];
  let next = bounds.start;
  do {
    const command = new QueryCommand({
      ...base,
      ...(next !== undefined && { ExclusiveStartKey: next }),
      ...(wanted !== Infinity && { Limit: wanted + 1 - found.length }),
    });
    const partition = base.ExpressionAttributeValues?.[":pk"]?.S ?? "";
    const about = aboutCall("Query", `${store.tableName}/${partition}`);
    const answer = await callAws(about, () => store.client.send(command));
    found.push(...(answer.Items ?? []));
    next = answer.LastEvaluatedKey;
  } while (next !== undefined && found.length <= wanted);
  return found;
};

/** Read at the same time; more would only wait for a connection. */
const readsAtATime = 50;

/** The items that an index told, as they stand now. What is gone meanwhile is left out. */
const readTold = async (store: Store, keys: readonly Key[]): Promise<readonly Attributes[]> => {
  const found: (Attributes | undefined)[] = [];
  for (let from = 0; from < keys.length; from += readsAtATime) {
    const some = keys.slice(from, from + readsAtATime);
    found.push(...(await Promise.all(some.map((key) => read(store, key)))));
  }
  return found.filter((attributes) => attributes !== undefined);
};

const query = async (store: Store, input: QueryInput): Promise<Page> => {
  checkLimit(input.limit);
  const range = sortRange(input);
  if (range === undefined) return { items: [] };
  const position = positionOf(input, range);
  const start = position === undefined ? undefined : startKey(input, position);
  const wanted = input.limit ?? Infinity;
  const found = await readRows(store, queryCommand(store, input, range), { start, wanted });
  const { entries, ...rest } = pageOf(
    found.map((attributes) => toRow(attributes, input.index)),
    input,
  );
  const whole =
    input.index === undefined
      ? entries.map(({ attributes }) => attributes)
      : await readTold(store, entries);
  return { ...rest, items: whole.map(fromItemAttributes) };
};

/**
 * @throws every function throws errors of core/errors only: Retryable… when DynamoDB throttles, fails or can't be
 * reached (a write may then have acted), BrokenRequest when it refuses.
 */
export const createDynamoTable = (store: Store): Table => ({
  name: store.tableName,
  get: async (key, reading) => {
    const attributes = await read(store, key, reading !== "EVENTUAL");
    return attributes === undefined ? undefined : fromItemAttributes(attributes);
  },
  put: (item, condition) => put(store, item, condition),
  delete: (key, condition) => remove(store, key, condition.ifVersion),
  query: (input) => query(store, input),
});
