/**
 * Deliver: each minute, makes one message of all that was told of a cause, and sends what is due to the topic and the webhook of its account's
 * owner and onto our own event bus. At least once: what was sent and could not be noted is sent again.
 */
import * as z from "zod";
import { listDueMessages } from "../../../adapters/store/messages.ts";
import type { AccountId } from "../../../core/model/ids.ts";
import type { Message } from "../../../core/model/notice.ts";
import { dueChannels } from "../../../core/notice/repetition.ts";
import { inGroups } from "../../../core/in-groups.ts";
import type { Step } from "../../runtime/step.ts";
import { oneByOne } from "../../schedule/one-by-one.ts";
import type { DeliverContext } from "./channels.ts";
import { deliverTo } from "./deliver.ts";
import { gather } from "./gather.ts";
import { tellUnreadable } from "./unreadable.ts";

/** The rest follows in a minute. */
const mostDue = 300;

/** Receivers that hang hold up so many at most. */
const accountsAtOnce = 10;

const byAccount = (messages: readonly Message[]): ReadonlyMap<AccountId, readonly Message[]> => {
  const groups = new Map<AccountId, Message[]>();
  for (const message of messages) {
    const { accountId } = message.latest;
    groups.set(accountId, [...(groups.get(accountId) ?? []), message]);
  }
  return groups;
};

/** The index may not know yet what was gathered right now. */
const dueNow = async (
  { table, now, log }: DeliverContext,
  gathered: readonly Message[],
): Promise<readonly Message[]> => {
  const listed = await listDueMessages(table, { now: now(), limit: mostDue });
  tellUnreadable(log, listed.unreadable);
  const all = new Map([...listed.values, ...gathered].map((each) => [each.noticeId, each]));
  return [...all.values()].filter((message) => dueChannels(message, now()).length > 0);
};

const outputSchema = z.object({
  kind: z.literal("DELIVERED"),
  summary: z.string(),
  /** Messages by channel that were taken. */
  taken: z.int(),
});

export const deliverStep: Step<unknown, z.infer<typeof outputSchema>, DeliverContext> = {
  name: "deliver",
  clients: ["sns"],
  input: z.unknown(),
  output: outputSchema,
  run: async (context) => {
    const turns = oneByOne(context);
    const gathering = { name: "What was told was not gathered", keys: {} };
    const gathered = await turns.attempt(gathering, () => gather(context, turns));
    const due = await dueNow(context, gathered ?? []);
    let taken = 0;
    for (const group of inGroups([...byAccount(due)], accountsAtOnce)) {
      const counts = await Promise.all(
        group.map(([accountId, messages]) =>
          turns.attempt({ name: `Account ${accountId} was not told`, keys: { accountId } }, () =>
            deliverTo(context, turns, { accountId, messages }),
          ),
        ),
      );
      taken += counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
    }
    turns.finish();
    const summary = `${String(due.length)} messages were due, ${String(taken)} were taken.`;
    return { kind: "DELIVERED", summary, taken };
  },
};
