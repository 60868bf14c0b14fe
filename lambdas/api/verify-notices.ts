/**
 * Says whether SNS takes what we tell an account's owner. Publish has no dry run, and no reading proves it: what SNS has taken is the proof, a
 * test notice as well as any other (SNS API reference, Publish).
 */
import { listMessages } from "../../adapters/store/messages.ts";
import type { Table } from "../../adapters/store/table.ts";
import type { AccountId } from "../../core/model/ids.ts";
import type { Message, Sent } from "../../core/model/notice.ts";
import type { FeatureGrant } from "./feature-grants.ts";

/** Told last first: older ones prove little of the role as it is now. */
const mostLooked = 20;

type Taken = Sent & { readonly at: string; readonly messageId: string };

const isTaken = (sent: Sent): sent is Taken =>
  sent.at !== undefined && sent.messageId !== undefined;

const byTopic = (messages: readonly Message[]): readonly Sent[] =>
  messages.flatMap(({ sent }) => sent.SNS ?? []);

const howToProve = (accountId: AccountId): string =>
  `SNS has no dry run. POST /api/v1/accounts/${accountId}/notices/test sends one notice: once GET /api/v1/notices shows that it was taken, verify again.`;

/** What SNS answered last, if it has refused since. */
const reasonOf = (accountId: AccountId, failing: Sent["failing"]): string =>
  failing === undefined ? howToProve(accountId) : `${failing.error} ${howToProve(accountId)}`;

/** As the dry runs have left it, with what was told besides. */
export const withNotices = async (
  table: Table,
  accountId: AccountId,
  grant: FeatureGrant,
): Promise<FeatureGrant> => {
  if (grant.feature !== "notices" || grant.status !== "UNPROVED") return grant;
  const sent = byTopic((await listMessages(table, { accountId, limit: mostLooked })).items);
  const failing = sent.find((one) => one.failing !== undefined)?.failing;
  const taken = sent.filter(isTaken).map(({ at }) => at);
  const isProved = taken.some((at) => failing === undefined || at > failing.since);
  if (isProved) return { ...grant, status: "GRANTED", unproved: [] };
  const reason = reasonOf(accountId, failing);
  return { ...grant, unproved: grant.unproved.map((each) => ({ ...each, reason })) };
};
