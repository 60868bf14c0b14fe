/** A month of three instances: the ledger of it, what its owner was told, and the alarm of a day on which nobody could be told. */
import * as z from "zod";
import { noticesUndelivered } from "../../../infra/told-alarms.ts";
import { noticePageSchema } from "../../../lambdas/api/schemas/notices.ts";
import { savingsSchema } from "../../../lambdas/api/schemas/savings.ts";
import type { Log, LogKeys } from "../../../lambdas/runtime/log.ts";
import { dayMs, passMonth } from "../../lab/month.ts";
import { everyPart } from "../../platform/customer-account.ts";
import type { LabAccount } from "../../lab/account.ts";
import { startEvaluation } from "../../lab/subject.ts";
import type { Expectation } from "../story.ts";
import { runbookEntryOf, type RunbookEntry } from "./runbook-entry.ts";

/** The ledger's month begins with the price list. */
const month = "2026-03";
const minuteMs = 60_000;
/** In the stack each minute: here as often as is seen. */
const deliverMs = 30 * minuteMs;
const topicName = "spot-optimizer-notices";

type Savings = z.infer<typeof savingsSchema>;
type NoticeJson = z.infer<typeof noticePageSchema>["items"][number];

export interface MonthEnding {
  readonly days: number;
  /** How often each has happened. */
  readonly happened: Readonly<Record<string, number>>;
  readonly savings: Savings;
  readonly notices: readonly NoticeJson[];
  /** Messages that the owner's topic has taken. */
  readonly taken: number;
  readonly alarm: {
    readonly id: string;
    readonly description: string;
    /** Lines of the log by which it rings. */
    readonly lines: number;
    readonly entry: RunbookEntry;
  };
}

export interface MonthReport {
  readonly ending?: MonthEnding;
  readonly expectations: readonly Expectation[];
  readonly error?: string;
}

/** Lines with the key of the alarm. */
const countingLog = (): { readonly log: Log; readonly lines: () => number } => {
  let lines = 0;
  const hear = (_message: string, keys: LogKeys = {}): void => {
    if (noticesUndelivered.key in keys) lines += 1;
  };
  return { log: { info: hear, warn: hear, error: hear }, lines: () => lines };
};

/** The owner's topic, which is gone for the first half of the month, and who delivers to it. */
const tellOwner = async (
  { accountId, region, api, platform, clock }: LabAccount,
  days: number,
): Promise<string> => {
  const topic = { accountId, region, name: topicName };
  const arn = platform.sns.addTopic(topic);
  const path = `/accounts/${accountId}/notices`;
  const { status, text } = await api.send({ method: "PUT", path, body: { topic_arn: arn } });
  if (status !== 200) throw new Error(text);
  platform.sns.removeTopic(arn);
  clock.schedule(clock.now() + (days * dayMs) / 2, () => {
    platform.sns.addTopic(topic);
  });
  const deliver = (): void => {
    clock.schedule(clock.now() + deliverMs, async () => {
      deliver();
      await platform.functions.invoke("notice-deliver", {});
    });
  };
  deliver();
  return arn;
};

const targetsSchema = z.object({
  items: z.array(z.object({ target_id: z.string(), is_shadow_mode: z.boolean() })),
});

/** As the sweep would judge it: by day, when its owner lets it run. */
const judgeShadowDaily = (account: LabAccount): void => {
  const { clock, api, accountId } = account;
  const come = (afterMs: number): void => {
    clock.schedule(clock.now() + afterMs, async () => {
      come(dayMs);
      const { items } = await api.get(`/lab/instances?account_id=${accountId}`, targetsSchema);
      for (const { target_id: targetId, is_shadow_mode: isShadow } of items) {
        if (isShadow) await startEvaluation(account, targetId);
      }
    });
  };
  come(dayMs / 12);
};

const scoredInShadow = ({ total: { shadow } }: Savings): Expectation => {
  const parts = shadow === undefined ? [] : [shadow.proven, shadow.unproven];
  const decisions = parts.reduce((sum, part) => sum + part.decisions, 0);
  return {
    rule: "what shadow mode would have saved is scored",
    held: decisions > 0,
    found: `${String(decisions)} verdicts`,
  };
};

const expectationsOf = ({
  savings,
  notices,
  taken,
  alarm,
}: MonthEnding): readonly Expectation[] => {
  const { total } = savings;
  const { would, ran } = total.terms;
  const failing = notices.filter(({ deliveries }) =>
    deliveries.some((one) => one.failing !== undefined),
  );
  return [
    {
      rule: "gross is what would have been paid, less what ran",
      held: Math.abs((would?.usd ?? 0) - (ran?.usd ?? 0) - total.gross_usd) < 1e-5,
      found: `$${total.gross_usd.toFixed(2)}`,
    },
    {
      rule: "net is less than gross, and more than nothing",
      held: total.net_usd.low > 0 && total.net_usd.high < total.gross_usd,
      found: `$${total.net_usd.low.toFixed(2)} at least`,
    },
    scoredInShadow(savings),
    {
      rule: "the alarm rang while nobody could be told, and its entry is in the runbook",
      held: alarm.lines > 0 && alarm.entry.text.includes(alarm.id),
      found: alarm.entry.title,
    },
    {
      rule: "what could not be delivered has come since",
      held: taken > 0 && failing.length === 0,
      found: `${String(taken)} messages`,
    },
  ];
};

const perform = async (seed: number, days: number): Promise<MonthEnding> => {
  const { log, lines } = countingLog();
  let topicArn = "";
  const { account, happened } = await passMonth({
    seed,
    days,
    around: {
      account: { log, parameters: everyPart },
      begin: async (opened) => {
        topicArn = await tellOwner(opened, days);
        judgeShadowDaily(opened);
      },
    },
  });
  const { api, accountId, platform } = account;
  const { id, description } = noticesUndelivered;
  return {
    days,
    happened,
    savings: await api.get(
      `/savings?account_id=${accountId}&month=${month}&shadow=true`,
      savingsSchema,
    ),
    notices: (await api.get(`/notices?account_id=${accountId}`, noticePageSchema)).items,
    taken: platform.sns.accepted(topicArn).length,
    alarm: { id, description, lines: lines(), entry: runbookEntryOf(description) },
  };
};

/** Never throws: what went wrong is part of the report. */
export const tellMonth = async (seed: number, days: number): Promise<MonthReport> => {
  try {
    const ending = await perform(seed, days);
    return { ending, expectations: expectationsOf(ending) };
  } catch (error) {
    return { expectations: [], error: error instanceof Error ? error.message : String(error) };
  }
};
