import { PublishCommand, SNSClient, type PublishCommandInput } from "@aws-sdk/client-sns";
import { describe, expect, it } from "@jest/globals";
import { createSns } from "../../../local/cloud/sns/service.ts";
import { localClientConfig } from "../../../local/wire/front/client-config.ts";
import { createFixture, refusalOf } from "./cloud-fixture.ts";

const accountId = "444455556666";
const region = "eu-west-1";
const topic = { accountId, region, name: "spot-optimizer-notices" };

const create = () => {
  const { cloud } = createFixture();
  const sns = createSns();
  cloud.serve(sns);
  const client = new SNSClient(
    localClientConfig(cloud, { region, credentials: cloud.identities.operator }),
  );
  const publish = (input: PublishCommandInput) => client.send(new PublishCommand(input));
  return { sns, publish };
};

describe("a topic", () => {
  it("takes what is published over the wire, and keeps it in order", async () => {
    const { sns, publish } = create();
    const TopicArn = sns.addTopic(topic);
    const first = await publish({ TopicArn, Subject: "One & two", Message: "line 1\nline <2>" });
    const second = await publish({ TopicArn, Message: "ü" });
    expect(first.MessageId).not.toBe(second.MessageId);
    expect(sns.accepted(TopicArn)).toEqual([
      { messageId: first.MessageId, subject: "One & two", message: "line 1\nline <2>" },
      { messageId: second.MessageId, message: "ü" },
    ]);
  });

  it.each([
    ["a subject of 100 characters", { Subject: "x".repeat(100) }],
    ["a subject of two lines", { Subject: "one\ntwo" }],
    ["a subject that is not ASCII", { Subject: "Größe" }],
    ["an empty message", { Message: "" }],
    ["a message of more than 256 KB", { Message: "x".repeat(256 * 1024 + 1) }],
    ["a topic of another region", { TopicArn: "arn:aws:sns:us-east-1:444455556666:notices" }],
  ])("refuses %s", async (_, change) => {
    const { sns, publish } = create();
    const TopicArn = sns.addTopic(topic);
    const refused = await refusalOf(publish({ TopicArn, Message: "text", ...change }));
    expect(refused).toMatchObject({ code: expect.stringMatching(/^InvalidParameter/) });
    expect(sns.accepted(TopicArn)).toEqual([]);
  });

  it("refuses whom its key is closed to, and what is no longer there", async () => {
    const { sns, publish } = create();
    const TopicArn = sns.addTopic({ ...topic, isKeyUnusable: true });
    expect(await refusalOf(publish({ TopicArn, Message: "text" }))).toMatchObject({
      code: expect.stringMatching(/^KMSAccessDenied/),
    });
    sns.removeTopic(TopicArn);
    expect(await refusalOf(publish({ TopicArn, Message: "text" }))).toMatchObject({
      code: expect.stringMatching(/^NotFound/),
    });
  });
});
