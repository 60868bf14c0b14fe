/** SNS: publishes a notice to a topic of the customer's own. */
import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { acted, type Acted } from "./acted.ts";
import { required } from "./required.ts";
import { callAws } from "./translate-error.ts";

export interface Notice {
  /** At most 100 ASCII characters on one line. Source: SNS API reference, Publish. */
  readonly subject: string;
  readonly message: string;
}

/** `arn:aws:sns:region:account:name` */
export const regionOfTopic = (topicArn: string): string => topicArn.split(":")[3] ?? "";

/** Sent again after a lost answer it may arrive twice: SNS keeps no token on a standard topic. */
export const publishNotice = async (
  sns: SNSClient,
  topicArn: string,
  { subject, message }: Notice,
): Promise<Acted & { readonly messageId: string }> => {
  const answer = await callAws({ action: "Publish", resource: topicArn }, () =>
    sns.send(new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: message })),
  );
  return { ...acted(answer), messageId: required(answer.MessageId, `the message in ${topicArn}`) };
};
