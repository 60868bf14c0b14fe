import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { createDynamoTable } from "../../../adapters/store/dynamo-table.ts";
import type { Item, Table } from "../../../adapters/store/table.ts";
import { createTables, startDynalite } from "../../../local/platform/dynalite.ts";
import type { RunningDynalite } from "../../../local/platform/dynalite.ts";
import { localClient } from "./backends.ts";

const item: Item = { pk: "P", sk: "S", version: 1, data: { secret: "do not tell" } };

const withMock = () => {
  const client = new DynamoDBClient({
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  return { mock: mockClient(client), table: createDynamoTable({ client, tableName: "state" }) };
};

const sdkError = (fields: Record<string, unknown>): Error =>
  Object.assign(new Error("as AWS says it"), fields);

describe("errors of DynamoDB", () => {
  it.each([
    ["RetryableThrottled", { name: "ProvisionedThroughputExceededException" }],
    ["RetryableThrottled", { name: "ThrottlingException" }],
    ["RetryableThrottled", { name: "RequestLimitExceeded" }],
    ["RetryableThrottled", { name: "Strange", $metadata: { httpStatusCode: 429 } }],
    ["RetryableUnavailable", { name: "InternalServerError" }],
    ["RetryableUnavailable", { name: "Strange", $metadata: { httpStatusCode: 503 } }],
    ["RetryableUnavailable", { name: "TimeoutError" }],
    ["RetryableUnavailable", { name: "Error", code: "ECONNRESET" }],
    ["RetryableUnavailable", { name: "Error", code: "ECONNREFUSED" }],
    ["RetryableContention", { name: "TransactionConflictException" }],
    ["RetryableContention", { name: "ReplicatedWriteConflictException" }],
    ["RetryableCredentials", { name: "ExpiredTokenException" }],
    ["BrokenPermission", { name: "AccessDeniedException" }],
    ["BrokenNotFound", { name: "ResourceNotFoundException" }],
    ["BrokenRequest", { name: "ValidationException", $metadata: { httpStatusCode: 400 } }],
  ])("become %s: %j", async (name, fields) => {
    const { mock, table } = withMock();
    mock.rejects(sdkError(fields));
    const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
      ["GetItem", () => table.get(item)],
      ["PutItem", () => table.put(item, { ifAbsent: true })],
      ["DeleteItem", () => table.delete(item, { ifVersion: 1 })],
      ["Query", () => table.query({ partition: "P" })],
    ];
    for (const [action, call] of calls) {
      const error: unknown = await call().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        name,
        message: expect.stringContaining(`${action} state/P`),
      });
      expect(String(error)).not.toContain("do not tell");
    }
  });

  it("send nobody to the customer's role when our own was denied", async () => {
    const { mock, table } = withMock();
    mock.rejects(sdkError({ name: "AccessDeniedException" }));
    await expect(table.get(item)).rejects.toMatchObject({
      nextStep: "compare the function's role with the stack, and deploy the stack again.",
    });
  });

  it("become a CONFLICT when the condition failed, at the first attempt without asking further", async () => {
    const { mock, table } = withMock();
    const failed = { name: "ConditionalCheckFailedException", $metadata: { attempts: 1 } };
    mock.rejects(sdkError(failed));
    expect(await table.put(item, { ifAbsent: true })).toEqual({ kind: "CONFLICT" });
    expect(await table.delete(item, { ifVersion: 1 })).toEqual({ kind: "CONFLICT" });
    expect(mock.commandCalls(GetItemCommand)).toHaveLength(0);
  });
});

