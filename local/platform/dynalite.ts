/** DynamoDB's own protocol on the laptop: dynalite inside this process, reachable from this machine only. */
import { mkdir } from "node:fs/promises";
import {
  CreateTableCommand,
  ResourceInUseException,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import type { DynamoDBClient, KeySchemaElement } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { callAws } from "../../adapters/aws/translate-error.ts";
import { stateTableSchema } from "../../adapters/store/schema.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { closeIterators } from "./dynalite-iterators.ts";
import { keepPagesFrom } from "../wire/front/page-guard.ts";

export interface RunningDynalite {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  readonly close: () => Promise<void>;
}

const host = "127.0.0.1";

const listen = (server: ReturnType<typeof dynalite>, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", (error) => {
      reject(
        new SpotOptimizerError(
          "BrokenRequest",
          `dynalite cannot listen on ${host}:${String(port)}.`,
          {
            nextStep: "choose another port, or 0 for a free one.",
            cause: error,
          },
        ),
      );
    });
    server.listen(port, host, resolve);
  });

const close = (server: ReturnType<typeof dynalite>): Promise<void> =>
  new Promise((resolve, reject) => {
    server.close((error) => {
      if (error == null) resolve();
      else reject(error);
    });
    // Clients keep their connections open; close() would wait for them.
    server.closeIdleConnections();
  });

/**
 * @param options.port a free one by default. @param options.path folder of its files, made if absent; without it
 * everything is in memory and gone at the end. One process at a time can have a folder.
 */
export const startDynalite = async (
  options: { readonly port?: number; readonly path?: string } = {},
): Promise<RunningDynalite> => {
  if (options.path !== undefined) await mkdir(options.path, { recursive: true });
  closeIterators();
  const server = dynalite({
    createTableMs: 0,
    ...(options.path !== undefined && { path: options.path }),
  });
  // By itself it lets every page in.
  keepPagesFrom(server, (message) => ({
    status: 400,
    headers: { "content-type": "application/x-amz-json-1.0" },
    body: JSON.stringify({ __type: "AccessDeniedException", message }),
  }));
  await listen(server, options.port ?? 0);
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new SpotOptimizerError("BrokenRequest", "dynalite has no port after listen.");
  }
  return {
    endpoint: `http://${host}:${String(address.port)}`,
    close: () => close(server),
  };
};

const keySchema = (keys: {
  readonly partitionKey: string;
  readonly sortKey: string;
}): KeySchemaElement[] => [
  { AttributeName: keys.partitionKey, KeyType: "HASH" },
  { AttributeName: keys.sortKey, KeyType: "RANGE" },
];

const unlessItExists = (error: unknown): void => {
  if (!(error instanceof ResourceInUseException)) throw error;
};

/** Makes the state table as infra deploys it, and waits until it answers. One that exists already is kept as it is. */
export const createTables = async (client: DynamoDBClient, tableName: string): Promise<void> => {
  const { indexes } = stateTableSchema;
  const keyNames = [stateTableSchema, ...indexes].flatMap((keys) => [
    keys.partitionKey,
    keys.sortKey,
  ]);
  const command = new CreateTableCommand({
    TableName: tableName,
    BillingMode: stateTableSchema.billingMode,
    AttributeDefinitions: keyNames.map((name) => ({ AttributeName: name, AttributeType: "S" })),
    KeySchema: keySchema(stateTableSchema),
    GlobalSecondaryIndexes: indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index),
      Projection: { ProjectionType: stateTableSchema.projection },
    })),
  });
  await callAws({ action: "CreateTable", resource: tableName }, async () => {
    await client.send(command).catch(unlessItExists);
    await waitUntilTableExists(
      { client, minDelay: 0.01, maxDelay: 1, maxWaitTime: 30 },
      { TableName: tableName },
    );
  });
};
