/** An account with a topic and a webhook, and the deliverer as Lambda would run it. */
import * as z from "zod";
import { createEvaluation, updateEvaluation } from "../../../adapters/store/evaluations.ts";
import { tell } from "../../../adapters/store/outbox.ts";
import type { Evaluation, Outcome } from "../../../core/model/evaluation.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import type { Notice } from "../../../core/model/notice.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { PublicRequest } from "../../../local/cloud/public-network.ts";
import { openAccount, type LabAccount } from "../../../local/lab/account.ts";
import { startMs } from "../../../local/lab/lab.ts";
import { marketOf, smallMarketTypes } from "../../../local/lab/small-market.ts";
import { everyPart } from "../../../local/platform/customer-account.ts";
import type { Log } from "../../../lambdas/runtime/log.ts";
import { evaluation, evaluationId, targetId } from "../../adapters/store/examples.ts";

const minuteMs = 60_000;
const region = "us-east-1";
const market = marketOf([...smallMarketTypes]);
export const secret = "only-an-example-of-32-characters";

const listSchema = z.object({ items: z.array(z.looseObject({ notice_id: z.string() })) });
type Shown = z.infer<typeof listSchema>["items"][number];

interface Line {
  readonly message: string;
  readonly keys: Readonly<Record<string, unknown>>;
}

export interface NoticeLab extends Pick<LabAccount, "platform" | "clock" | "table" | "api"> {
  readonly accountId: ReturnType<typeof accountIdSchema.parse>;
  readonly topicArn: string;
  readonly lines: readonly Line[];
  /** What the webhook was sent. */
  readonly posted: PublicRequest[];
  /** How often it was asked, whatever it answered. */
  readonly asked: () => number;
  /** What it answers from now on; undefined: nobody listens. */
  readonly answers: (status: number | undefined) => void;
  /** From now on SNS refuses, or no longer. */
  readonly snsRefuses: (refuses: boolean) => void;
  readonly notice: (change?: Partial<Notice>) => Notice;
  readonly tell: (change?: Partial<Notice>) => Promise<void>;
  readonly deliver: () => Promise<string>;
  readonly pass: (minutes: number) => Promise<void>;
  /** Messages of the topic, in order. */
  readonly told: () => readonly string[];
  /** Details of our own events, in order. */
  readonly events: () => readonly Readonly<Record<string, unknown>>[];
  readonly list: () => Promise<readonly Shown[]>;
  readonly send: (
    method: string,
    path: string,
    body?: unknown,
    as?: string,
  ) => Promise<{ readonly status: number; readonly text: string }>;
  /** Goes on from now, in the account. */
  readonly begin: (n: number) => Promise<Evaluation>;
  readonly end: (n: number, outcome: Outcome) => Promise<void>;
}

const entriesSchema = z.object({
  Entries: z.array(z.object({ Source: z.string(), DetailType: z.string(), Detail: z.string() })),
});

export const openNoticeLab = async (): Promise<NoticeLab> => {
  const lines: Line[] = [];
  const write = (message: string, keys: Line["keys"] = {}): void => {
    lines.push({ message, keys });
  };
  const log: Log = { info: () => undefined, warn: write, error: write };
  const account = await openAccount({
    market,
    seed: 1,
    startMs,
    region,
    version: "0.0.0",
    name: "notice",
    front: "direct",
    throttle: false,
    parameters: everyPart,
    log,
  });
  const { platform, clock, api, table } = account;
  const accountId = accountIdSchema.parse(account.accountId);
  const topicArn = platform.sns.addTopic({ accountId, region, name: "spot-optimizer-notices" });
  const posted: PublicRequest[] = [];
  let status: number | undefined = 204;
  let asked = 0;
  platform.network.serve("hooks.example.com", (request) => {
    asked += 1;
    if (request !== undefined && status !== undefined) posted.push(request);
    return status;
  });
  let isRefused = false;
  platform.cloud.faults.before(({ service }) => {
    if (service !== "sns" || !isRefused) return;
    throw new CloudError("AuthorizationError", "Not authorized to perform: SNS:Publish", 403);
  });
  const send: NoticeLab["send"] = async (method, path, body, as) => {
    const headers = as === undefined ? {} : { "spot-optimizer-identity": as };
    return api.send({ method, path, body, headers });
  };
  const now = (): string => new Date(clock.now()).toISOString();
  const notice: NoticeLab["notice"] = (change = {}) => ({
    kind: "ROLLED_BACK",
    accountId,
    region,
    error: "BrokenQuota",
    resource: targetId(1),
    sentence: "The switch was rolled back.",
    figures: { downtime_seconds: 12 },
    nextStep: "Raise the quota.",
    path: `/evaluations/${evaluationId(1)}`,
    at: now(),
    ...change,
  });
  return {
    platform,
    clock,
    table,
    api,
    accountId,
    topicArn,
    lines,
    posted,
    asked: () => asked,
    answers: (next) => {
      status = next;
    },
    snsRefuses: (refuses) => {
      isRefused = refuses;
    },
    notice,
    tell: (change) => tell(table, notice(change)),
    deliver: async () =>
      z.object({ summary: z.string() }).parse(await platform.functions.invoke("notice-deliver", {}))
        .summary,
    pass: (minutes) => clock.run({ atMostMs: clock.now() + minutes * minuteMs }),
    told: () => platform.sns.accepted(topicArn).map(({ message }) => message),
    events: () =>
      platform.cloud.journal
        .filter(({ operation }) => operation === "PutEvents")
        .flatMap(({ input }) => entriesSchema.parse(input).Entries)
        .map(({ Detail }) => z.record(z.string(), z.unknown()).parse(JSON.parse(Detail))),
    list: async () =>
      listSchema.parse(JSON.parse((await send("GET", `/notices?account_id=${accountId}`)).text))
        .items,
    send,
    begin: async (n) => {
      const record = evaluation(n, { accountId, region, startedAt: now(), status: "RUNNING" });
      await createEvaluation(table, record);
      return record;
    },
    end: async (n, outcome) => {
      await updateEvaluation(table, evaluationId(n), (stored) => ({
        ...stored,
        status: outcome.status,
        outcome,
        endedAt: now(),
      }));
    },
  };
};

/** With topic and webhook, and the kinds that are told by default. */
export const openToldLab = async (settings: object = {}): Promise<NoticeLab> => {
  const lab = await openNoticeLab();
  const { status, text } = await lab.send("PUT", `/accounts/${lab.accountId}/notices`, {
    topic_arn: lab.topicArn,
    webhook: { url: "https://hooks.example.com/in", secret },
    ...settings,
  });
  if (status !== 200) throw new Error(text);
  return lab;
};
