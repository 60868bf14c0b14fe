/** Answers of the API, each held to the schema by which the API itself answers, for what a simulated account does not come to by itself. */
import { unscoredReasons } from "../../../core/model/ledger/shadow.ts";
import {
  approvalPageSchema,
  approvalSchema,
  votedSchema,
} from "../../../lambdas/api/schemas/approvals.ts";
import { findingSchema, governancePageSchema } from "../../../lambdas/api/schemas/governance.ts";
import { healthSchema } from "../../../lambdas/api/schemas/kill-switch.ts";
import { modelPageSchema, modelSchema } from "../../../lambdas/api/schemas/models.ts";
import {
  noticeJsonSchema,
  noticePageSchema,
  testedSchema,
} from "../../../lambdas/api/schemas/notices.ts";
import {
  resolutionPlanSchema,
  startedResolutionSchema,
} from "../../../lambdas/api/schemas/resolutions.ts";
import { quarantineSchema, riskPoolPageSchema } from "../../../lambdas/api/schemas/risk-pools.ts";
import { savingsHoursSchema } from "../../../lambdas/api/schemas/savings-hours.ts";
import { savingsSchema } from "../../../lambdas/api/schemas/savings.ts";
import { wasteFindingJsonSchema, wastePageSchema } from "../../../lambdas/api/schemas/waste.ts";
import { fleetAnswer } from "./fleet-answer.ts";
import { jsonAnswer } from "./spot-under-test.ts";

const accountId = "444455556666";
const region = "us-east-1";
const at = "2026-03-01T08:00:00.000Z";
const until = "2026-03-09T09:00:00.000Z";

export const ids = {
  pool: "us-east-1:use1-az4:m6a.large:linux-unix",
  finding: "wst-0123456789abcdefghjk",
  unowned: `gov-${accountId}-${region}-i-0a1b2c3d4e5f60719`,
  approval: "apr-0123456789abcdefghjk",
  evaluation: "evl-0123456789abcdefghjk",
  target: "tgt-0123456789abcdefghjk",
  notice: "ntc-0123456789abcdefghjk",
} as const;

const health = healthSchema.parse({
  status: "ok",
  version: "0.1.0",
  emulated: true,
  region,
  tables: { state: "reachable" },
  checked_at: at,
});

const poolParts = {
  region,
  zone_id: "use1-az4",
  instance_type: "m6a.large",
  product: "Linux/UNIX",
};

const quarantineParts = {
  reason: "Incident 4711",
  since: at,
  until,
  set_by: "unauthenticated:ann",
};

const quarantine = quarantineSchema.parse({
  pool_id: ids.pool,
  pool: poolParts,
  ...quarantineParts,
});

const riskPools = riskPoolPageSchema.parse({
  total: { losses: 2, lab_losses: 0 },
  items: [
    {
      pool_id: ids.pool,
      pool: poolParts,
      losses: 2,
      lab_losses: 1,
      decayed_losses: 1.2,
      losses_by_day: [
        { day: "2026-02-27", losses: 1 },
        { day: at.slice(0, 10), losses: 1 },
      ],
      last_loss_at: at,
      found_late: 0,
      refusals: 1,
      risk: {
        probability: 0.0312,
        calm_probability: 0.001,
        horizon_hours: 24,
        model_version: "streak-3",
      },
      quarantine: quarantineParts,
      given_up: { targets: 3, hourly_usd: 0.427, monthly_usd: 312, judged_at: at },
    },
  ],
});

const finding = wasteFindingJsonSchema.parse({
  finding_id: ids.finding,
  account_id: accountId,
  region,
  kind: "UNATTACHED_VOLUME",
  resource_id: "vol-0a1b2c3d4e5f60718",
  status: "OFFERED",
  first_seen_at: "2026-01-01T00:00:00.000Z",
  last_seen_at: at,
  days: 59,
  label: "old data",
  why: "It is attached to nothing since 59 days.",
  effect: "The volume of 100 GiB is deleted.",
  undo: "Its snapshot stays 30 days.",
  unchecked: [],
  monthly_usd: 8,
  reasons: [],
  bounds_hash: "9f2c0123456789abcdef",
  plan: ["Make a snapshot of vol-0a1b2c3d4e5f60718", "Delete vol-0a1b2c3d4e5f60718"],
  approvers_needed: 1,
});

const dismissed = wasteFindingJsonSchema.parse({
  ...finding,
  status: "DISMISSED",
  dismissal: { reason: "Incident 4711", by: "unauthenticated:ann", at, until },
});