describe("requests to DynamoDB", () => {
  it("read consistently, and write under the condition asked for", async () => {
    const { mock, table } = withMock();
    mock.on(GetItemCommand).resolves({});
    mock.on(PutItemCommand).resolves({});
    await table.get(item);
    await table.put(item, { ifVersion: 7 });
    expect(mock.commandCalls(GetItemCommand)[0]?.args[0].input).toEqual({
      TableName: "state",
      Key: { pk: { S: "P" }, sk: { S: "S" } },
      ConsistentRead: true,
    });
    expect(mock.commandCalls(PutItemCommand)[0]?.args[0].input).toMatchObject({
      ConditionExpression: "#version = :version",
      ExpressionAttributeValues: { ":version": { N: "7" } },
      Item: { pk: { S: "P" }, version: { N: "1" }, data: { M: { secret: { S: "do not tell" } } } },
    });
  });

  it("read what may lag at half the price, where that is asked for", async () => {
    const { mock, table } = withMock();
    mock.on(GetItemCommand).resolves({});
    await table.get(item, "EVENTUAL");
    await table.get(item);
    expect(mock.commandCalls(GetItemCommand).map((call) => call.args[0].input)).toMatchObject([
      { ConsistentRead: false },
      { ConsistentRead: true },
    ]);
  });

  it("query the main table consistently and follow DynamoDB's own pages", async () => {
    const { mock, table } = withMock();
    const row = (sk: string) => ({
      pk: { S: "P" },
      sk: { S: sk },
      version: { N: "1" },
      schema: { N: "1" },
      data: { NULL: true },
    });
    const lastKey = { pk: { S: "P" }, sk: { S: "a" } };
    mock
      .on(QueryCommand)
      .resolvesOnce({ Items: [row("a")], LastEvaluatedKey: lastKey })
      .resolvesOnce({ Items: [row("b")] });
    const page = await table.query({ partition: "P", limit: 5 });
    expect(page.items.map((one) => one.sk)).toEqual(["a", "b"]);
    expect(page.cursor).toBeUndefined();
    const inputs = mock.commandCalls(QueryCommand).map((call) => call.args[0].input);
    expect(inputs[0]).toMatchObject({ ConsistentRead: true, Limit: 6 });
    expect(inputs[1]).toMatchObject({ ExclusiveStartKey: lastKey, Limit: 5 });
  });

  it("read what an index tells by its keys, consistently, and leave out what is gone by then", async () => {
    const { mock, table } = withMock();
    const told = (sk: string, due: string) => ({
      pk: { S: "P" },
      sk: { S: sk },
      gsi2pk: { S: "DUE" },
      gsi2sk: { S: due },
    });
    const stored = { pk: { S: "P" }, sk: { S: "b" }, version: { N: "7" }, schema: { N: "1" } };
    mock.on(QueryCommand).resolves({ Items: [told("a", "1"), told("b", "2"), told("c", "3")] });
    mock.on(GetItemCommand).resolves({});
    mock
      .on(GetItemCommand, { Key: { pk: { S: "P" }, sk: { S: "b" } } })
      .resolves({ Item: { ...stored, data: { S: "now" } } });
    const page = await table.query({ index: "gsi2", partition: "DUE", limit: 2 });
    expect(page.items).toEqual([{ pk: "P", sk: "b", version: 7, data: "now" }]);
    const reads = mock.commandCalls(GetItemCommand).map((call) => call.args[0].input);
    expect(reads).toHaveLength(2);
    expect(reads.every(({ ConsistentRead }) => ConsistentRead === true)).toBe(true);

    await table.query({ index: "gsi2", partition: "DUE", cursor: page.cursor ?? "" });
    const next = mock.commandCalls(QueryCommand)[1]?.args[0].input;
    expect(next?.ExclusiveStartKey).toEqual(told("b", "2"));
  });

  it("never ask an index for a consistent read, which DynamoDB refuses", async () => {
    const { mock, table } = withMock();
    mock.on(QueryCommand).resolves({ Items: [] });
    await table.query({ index: "gsi2", partition: "DUE" });
    const input = mock.commandCalls(QueryCommand)[0]?.args[0].input;
    expect(input).toMatchObject({ IndexName: "gsi2" });
    expect(input).not.toHaveProperty("ConsistentRead");
  });

  it("say with each write by which schema it was written", async () => {
    const { mock, table } = withMock();
    mock.on(PutItemCommand).resolves({});
    await table.put({ ...item, version: 1, data: {} }, { ifAbsent: true });
    expect(mock.commandCalls(PutItemCommand)[0]?.args[0].input.Item).toMatchObject({
      schema: { N: "1" },
    });
  });

  it("refuse a row of a later release, and say what to do", async () => {
    const { mock, table } = withMock();
    const row = { pk: { S: "P" }, sk: { S: "S" }, version: { N: "1" }, data: { NULL: true } };
    mock.on(GetItemCommand).resolves({ Item: { ...row, schema: { N: "2" } } });
    await expect(table.get(item)).rejects.toMatchObject({
      name: "BrokenFacts",
      message: expect.stringMatching(/P\/S was written by a later release.*Deploy that release/),
    });
  });

  it("refuse a row that this store did not write, by name", async () => {
    const { mock, table } = withMock();
    mock.on(GetItemCommand).resolves({ Item: { pk: { S: "P" }, sk: { S: "S" } } });
    await expect(table.get(item)).rejects.toMatchObject({ name: "BrokenFacts", resource: "P/S" });
  });
});

