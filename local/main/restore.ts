/** `npm run restore`: gives a restored state table its settings again. */
import { setTimeout } from "node:timers/promises";
import { randomId } from "../../lambdas/runtime/random-id.ts";
import { restoreCommand } from "../operations/restore-command.ts";
import { runMain } from "../terminal/terminal.ts";

await runMain(
  process,
  restoreCommand(async (region) => {
    const { DynamoDBClient } = await import("@aws-sdk/client-dynamodb");
    const { STSClient } = await import("@aws-sdk/client-sts");
    const { sdkRetry } = await import("../../adapters/aws/retry.ts");
    const { callerArn } = await import("../../adapters/aws/sts.ts");
    const { createDynamoTable } = await import("../../adapters/store/dynamo-table.ts");
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
