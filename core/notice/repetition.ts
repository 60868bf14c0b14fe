/**
 * When a message is to be sent: at once when its cause is new or has changed, again after a day while it is still told, and each hour where a
 * person is needed until he acknowledges it. The event bus has whatever is told, and repeats nothing.
 */
import {
  noticeChannels,
  type Message,
  type NoticeChannel,
  type NoticeKind,
  type Sent,
} from "../model/notice.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** What does not wait for its being told again: somebody must look. */
const hourly: readonly NoticeKind[] = ["NEEDS_OPERATOR"];

const after = (at: string, milliseconds: number): string =>
  new Date(Date.parse(at) + milliseconds).toISOString();

/** While what a person has acknowledged has not changed. */
export const isAcknowledged = ({ acknowledged, latest, joined }: Message): boolean =>
  acknowledged !== undefined &&
  acknowledged.state === latest.state &&
  acknowledged.joined === joined;

const isQuiet = (message: Message): boolean =>
  message.overAt !== undefined || isAcknowledged(message);

const isAnother = ({ latest, joined }: Message, sent: Sent): boolean =>
  sent.state !== latest.state || sent.joined !== joined;

const isToldSince = ({ lastAt }: Message, sent: Sent): boolean =>
  sent.lastAt !== undefined && sent.lastAt < lastAt;

const repeatedAt = (message: Message, sent: Sent, at: string): string | undefined => {
  if (hourly.includes(message.latest.kind)) return after(at, hourMs);
  return isToldSince(message, sent) ? after(at, 24 * hourMs) : undefined;
};

/** ISO 8601; undefined: nothing is to be sent there. */
export const dueOn = (message: Message, channel: NoticeChannel): string | undefined => {
  const sent = message.sent[channel];
  // Whoever knows of it, or what has passed, is not sent to persons; programs have all.
  if (channel !== "EVENT_BUS" && isQuiet(message)) return undefined;
  if (sent?.failing !== undefined) return sent.failing.retryAt;
  if (sent?.at === undefined || isAnother(message, sent)) return message.lastAt;
  if (channel === "EVENT_BUS") return isToldSince(message, sent) ? message.lastAt : undefined;
  return repeatedAt(message, sent, sent.at);
};

/** The channels on which it is due now. */
export const dueChannels = (message: Message, now: Date): readonly NoticeChannel[] =>
  noticeChannels.filter((channel) => {
    const due = dueOn(message, channel);
    return due !== undefined && Date.parse(due) <= now.getTime();
  });

/** Of all channels the earliest. ISO 8601 */
export const nextDue = (message: Message): string | undefined =>
  noticeChannels
    .flatMap((channel) => dueOn(message, channel) ?? [])
    .reduce<string | undefined>(
      (first, due) => (first === undefined || due < first ? due : first),
      undefined,
    );

/** One minute after the first failure, and twice as long after each other, an hour at most. */
const backOffMs = (attempts: number): number =>
  Math.min(hourMs, minuteMs * 2 ** Math.min(attempts - 1, 10));

const withChannel = (message: Message, channel: NoticeChannel, sent: Sent): Message => ({
  ...message,
  sent: { ...message.sent, [channel]: sent },
});

/** Accepted, or passed over where nobody wants it there. `as`: the message that was sent. */
export const withSent = (
  message: Message,
  channel: NoticeChannel,
  {
    as,
    at,
    messageId,
    isPassedOver,
  }: {
    readonly as: Message;
    readonly at: string;
    readonly messageId?: string;
    readonly isPassedOver?: true;
  },
): Message =>
  withChannel(message, channel, {
    at,
    lastAt: as.lastAt,
    ...(as.latest.state !== undefined && { state: as.latest.state }),
    ...(as.joined !== undefined && { joined: as.joined }),
    ...(messageId !== undefined && { messageId }),
    ...(isPassedOver !== undefined && { isPassedOver }),
  });

export const withFailure = (
  message: Message,
  channel: NoticeChannel,
  { at, error }: { readonly at: string; readonly error: string },
): Message => {
  const before = message.sent[channel];
  const attempts = (before?.failing?.attempts ?? 0) + 1;
  return withChannel(message, channel, {
    ...before,
    failing: {
      since: before?.failing?.since ?? at,
      attempts,
      retryAt: after(at, backOffMs(attempts)),
      error,
    },
  });
};
