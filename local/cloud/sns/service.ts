/**
 * SNS, as far as publishing to a topic goes. There are no subscribers here: what a topic has accepted is kept for those who look.
 * Source: SNS API reference, Publish (parameters and errors).
 */
import type { PublishInput, PublishResponse } from "@aws-sdk/client-sns";
import { CloudError, type Authorization, type Handler, type ServiceModule } from "../contract.ts";
import { asked } from "../iam/asked.ts";
import { actionOf } from "../iam/permissions.ts";

interface PublishedMessage {
  readonly messageId: string;
  readonly subject?: string;
  readonly message: string;
}

interface Topic {
  /** Its key can't be used: each publication is refused. */
  readonly isKeyUnusable: boolean;
  readonly accepted: PublishedMessage[];
}

export interface Sns extends ServiceModule {
  /** Its ARN. `isKeyUnusable`: it is encrypted under a key that the publisher may not use. */
  addTopic(declaration: {
    readonly accountId: string;
    readonly region: string;
    readonly name: string;
    readonly isKeyUnusable?: boolean;
  }): string;
  removeTopic(arn: string): void;
  /** In the order in which it took them. */
  accepted(arn: string): readonly PublishedMessage[];
}

const mostBytes = 256 * 1024;

const invalid = (what: string): CloudError =>
  new CloudError("InvalidParameter", `Invalid parameter: ${what}`, 400);

/** "Must be ASCII text that begins with a letter, number, or punctuation mark; must not include line breaks or control characters; less than 100 characters." */
const isSubject = (text: string): boolean => /^[!-~][ -~]{0,98}$/.test(text);

const check = ({ Subject, Message }: PublishInput): void => {
  if (Message === undefined || Message === "") throw invalid("Empty message");
  if (Buffer.byteLength(Message) > mostBytes) throw invalid("Message too long");
  if (Subject !== undefined && !isSubject(Subject)) throw invalid("Subject");
};

const regionOf = (arn: string): string => arn.split(":")[3] ?? "";

export const createSns = (): Sns => {
  const topics = new Map<string, Topic>();
  let made = 0;
  const publish: Handler<PublishInput, PublishResponse> = (call, input) => {
    const arn = input.TopicArn ?? "";
    check(input);
    if (regionOf(arn) !== call.region) throw invalid("TopicArn");
    const topic = topics.get(arn);
    if (topic === undefined) throw new CloudError("NotFound", "Topic does not exist", 404);
    if (topic.isKeyUnusable) {
      throw new CloudError("KMSAccessDenied", "The caller may not use the topic's key.", 400);
    }
    made += 1;
    const messageId = `00000000-0000-5000-8000-${String(made).padStart(12, "0")}`;
    const { Subject: subject, Message: message = "" } = input;
    topic.accepted.push({ messageId, message, ...(subject !== undefined && { subject }) });
    return { MessageId: messageId };
  };
  const onTopic: Authorization<PublishInput> = (call, { TopicArn: arn = "" }) => [
    asked(actionOf(call), [{ arn, type: "topic" }]),
  ];
  return {
    service: "sns",
    operations: { Publish: publish },
    authorization: { Publish: onTopic },
    addTopic: ({ accountId, region, name, isKeyUnusable = false }) => {
      const arn = `arn:aws:sns:${region}:${accountId}:${name}`;
      topics.set(arn, { isKeyUnusable, accepted: [] });
      return arn;
    },
    removeTopic: (arn) => {
      topics.delete(arn);
    },
    accepted: (arn) => topics.get(arn)?.accepted ?? [],
  };
};
