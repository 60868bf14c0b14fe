/** Delivers what is due to the owner of one account, and notes what became of it. */
import { getEvaluation } from "../../../adapters/store/evaluations.ts";
import { getAccount } from "../../../adapters/store/accounts.ts";
import { updateMessage } from "../../../adapters/store/messages.ts";
import { readNoticeSettings } from "../../../adapters/store/notice-settings.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { AccountId } from "../../../core/model/ids.ts";
import type { Message, NoticeChannel } from "../../../core/model/notice.ts";
import { dueChannels, withFailure, withSent } from "../../../core/notice/repetition.ts";
import { isWanted } from "../../../core/notice/wanted.ts";
import type { OneByOne } from "../../schedule/one-by-one.ts";
import { sendBy, type DeliverContext, type Recipient } from "./channels.ts";

type Result =
  | { readonly kind: "SENT"; readonly messageId?: string }
  | { readonly kind: "NOT_WANTED" }
  | { readonly kind: "FAILED"; readonly error: string };

interface Delivery {
  readonly context: DeliverContext;
  readonly recipient: Recipient | undefined;
  /** What failed in this run, and why: the rest is not tried by it, so that a receiver that hangs holds up one message only. */
  readonly failed: Map<NoticeChannel, string>;
}

/** A single failure is nothing to wake anybody for: the third comes some three minutes after the first. */
const alarmingAttempts = 3;

const trySend = async (
  { context, recipient, failed }: Delivery,
  channel: NoticeChannel,
  message: Message,
): Promise<Result> => {
  if (!isWanted(message.latest, channel, recipient?.settings)) return { kind: "NOT_WANTED" };
  const known = failed.get(channel);
  if (known !== undefined) return { kind: "FAILED", error: known };
  try {
    const messageId = await sendBy(channel, context, { message, recipient });
    return { kind: "SENT", ...(messageId !== undefined && { messageId }) };
  } catch (error) {
    if (!(error instanceof SpotOptimizerError)) throw error;
    failed.set(channel, error.message);
    return { kind: "FAILED", error: error.message };
  }
};

const withResult = (
  stored: Message,
  channel: NoticeChannel,
  { result, as, at }: { readonly result: Result; readonly as: Message; readonly at: string },
): Message => {
  if (result.kind === "FAILED") return withFailure(stored, channel, { at, error: result.error });
  if (result.kind === "NOT_WANTED")
    return withSent(stored, channel, { as, at, isPassedOver: true });
  const { messageId } = result;
  return withSent(stored, channel, { as, at, ...(messageId !== undefined && { messageId }) });
};

const tellFailures = ({ log }: DeliverContext, { noticeId, latest, sent }: Message): void => {
  for (const [channel, { failing }] of Object.entries(sent)) {
    if (failing === undefined || failing.attempts < alarmingAttempts) continue;
    log.warn(
      `Notice ${noticeId} of account ${latest.accountId} was not delivered by ${channel} since ${failing.since}: ${failing.error} Next: see in the runbook, "Notices that are not delivered".`,
      { noticeUndelivered: channel, accountId: latest.accountId, noticeId },
    );
  }
};

/** What a person was told to decide about is decided, or its evaluation is gone. */
const hasPassed = async ({ table }: DeliverContext, message: Message): Promise<boolean> => {
  const { kind, evaluationId } = message.latest;
  const isRepetition = Object.values(message.sent).some(({ at }) => at !== undefined);
  if (kind !== "NEEDS_OPERATOR" || evaluationId === undefined || !isRepetition) return false;
  return (await getEvaluation(table, evaluationId))?.status !== "NEEDS_OPERATOR";
};

/** @returns how many channels have taken it */
const deliverOne = async (delivery: Delivery, message: Message): Promise<number> => {
  const { context } = delivery;
  const { table } = context;
  const { noticeId } = message;
  const at = context.now().toISOString();
  if (await hasPassed(context, message)) {
    await updateMessage(table, noticeId, (stored) =>
      stored.lastAt === message.lastAt ? { ...stored, overAt: at } : stored,
    );
    return 0;
  }
  const results: (readonly [NoticeChannel, Result])[] = [];
  for (const channel of dueChannels(message, context.now())) {
    results.push([channel, await trySend(delivery, channel, message)]);
  }
  const after = await updateMessage(table, noticeId, (stored) =>
    results.reduce(
      (changed, [channel, result]) => withResult(changed, channel, { result, as: message, at }),
      stored,
    ),
  );
  tellFailures(context, after);
  return results.filter(([, { kind }]) => kind === "SENT").length;
};

const recipientOf = async (
  { table }: DeliverContext,
  accountId: AccountId,
): Promise<Recipient | undefined> => {
  const account = await getAccount(table, accountId);
  if (account === undefined || account.status === "DISABLED") return undefined;
  const settings = await readNoticeSettings(table, accountId);
  return settings === undefined ? undefined : { account, settings };
};

/** @returns how many were taken, each channel counted */
export const deliverTo = async (
  context: DeliverContext,
  turns: OneByOne,
  { accountId, messages }: { readonly accountId: AccountId; readonly messages: readonly Message[] },
): Promise<number> => {
  const recipient = await recipientOf(context, accountId);
  const delivery: Delivery = { context, recipient, failed: new Map() };
  let taken = 0;
  for (const message of messages) {
    if (!turns.hasTime()) break;
    const { noticeId } = message;
    const item = { name: `Notice ${noticeId} was not delivered`, keys: { accountId, noticeId } };
    taken += (await turns.attempt(item, () => deliverOne(delivery, message))) ?? 0;
  }
  return taken;
};