const waste = wastePageSchema.parse({
  items: [finding],
  total: { findings: 1, monthly_usd: 8, unpriced: 2 },
});

const caller = { name: "unauthenticated:ben", keys: ["LOCAL#ben"] };

const approval = approvalSchema.parse({
  approval_id: ids.approval,
  account_id: accountId,
  region,
  bounds_hash: "9f2c0123456789abcdef",
  because: "Each switch of the account needs a person.",
  needed: 2,
  rejection_days: 30,
  status: "PENDING",
  asked_by: caller,
  asked_at: at,
  expires_at: until,
  votes: [],
  kind: "SWITCH",
  target_id: ids.target,
  bounds: {
    subject: "i-0a1b2c3d4e5f60718",
    launched_at: at,
    pool_keys: ["m6a.large use1-az4"],
    max_hourly_usd: 0.03,
    min_savings_percent: 70,
    max_downtime_minutes: 15,
    changes: ["It becomes a Spot Instance."],
  },
  evaluation_id: ids.evaluation,
  started_by: "api",
});

const voted = votedSchema.parse({
  approval: {
    ...approval,
    votes: [
      { by: caller, as: { kind: "LOCAL", id: "ann" }, at, bounds_hash: "9f2c0123456789abcdef" },
    ],
  },
});

const started = votedSchema.parse({
  approval: { ...approval, needed: 1, status: "APPROVED" },
  started: { evaluation_id: ids.evaluation, execution_arn: "arn:aws:states:::execution" },
});

const unowned = findingSchema.parse({
  finding_id: ids.unowned,
  account_id: accountId,
  region,
  instance_id: "i-0a1b2c3d4e5f60719",
  instance_type: "m5.large",
  image_id: "ami-0123456789abcdef0",
  state: "running",
  status: "FLAGGED",
  verdict: "STOP",
  effects: [],
  first_seen_at: at,
  grace: { since: at, ends_at: until, readings: 3, readings_needed: 20 },
});

const governance = governancePageSchema.parse({
  items: [
    { kind: "UNOWNED_INSTANCE", finding: unowned },
    {
      kind: "UNCLAIMED_RESOURCE",
      unclaimed: {
        account_id: accountId,
        region,
        kind: "volume",
        id: "vol-0a1b2c3d4e5f60718",
        state: "available",
        reason: "NO_INTENT",
        first_seen_at: at,
        listed_at: at,
      },
    },
  ],
});

const exempt = findingSchema.parse({
  ...unowned,
  status: "EXEMPT",
  exemption: { reason: "Incident 4711", until, by: "unauthenticated:ann", at },
});

const term = (usd: number) => ({ usd, source: "priced", unknown_usd: 0, unbounded_seconds: 0 });

const sums = {
  net_usd: { low: 50.1, high: 52.2, is_range: true, is_bounded: true },
  gross_usd: 55,
  terms: {
    would: term(70),
    ran: term(15),
    covered: term(0),
    double_running: term(1),
    reservations: term(1),
    kept: term(0.5),
    extras: term(0),
    cross_zone: term(0),
    tool: term(0.3),
  },
  wanted_hours: 730,
  downtime_seconds: 330,
  spot_drift_usd: 0.1,
  is_final: false,
};

const shadowSums = (decisions: number, likely: number) => ({
  decisions,
  hours: decisions,
  exposed_hours: decisions,
  saved_usd: { low: likely, likely, high: likely, median: likely },
  regret_to_best_usd: 0,
  regret_to_stay_usd: 0,
});

const shadow = {
  proven: shadowSums(10, 12.5),
  unproven: shadowSums(4, 3),
  unscored: Object.fromEntries(unscoredReasons.map((reason) => [reason, 0])),
};

const savings = savingsSchema.parse({
  month: "2026-03",
  items: [
    {
      account_id: accountId,
      target_id: fleetAnswer.columns.target_id[0],
      month: "2026-03",
      days: 1,
      stated_at: at,
      ...sums,
      shadow,
    },
  ],
  total: { targets: 1, ...sums, shadow },
});

const hours = savingsHoursSchema.parse({
  format: "ledger-hours/1",
  account_id: accountId,
  day: "2026-03-01",
  resources: [
    {
      resource_id: "i-0a1b2c3d4e5f60718",
      kind: "SPOT",
      instance_type: "m6a.large",
      usd: Array.from({ length: 24 }, (_none, hour) =>
        hour < 2 ? "0.024500000" : hour === 2 ? "unknown" : null,
      ),
    },
  ],
});

