import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  DeleteFunctionCommand,
  InvokeCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
} from "@aws-sdk/client-lambda";
import { mockClient } from "aws-sdk-client-mock";
import {
  deletePublishedVersion,
  invokeLater,
  listPublishedVersions,
} from "../../../adapters/aws/lambda.ts";
import { awsError } from "./aws-error.ts";

const lambda = new LambdaClient({ region: "eu-central-1" });
const mock = mockClient(lambda);
const functionArn = "arn:aws:lambda:eu-central-1:123456789012:function:launch";

beforeEach(() => {
  mock.reset();
});

describe("invokeLater", () => {
  const event = { accountId: "444455556666", region: "eu-central-1" };

  it("hands the event over, and does not wait for what becomes of it", async () => {
    mock.on(InvokeCommand).resolves({ StatusCode: 202 });
    await invokeLater(lambda, { functionArn, event });
    const [call, ...others] = mock.commandCalls(InvokeCommand);
    expect(others).toEqual([]);
    expect(call?.args[0].input).toEqual({
      FunctionName: functionArn,
      InvocationType: "Event",
      Payload: Buffer.from(JSON.stringify(event)),
    });
  });

  it("says what Lambda refused, as a matter of our own account", async () => {
    mock.on(InvokeCommand).rejects(awsError("TooManyRequestsException", { status: 429 }));
    await expect(invokeLater(lambda, { functionArn, event })).rejects.toMatchObject({
      name: "RetryableThrottled",
      isOwn: true,
    });
  });
});

describe("listPublishedVersions", () => {
  it("reads all pages, and leaves $LATEST out", async () => {
    mock
      .on(ListVersionsByFunctionCommand, { FunctionName: functionArn, Marker: undefined })
      .resolves({
        Versions: [
          { Version: "$LATEST", LastModified: "2026-03-05T00:00:00.000+0000" },
          { Version: "1", LastModified: "2026-03-01T10:00:00.000+0000" },
        ],
        NextMarker: "more",
      })
      .on(ListVersionsByFunctionCommand, { FunctionName: functionArn, Marker: "more" })
      .resolves({ Versions: [{ Version: "12", LastModified: "2026-03-05T00:00:00.000+0000" }] });
    await expect(listPublishedVersions(lambda, functionArn)).resolves.toEqual([
      { arn: `${functionArn}:1`, version: 1, publishedAt: new Date("2026-03-01T10:00:00Z") },
      { arn: `${functionArn}:12`, version: 12, publishedAt: new Date("2026-03-05T00:00:00Z") },
    ]);
  });

  it("a version without its time is BrokenFacts", async () => {
    mock.on(ListVersionsByFunctionCommand).resolves({ Versions: [{ Version: "1" }] });
    await expect(listPublishedVersions(lambda, functionArn)).rejects.toMatchObject({
      name: "BrokenFacts",
    });
  });
});

describe("deletePublishedVersion", () => {
  it("names function and version", async () => {
    mock.on(DeleteFunctionCommand).resolves({});
    await deletePublishedVersion(lambda, `${functionArn}:7`);
    expect(mock.commandCalls(DeleteFunctionCommand).map(({ args }) => args[0].input)).toEqual([
      { FunctionName: functionArn, Qualifier: "7" },
    ]);
  });

  it("does not call without a version: that would delete the function", async () => {
    await expect(deletePublishedVersion(lambda, functionArn)).rejects.toMatchObject({
      name: "BrokenFacts",
    });
    expect(mock.calls()).toHaveLength(0);
  });

  it("one that is gone already is well", async () => {
    mock.on(DeleteFunctionCommand).rejects(awsError("ResourceNotFoundException"));
    await expect(deletePublishedVersion(lambda, `${functionArn}:7`)).resolves.toBeUndefined();
  });

  it.each([
    ["AccessDeniedException", "BrokenPermission"],
    ["TooManyRequestsException", "RetryableThrottled"],
  ])("%s is %s", async (code, name) => {
    mock.on(DeleteFunctionCommand).rejects(awsError(code));
    await expect(deletePublishedVersion(lambda, `${functionArn}:7`)).rejects.toMatchObject({
      name,
    });
  });
});
