/** Lists of what waits for persons, thirty rows with names as long as AWS allows: checked by the API's own schemas. */
import { accountPageSchema } from "../../lambdas/api/schemas/accounts.ts";
import { approvalPageSchema } from "../../lambdas/api/schemas/approvals.ts";
import { governancePageSchema } from "../../lambdas/api/schemas/governance.ts";
import { wastePageSchema } from "../../lambdas/api/schemas/waste.ts";
import { json, shared, type Answers } from "./page-under-test.ts";

const rows = 30;
const account = "444455556666";
const region = "us-east-1";
const at = "2026-03-01T09:00:00.000Z";
const later = "2026-03-09T09:00:00.000Z";

const longName = (index: number): string =>
  `<i>payments-reconciliation-of-the-night-eu-central-1-blue-with-a-suffix-that-nobody-reads-${String(index)}</i>`;
const longSentence =
  "It has stood for ninety days without anything that reads from it or writes to it, and nothing that CloudFormation, Backup or a launch template names refers to it. "
    .repeat(3)
    .trim();

const many = <Row>(rowOf: (index: number) => Row): readonly Row[] =>
  Array.from({ length: rows }, (_, index) => rowOf(index));

const turn = <Value>(values: readonly [Value, ...Value[]], index: number): Value =>
  values[index % values.length] ?? values[0];

const hex = (index: number): string => index.toString(16).padStart(17, "0");
const idEnd = (index: number): string => String(index).padStart(20, "0");

const caller = {
  name: `arn:aws:sts::111122223333:assumed-role/${"operators-of-the-night".repeat(2)}/ada.lovelace@example.com`,
  keys: ["AROAEXAMPLE:ada.lovelace@example.com"],
};

const approvals = approvalPageSchema.parse({
  items: many((index) => ({
    approval_id: `apr-${idEnd(index)}`,
    account_id: account,
    region,
    bounds_hash: hex(index).repeat(4).slice(0, 64),
    because: longSentence,
    needed: 2,
    rejection_days: 7,
    status: turn(["PENDING", "APPROVED", "REJECTED", "CONSUMED", "EXPIRED", "VOID"], index),
    asked_by: caller,
    asked_at: at,
    expires_at: later,
    votes: [],
    kind: turn(["SWITCH", "FALL_BACK", "MOVE"], index),
    target_id: `tgt-${idEnd(index)}`,
    bounds: {
      subject: longName(index),
      pool_keys: ["az1", "az4", "az6"].map(
        (zone) => `us-east-1#use1-${zone}#m6a.24xlarge#Linux/UNIX`,
      ),
      max_hourly_usd: 0.0275,
      min_savings_percent: 15,
      max_downtime_minutes: 15,
      changes: [],
    },
    evaluation_id: `evl-${idEnd(index)}`,
    started_by: "sweep",
  })),
});

const waste = wastePageSchema.parse({
  items: many((index) => ({
    finding_id: `wst-${idEnd(index)}`,
    account_id: account,
    region,
    kind: turn(["UNATTACHED_VOLUME", "OLD_SNAPSHOT", "UNUSED_IMAGE", "IDLE_NAT_GATEWAY"], index),
    resource_id: `vol-${hex(index)}`,
    status: turn(["OFFERED", "REPORTED", "SEEN", "KEPT", "DELETING", "DISMISSED"], index),
    first_seen_at: at,
    last_seen_at: at,
    days: 90,
    label: longName(index),
    why: longSentence,
    effect: longSentence,
    undo: longSentence,
    unchecked: [longSentence],
    monthly_usd: 8 + index,
    reasons: [],
    bounds_hash: hex(index).repeat(4).slice(0, 64),
    plan: [longSentence],
    approvers_needed: 2,
  })),
  total: { findings: rows, monthly_usd: 5750, unpriced: 3 },
});

const governance = governancePageSchema.parse({
  items: many((index) =>
    index % 4 === 3
      ? {
          kind: "UNCLAIMED_RESOURCE",
          unclaimed: {
            account_id: account,
            region,
            kind: "volume",
            id: `vol-${hex(index)}`,
            state: "available",
            reason: "NO_EVALUATION",
            evaluation_id: `evl-${idEnd(index)}`,
            first_seen_at: at,
            listed_at: at,
          },
        }
      : {
          kind: "UNOWNED_INSTANCE",
          finding: {
            finding_id: `gov-${account}-${region}-i-${hex(index)}`,
            account_id: account,
            region,
            instance_id: `i-${hex(index)}`,
            instance_type: "m6a.24xlarge",
            image_id: `ami-${hex(index)}`,
            state: "running",
            status: turn(["FLAGGED", "EXEMPT", "STOPPING", "STOPPED", "TERMINATED"], index),
            verdict: turn(["STOP", "ASK", "REPORT"], index),
            effects: ["ROOT_IN_INSTANCE_STORE", "LAST_IN_TARGET_GROUP"],
            first_seen_at: at,
            grace: { since: at, ends_at: later, readings: 3, readings_needed: 5 },
            exemption: { reason: longSentence, until: later, by: caller.name, at },
          },
        },
  ),
});

const accounts = accountPageSchema.parse({
  items: many((index) => ({
    account_id: String(444455550000 + index),
    name: longName(index),
    environment: turn(["LAB", "PROD"], index),
    role_arn: `arn:aws:iam::${String(444455550000 + index)}:role/${"SpotOptimizerRole".repeat(3)}`,
    regions: ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-central-1", "eu-west-1"],
    status: turn(["PENDING", "ACTIVE", "DISABLED"], index),
    permissions: {
      checked_at: at,
      missing: [{ feature: "linear", action: "ec2:ReplaceRoute", regions: ["us-east-1"] }],
    },
    created_at: at,
    updated_at: at,
  })),
});

const [approval] = approvals.items;
const [finding] = waste.items;

export const approvalPath = `/approvals/${approval?.approval_id ?? ""}`;
export const wastePath = `/waste/${finding?.finding_id ?? ""}`;

/** What waits for persons, by its path. */
export const longAnswers: Answers = {
  ...shared,
  "/approvals": json(approvals),
  "/waste": json(waste),
  "/governance": json(governance),
  "/accounts": json(accounts),
  ...(approval !== undefined && {
    [`/approvals/${approval.approval_id}`]: json({ ...approval, is_open: true }),
  }),
  ...(finding !== undefined && { [`/waste/${finding.finding_id}`]: json(finding) }),
};
