/** Sends a message by one channel. */
import { putEvent } from "../../../adapters/aws/eventbridge.ts";
import { unseal } from "../../../adapters/aws/sealed.ts";
import { publishNotice, regionOfTopic } from "../../../adapters/aws/sns.ts";
import type { PostWebhook } from "../../../adapters/webhook/post.ts";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { Account } from "../../../core/model/account.ts";
import type { Message, NoticeChannel } from "../../../core/model/notice.ts";
import type { NoticeSettings } from "../../../core/model/notice-settings.ts";
import { noticeEvent, noticeEventSource, noticeEventType } from "../../../core/notice/event.ts";
import { noticeText } from "../../../core/notice/text.ts";
import type { StepContext } from "../../runtime/context.ts";

export interface DeliverContext extends StepContext<"sns"> {
  readonly eventBridge: EventBridgeClient;
  readonly noticeBusName: string;
  readonly kms: KMSClient;
  /** Under which the secrets of webhooks are sealed. */
  readonly webhookKeyArn: string;
  readonly postWebhook: PostWebhook;
  /** Of the control API, without a slash at its end. */
  readonly apiUrl: string;
}

/** Of a connected account that has set where it is told. */
export interface Recipient {
  readonly account: Account;
  readonly settings: NoticeSettings;
}

const sessionName = "notice-deliver";

const publish = async (
  context: DeliverContext,
  message: Message,
  { account, settings: { topicArn = "" } }: Recipient,
): Promise<string> => {
  const { sns } = await context.customer(account, regionOfTopic(topicArn), sessionName);
  return (await publishNotice(sns, topicArn, noticeText(message, context.apiUrl))).messageId;
};

const post = async (
  { kms, webhookKeyArn: keyArn, postWebhook, apiUrl, now }: DeliverContext,
  message: Message,
  { account: { accountId }, settings: { webhook } }: Recipient,
): Promise<undefined> => {
  if (webhook === undefined) return undefined;
  const secret = await unseal(kms, { keyArn, accountId }, webhook.sealedSecret);
  const body = JSON.stringify(noticeEvent(message, apiUrl));
  await postWebhook({ url: webhook.url, body, secret, at: now() });
  return undefined;
};

/** @returns the channel's id of it, where it gives one. @throws what the channel answers */
export const sendBy = (
  channel: NoticeChannel,
  context: DeliverContext,
  { message, recipient }: { readonly message: Message; readonly recipient: Recipient | undefined },
): Promise<string | undefined> => {
  if (channel === "EVENT_BUS" || recipient === undefined) {
    return putEvent(context.eventBridge, {
      busName: context.noticeBusName,
      source: noticeEventSource,
      detailType: noticeEventType,
      detail: noticeEvent(message, context.apiUrl),
    });
  }
  return channel === "SNS"
    ? publish(context, message, recipient)
    : post(context, message, recipient);
};
