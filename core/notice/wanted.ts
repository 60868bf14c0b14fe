/** Whether a message goes to a channel, by what the account's owner has set. */
import type { Notice, NoticeChannel, NoticeKind } from "../model/notice.ts";
import type { NoticeSettings } from "../model/notice-settings.ts";
import { noticeRefused } from "./of-enforcer.ts";

/** Nobody can leave these out: a test shows the way of all others, and what went past the approvers is told to everybody. */
export const alwaysTold: readonly NoticeKind[] = ["TEST", "GLASS_BROKEN"];

/** The enforcer itself has published it to its topic: a stop waits for that. */
const isPublishedAlready = ({ kind, error }: Notice): boolean =>
  kind === "ENFORCEMENT" && error !== noticeRefused;

/** `settings`: undefined where there are none, or the account is no longer connected. */
export const isWanted = (
  notice: Notice,
  channel: NoticeChannel,
  settings: NoticeSettings | undefined,
): boolean => {
  if (channel === "EVENT_BUS") return true;
  if (settings === undefined) return false;
  const isOfKind = alwaysTold.includes(notice.kind) || settings.kinds.includes(notice.kind);
  if (channel === "WEBHOOK") return isOfKind && settings.webhook !== undefined;
  return isOfKind && settings.topicArn !== undefined && !isPublishedAlready(notice);
};