/** Lets the request through, then loses the answer: the classic half-done write. */
class LosesFirstWriteAnswer extends NodeHttpHandler {
  isArmed = false;

  override async handle(
    ...[request, options]: Parameters<NodeHttpHandler["handle"]>
  ): ReturnType<NodeHttpHandler["handle"]> {
    const answer = await super.handle(request, options);
    const target = request.headers["x-amz-target"] ?? "";
    if (!this.isArmed || !/PutItem|DeleteItem/.test(target)) return answer;
    this.isArmed = false;
    throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET", name: "TimeoutError" });
  }
}

describe("a write whose answer was lost and that the SDK repeats", () => {
  const handler = new LosesFirstWriteAnswer();
  let server: RunningDynalite;
  let client: DynamoDBClient;
  let table: Table;

  beforeAll(async () => {
    server = await startDynalite();
    client = localClient(server.endpoint, { requestHandler: handler });
    await createTables(client, "state");
    table = createDynamoTable({ client, tableName: "state" });
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });

  it("is WRITTEN, not a conflict with itself", async () => {
    handler.isArmed = true;
    expect(await table.put(item, { ifAbsent: true })).toEqual({ kind: "WRITTEN" });
    handler.isArmed = true;
    const second = { ...item, version: 2 };
    expect(await table.put(second, { ifVersion: 1 })).toEqual({ kind: "WRITTEN" });
    expect((await table.get(item))?.version).toBe(2);
    handler.isArmed = true;
    expect(await table.delete(item, { ifVersion: 2 })).toEqual({ kind: "WRITTEN" });
    expect(handler.isArmed).toBe(false);
  });

  it("is a CONFLICT when another writer's version is there", async () => {
    await table.put({ ...item, sk: "other" }, { ifAbsent: true });
    handler.isArmed = true;
    const late = await table.put({ ...item, sk: "other", data: "late" }, { ifAbsent: true });
    expect(late).toEqual({ kind: "CONFLICT" });
    expect((await table.get({ ...item, sk: "other" }))?.data).toEqual(item.data);
  });

  it("is RetryableUnavailable when nobody answers", async () => {
    const gone = await startDynalite();
    const lost = localClient(gone.endpoint, { maxAttempts: 1 });
    await gone.close();
    const unreachable = createDynamoTable({ client: lost, tableName: "state" });
    await expect(unreachable.get(item)).rejects.toMatchObject({
      name: "RetryableUnavailable",
      resource: "state/P/S",
      message: expect.stringContaining("ECONNREFUSED"),
    });
    lost.destroy();
  });
});
