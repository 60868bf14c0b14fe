import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { publishNotice } from "../../../adapters/aws/sns.ts";
import { awsError } from "./aws-error.ts";

const client = new SNSClient({ region: "eu-central-1" });
const mock = mockClient(client);
const topicArn = "arn:aws:sns:eu-central-1:444455556666:spot-optimizer-notices";
const publish = () => publishNotice(client, topicArn, { subject: "Stop", message: "Text" });

beforeEach(() => {
  mock.reset();
});

describe("a notice", () => {
  it("is published to the topic, and known by the id that SNS gave it", async () => {
    mock.on(PublishCommand).resolves({ MessageId: "m-1", $metadata: { requestId: "r-1" } });
    await expect(publish()).resolves.toEqual({ messageId: "m-1", requestId: "r-1" });
    expect(mock.commandCalls(PublishCommand)[0]?.args[0].input).toEqual({
      TopicArn: topicArn,
      Subject: "Stop",
      Message: "Text",
    });
  });

  it.each([
    ["AuthorizationError", "BrokenPermission"],
    ["NotFound", "BrokenNotFound"],
    ["Throttled", "RetryableThrottled"],
    ["KMSAccessDenied", "BrokenPermission"],
    ["InternalError", "RetryableUnavailable"],
  ])("that is refused with %s is %s", async (code, name) => {
    mock.on(PublishCommand).rejects(awsError(code));
    await expect(publish()).rejects.toMatchObject({ name });
  });

  it("without an id was not accepted", async () => {
    mock.on(PublishCommand).resolves({ $metadata: {} });
    await expect(publish()).rejects.toMatchObject({ name: "BrokenFacts" });
  });
});