const model = modelSchema.parse({
  version: "logistic-7",
  kind: "logistic",
  status: "graduated",
  is_default: false,
  horizon_hours: 24,
  history: [
    { status: "candidate", at, by: "unauthenticated:ann" },
    { status: "graduated", at, by: "unauthenticated:ann", reason: "Incident 4711" },
  ],
  created_at: at,
});

const models = modelPageSchema.parse({
  items: [
    { version: "streak-3", kind: "built-in", status: "graduated", is_default: true, history: [] },
    model,
  ],
});

const notice = noticeJsonSchema.parse({
  notice_id: ids.notice,
  kind: "ROLLED_BACK",
  account_id: accountId,
  error: "RetryableUnavailable",
  resource: "i-0a1b2c3d4e5f60718",
  sentence: "The switch was rolled back.",
  figures: {},
  next_step: "Nothing is to be done.",
  times: 2,
  first_at: at,
  last_at: at,
  deliveries: [
    {
      channel: "SNS",
      failing: { since: at, attempts: 3, retry_at: until, error: "AuthorizationError" },
    },
  ],
});

const known = noticeJsonSchema.parse({
  ...notice,
  acknowledged: { by: "unauthenticated:ann", at },
});

const plan = (kind: string) =>
  resolutionPlanSchema.parse({
    evaluation_id: ids.evaluation,
    kind,
    steps: ["Start i-0a1b2c3d4e5f60718", "Terminate i-0fedcba9876543210"],
  });

const resolution = (kind: string) =>
  startedResolutionSchema.parse({
    evaluation_id: ids.evaluation,
    resolution_id: "res-0123456789abcdefghjk",
    kind,
    execution_arn: "arn:aws:states:::execution",
    steps: ["Start i-0a1b2c3d4e5f60718"],
  });

/** By method and path below the API's base path; a resolution by whether it is its plan. */
const answers: Readonly<Record<string, unknown>> = {
  "GET /health": health,
  "GET /fleet": fleetAnswer,
  "GET /risk/pools": riskPools,
  [`POST /risk/pools/${ids.pool}/quarantine`]: quarantine,
  [`DELETE /risk/pools/${ids.pool}/quarantine`]: undefined,
  "GET /waste": waste,
  [`GET /waste/${ids.finding}`]: finding,
  [`POST /waste/${ids.finding}/approve`]: voted,
  [`POST /waste/${ids.finding}/dismiss`]: dismissed,
  "GET /approvals": approvalPageSchema.parse({ items: [approval] }),
  [`GET /approvals/${ids.approval}`]: approval,
  [`POST /approvals/${ids.approval}/approve`]: started,
  [`POST /approvals/${ids.approval}/reject`]: { ...approval, status: "REJECTED" },
  "GET /governance": governance,
  [`POST /governance/${ids.unowned}/exempt`]: exempt,
  "GET /savings": savings,
  "GET /savings/hours": hours,
  "GET /models": models,
  "POST /models/logistic-7/graduate": model,
  "POST /models/logistic-7/reject": { ...model, status: "archived" },
  [`PUT /lab/instances/${ids.target}/model`]: {
    target_id: ids.target,
    model_version: "logistic-7",
  },
  "GET /notices": noticePageSchema.parse({ items: [notice] }),
  [`POST /notices/${ids.notice}/acknowledge`]: known,
  [`POST /accounts/${accountId}/notices/test`]: testedSchema.parse({ notice_id: ids.notice }),
  ...Object.fromEntries(
    (["resume", "roll-back", "adopt"] as const).flatMap((way) => {
      const kind = way.toUpperCase().replace("-", "_");
      const path = `POST /evaluations/${ids.evaluation}/${way}`;
      return [
        [`${path}?dry_run=true`, plan(kind)],
        [path, resolution(kind)],
      ];
    }),
  ),
};

/** As the API answers; what is not there it does not know. */
export const cannedAnswer = ({ method, url }: Request): Response => {
  const { pathname, searchParams } = new URL(url);
  const plan = searchParams.get("dry_run") === "true" ? "?dry_run=true" : "";
  const key = `${method} ${decodeURIComponent(pathname).slice("/api/v1".length)}${plan}`;
  if (!(key in answers)) throw new Error(`No answer is there for ${key}.`);
  const answer = answers[key];
  return answer === undefined ? new Response(null, { status: 204 }) : jsonAnswer(answer);
};
