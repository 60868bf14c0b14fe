/** The implementations of Table that every suite of the store runs against. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, jest } from "@jest/globals";
import { createDynamoTable } from "../../../adapters/store/dynamo-table.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { createTables, startDynalite } from "../../../local/platform/dynalite.ts";
import type { RunningDynalite } from "../../../local/platform/dynalite.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";

export const localClient = (endpoint: string, more: DynamoDBClientConfig = {}): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    ...more,
  });

interface Backend {
  readonly name: string;
  readonly start: () => Promise<void>;
  readonly makeTable: (name: string) => Promise<Table>;
  readonly stop: () => Promise<void>;
}

const memory: Backend = {
  name: "in memory",
  start: () => Promise.resolve(),
  makeTable: () => Promise.resolve(createMemoryTable("dense")),
  stop: () => Promise.resolve(),
};

const embeddedDynalite = (): Backend => {
  let server: RunningDynalite;
  let client: DynamoDBClient;
  return {
    name: "dynalite",
    start: async () => {
      server = await startDynalite();
      client = localClient(server.endpoint);
    },
    makeTable: async (tableName) => {
      await createTables(client, tableName);
      return createDynamoTable({ client, tableName });
    },
    stop: async () => {
      client.destroy();
      await server.close();
    },
  };
};

/** Hundreds of requests over HTTP on a machine that is busy with other suites. */
const timeoutMs = 30_000;

/** Declares the suite once for each implementation; `table()` gives a fresh table to each test. */
export const describeForEachTable = (name: string, suite: (table: () => Table) => void): void => {
  jest.setTimeout(timeoutMs);
  for (const backend of [memory, embeddedDynalite()]) {
    describe(`${name} (${backend.name})`, () => {
      let table: Table;
      let count = 0;
      beforeAll(backend.start);
      afterAll(backend.stop);
      beforeEach(async () => {
        count += 1;
        table = await backend.makeTable(`state-${String(count)}`);
      });
      suite(() => table);
    });
  }
};

/** Follows the cursors to the end. Refuses to go round in circles. */
export const readAllPages = async <T>(
  read: (cursor: string | undefined) => Promise<{ items: readonly T[]; cursor?: string }>,
): Promise<T[][]> => {
  const pages: T[][] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    pages.push([...page.items]);
    cursor = page.cursor;
    if (pages.length > 1000) throw new Error("The cursors do not end.");
  } while (cursor !== undefined);
  return pages;
};
