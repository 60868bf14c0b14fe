import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, it, jest } from "@jest/globals";
import { createDynamoTable } from "../../../adapters/store/dynamo-table.ts";
import { stateTableSchema } from "../../../adapters/store/schema.ts";
import { createTables, startDynalite } from "../../../local/platform/dynalite.ts";
import { localClient } from "../../adapters/store/backends.ts";

const item = { pk: "P", sk: "S", version: 1, data: { kept: true } };

describe("embedded dynalite", () => {
  it("listens on this machine only, on a free port, twice at once", async () => {
    const servers = await Promise.all([startDynalite(), startDynalite()]);
    const endpoints = servers.map((server) => server.endpoint);
    expect(new Set(endpoints).size).toBe(2);
    for (const endpoint of endpoints) expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await Promise.all(servers.map((server) => server.close()));
  });

  it("says which port is taken", async () => {
    const first = await startDynalite();
    const port = Number(new URL(first.endpoint).port);
    await expect(startDynalite({ port })).rejects.toThrow(`127.0.0.1:${String(port)}`);
    await first.close();
  });

  it("makes the table with the keys and indexes of the schema, once", async () => {
    const server = await startDynalite();
    const client = localClient(server.endpoint);
    await createTables(client, "state");
    await createTables(client, "state");
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName: "state" }));
    expect(table?.TableStatus).toBe("ACTIVE");
    expect(table?.BillingModeSummary?.BillingMode).toBe(stateTableSchema.billingMode);
    expect(table?.KeySchema).toEqual([
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ]);
    expect(table?.GlobalSecondaryIndexes?.map((index) => index.IndexName).toSorted()).toEqual(
      stateTableSchema.indexes.map((index) => index.name),
    );
    client.destroy();
    await server.close();
  });

  it("keeps what is written in its folder across a restart", async () => {
    const path = join(await mkdtemp(join(tmpdir(), "state-")), "made", "on-demand");
    for (const expected of [undefined, item]) {
      const server = await startDynalite({ path });
      const client = localClient(server.endpoint);
      await createTables(client, "state");
      const table = createDynamoTable({ client, tableName: "state" });
      expect(await table.get(item)).toEqual(expected);
      if (expected === undefined) await table.put(item, { ifAbsent: true });
      client.destroy();
      await server.close();
    }
    await rm(path, { recursive: true });
  });

  it("gives back what its queries have read with", async () => {
    const { AbstractValueIterator } = createRequire(
      createRequire(import.meta.url).resolve("dynalite"),
    )("abstract-level") as {
      readonly AbstractValueIterator: { readonly prototype: { close(): Promise<void> } };
    };
    const close = jest.spyOn(AbstractValueIterator.prototype, "close");
    const server = await startDynalite();
    const client = localClient(server.endpoint);
    await createTables(client, "state");
    const table = createDynamoTable({ client, tableName: "state" });
    for (const sk of ["A", "B", "C"]) await table.put({ ...item, sk }, { ifAbsent: true });
    close.mockClear();
    for (const limit of [1, 3]) await table.query({ partition: "P", limit });
    expect(close.mock.calls.length).toBeGreaterThanOrEqual(2);
    close.mockRestore();
    client.destroy();
    await server.close();
  });
});
