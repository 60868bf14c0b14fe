/** `npm run restore`: gives a restored state table its settings again. */
import { setTimeout } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { STSClient } from "@aws-sdk/client-sts";
import { sdkRetry } from "../../adapters/aws/retry.ts";
import { callerArn } from "../../adapters/aws/sts.ts";
import { createDynamoTable } from "../../adapters/store/dynamo-table.ts";
import { randomId } from "../../lambdas/runtime/random-id.ts";
import { restoreCommand } from "../operations/restore-command.ts";
import { runMain } from "../terminal/terminal.ts";

await runMain(
  process,
  restoreCommand((region) => {
    const settings = { ...(region === undefined ? {} : { region }), ...sdkRetry(() => undefined) };
    const client = new DynamoDBClient(settings);
    return {
      client,
      openTable: (tableName) => createDynamoTable({ client, tableName }),
      caller: () => callerArn(new STSClient(settings)),
      now: () => new Date(),
      randomId,
      wait: (seconds) => setTimeout(seconds * 1000),
    };
  }),
);
