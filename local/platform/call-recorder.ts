/**
 * Who called what: each invocation of a function, each call that it made to AWS, and each request to the state table.
 * The functions' permissions are compared with it, and their cost is worked out from it.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { attributesBytes } from "../../adapters/store/attribute-values.ts";
import { toItemAttributes } from "../../adapters/store/item-attributes.ts";
import type { Item, Table } from "../../adapters/store/table.ts";
import { isFunctionName, type FunctionName } from "../../lambdas/access/functions.ts";
import type { TableAction } from "../../lambdas/access/grants.ts";
import { isDryRun } from "../cloud/journal.ts";
import type { Platform } from "./platform.ts";

interface AwsCall {
  readonly by: FunctionName;
  /** As IAM spells it: `ec2:RunInstances`. */
  readonly action: string;
  /** Of the account that it was made in: the customer's, under the assumed role, or ours. */
  readonly side: "customer" | "own";
  readonly isDryRun: boolean;
}

interface TableRequest {
  readonly by: FunctionName;
  readonly action: TableAction;
  /** On-demand request units as DynamoDB bills them, see `unitsOf…`. */
  readonly units: number;
}

export interface CallRecord {
  readonly invocations: readonly FunctionName[];
  readonly awsCalls: readonly AwsCall[];
  readonly tableRequests: readonly TableRequest[];
}

export interface CallRecorder extends CallRecord {
  /** What is running now, if a function is. */
  running(): FunctionName | undefined;
  /** Begins anew. */
  clear(): void;
}

const bytesOf = (item: Item): number => attributesBytes(toItemAttributes(item));

/** One per 4 KB read consistently, at least one; half of it through an index (DynamoDB developer guide, read/write capacity). */
export const unitsOfReading = (items: readonly Item[], isConsistent: boolean): number => {
  const bytes = items.reduce((sum, item) => sum + bytesOf(item), 0);
  return Math.max(1, Math.ceil(bytes / 4096)) * (isConsistent ? 1 : 0.5);
};

/** One per KB, at least one; again for each index that holds the item. */
export const unitsOfWriting = (item: Item): number => {
  const indexes = Number(item.gsi1pk !== undefined) + Number(item.gsi2pk !== undefined);
  return Math.max(1, Math.ceil(bytesOf(item) / 1024)) * (1 + indexes);
};

/** Items of the interpreter, which stands for Step Functions and is not one of our functions. */
const isOfInterpreter = (partition: string): boolean => partition.startsWith("STATES#");

type Note = (action: TableAction, partition: string, units: number) => void;

/** In place: functions, API and interpreter all hold this very object. */
const watchTable = (table: Table, note: Note): void => {
  const get = table.get.bind(table);
  const put = table.put.bind(table);
  const query = table.query.bind(table);
  const remove = table.delete.bind(table);
  const watched: Table = {
    get: async (key) => {
      const item = await get(key);
      note("dynamodb:GetItem", key.pk, unitsOfReading(item === undefined ? [] : [item], true));
      return item;
    },
    put: (item, condition) => {
      note("dynamodb:PutItem", item.pk, unitsOfWriting(item));
      return put(item, condition);
    },
    query: async (input) => {
      const page = await query(input);
      const units = unitsOfReading(page.items, input.index === undefined);
      note("dynamodb:Query", input.partition, units);
      return page;
    },
    delete: (key, condition) => {
      note("dynamodb:DeleteItem", key.pk, 1);
      return remove(key, condition);
    },
  };
  Object.assign(table, watched);
};

/** From now on. What runs is told apart even where functions run at the same time. */
export const recordCalls = (platform: Platform): CallRecorder => {
  const { functions, cloud, api, table } = platform;
  const current = new AsyncLocalStorage<FunctionName>();
  const invocations: FunctionName[] = [];
  const awsCalls: AwsCall[] = [];
  const tableRequests: TableRequest[] = [];

  const invoke = functions.invoke.bind(functions);
  functions.invoke = (name, payload) => {
    if (!isFunctionName(name)) return invoke(name, payload);
    invocations.push(name);
    return current.run(name, () => invoke(name, payload));
  };
  const answer = api.fetch.bind(api);
  api.fetch = (request, ...rest) => {
    invocations.push("api");
    return current.run("api", () => answer(request, ...rest));
  };
  cloud.faults.before((call) => {
    const by = current.getStore();
    if (by === undefined) return;
    awsCalls.push({
      by,
      action: `${call.service}:${call.operation}`,
      side: call.caller.accountId === cloud.identities.ownAccountId ? "own" : "customer",
      isDryRun: isDryRun(call.service, call.input),
    });
  });
  watchTable(table, (action, partition, units) => {
    const by = current.getStore();
    if (by !== undefined && !isOfInterpreter(partition)) tableRequests.push({ by, action, units });
  });

  return {
    invocations,
    awsCalls,
    tableRequests,
    running: () => current.getStore(),
    clear: () => {
      for (const list of [invocations, awsCalls, tableRequests]) list.length = 0;
    },
  };
};
