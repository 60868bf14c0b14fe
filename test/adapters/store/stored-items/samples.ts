/** Samples of all that is stored, with every field filled in: records of each mode, facts, swaps, intents, effects. */
import type { Absence } from "../../../../core/model/absence.ts";
import type { Account } from "../../../../core/model/account.ts";
import type { CallBudget } from "../../../../core/model/call-budget.ts";
import type { EbsStanding } from "../../../../core/model/ebs-standing.ts";
import type {
  ClusterEvaluation,
  Effect,
  EvaluationHead,
  EvaluationOffers,
  EvaluationOf,
  LinearEvaluation,
  StoredFacts,
} from "../../../../core/model/evaluation.ts";
import {
  deploymentIdSchema,
  evaluationIdSchema,
  resolutionIdSchema,
} from "../../../../core/model/ids.ts";
import type { InstanceFacts } from "../../../../core/model/instance.ts";
import type { Intent } from "../../../../core/model/intent.ts";
import type { LaunchTurn } from "../../../../core/model/launch-turn.ts";
import type { OffBoarding } from "../../../../core/model/off-boarding.ts";
import type { Restore, RestoredTable } from "../../../../core/model/restore.ts";
import type { WatchedPlace } from "../../../../core/model/watched-place.ts";
import type { ReadingLead, SharedHealth } from "../../../../core/model/shared-reading.ts";
import type { JudgedRun } from "../../../../core/model/judged-run.ts";
import type { KeptGroupLook, KeptInstanceLook } from "../../../../core/model/kept-look.ts";
import type { InstanceTypeFacts, Pool, RegionMarket } from "../../../../core/model/market.ts";
import type { Move } from "../../../../core/model/move.ts";
import type { Offer } from "../../../../core/model/offer.ts";
import type { StoredModel } from "../../../../core/model/risk-model.ts";
import type { PlaceStanding } from "../../../../core/model/place-standing.ts";
import type { RaisedMax } from "../../../../core/model/raised-max.ts";
import type { Course } from "../../../../core/model/course.ts";
import type { FailedOffer, Swap } from "../../../../core/model/swap.ts";
import type { Caller, FindingsApproval, TargetApproval } from "../../../../core/model/approval.ts";
import type { ApprovalSettings } from "../../../../core/model/approval-settings.ts";
import type { Message, Notice, Sent } from "../../../../core/model/notice.ts";
import type { NoticeSettings } from "../../../../core/model/notice-settings.ts";
import type { WatchedEnds } from "../../../../core/model/watched-ends.ts";
import type { PoolCost } from "../../../../core/model/pool-cost.ts";
import type { PoolQuarantine } from "../../../../core/model/pool-quarantine.ts";
import type { SpotBackoff } from "../../../../core/model/spot-backoff.ts";
import type { SpotEvent } from "../../../../core/model/spot-event.ts";
import type { SpotInstance } from "../../../../core/model/spot-instance.ts";
import type { TargetGroupFacts } from "../../../../core/model/target-group.ts";
import type { TargetOf } from "../../../../core/model/target.ts";
import type { Switching } from "../../../../core/model/switching.ts";
import type { EnforcerPlace, EnforcerSettings, Finding } from "../../../../core/model/enforcer.ts";
import type { WasteFinding } from "../../../../core/model/waste/finding.ts";
import type { WasteSettings } from "../../../../core/model/waste/settings.ts";
import type { Unclaimed } from "../../../../core/model/unclaimed.ts";
import type { Authorization, Savings, Verdict } from "../../../../core/model/verdict.ts";
import { effectivePolicy } from "../../../../core/policy/policy.ts";
import { noticeIdOf } from "../../../../adapters/store/messages.ts";
import { digestOfFile } from "../../../../adapters/store/models.ts";
import { logisticSample } from "../../../core/risk/model-samples.ts";
import {
  account,
  accountId,
  approvalId,
  at,
  evaluationId,
  instanceId,
  targetId,
} from "../examples.ts";
import type { Full } from "./full.ts";

export const deploymentId = deploymentIdSchema.parse("dpl-0123456789");
const region = "eu-central-1";

export const pool: Full<Pool> = {
  region,
  zoneId: "euc1-az2",
  instanceType: "m5.large",
  product: "Linux/UNIX",
};

const failedOffer: Full<FailedOffer> = {
  pool,
  kind: "NO_CAPACITY",
  code: "InsufficientInstanceCapacity",
  at: at(70),
};

export const connected: Full<Account> = {
  ...account(),
  freezes: [{ from: at(100), until: at(200), reason: "Christmas business" }],
  maxConcurrentSwitches: 3,
  maxExtraHourlyUsd: 2.5,
  permissions: {
    checkedAt: at(5),
    missing: [{ feature: "linear", action: "ec2:StopInstances", regions: [region] }],
  },
};

export const launchTurns: readonly LaunchTurn[] = [
  {
    kind: "WAITER",
    evaluationId: evaluationIdSchema.parse("evl-0123456789abcdefghij"),
    at: at(1),
    standsAlone: true,
    bootSeconds: 95,
  },
  {
    kind: "CALL",
    evaluationId: evaluationIdSchema.parse("evl-0123456789abcdefghij"),
    at: at(2),
    call: "RunInstances",
  },
];

export const readingLead: Full<ReadingLead> = {
  evaluationId: evaluationIdSchema.parse("evl-0123456789abcdefghij"),
  until: at(8),
};

export const restore: Full<Restore> = {
  restoreId: "rst-1",
  epoch: 1_772_366_400,
  at: at(0),
  by: "arn:aws:iam::111122223333:user/ops",
  reason: "INC-1",
  reconciled: {
    at: at(1),
    by: "arn:aws:iam::111122223333:user/ops",
    reason: "Seen",
    hash: "0".repeat(64),
  },
};

export const restoredTable: Full<RestoredTable> = {
  tableName: "spot-optimizer-prod-2",
  at: at(2),
};

export const offBoarding: Full<OffBoarding> = {
  accountId,
  plan: "0".repeat(64),
  by: "arn:aws:iam::111122223333:user/ops",
  at: at(0),
  end: [instanceId(1)],
  isReachable: true,
  waitsFor: ["The kill switch is on: INC-1"],
  workedAt: at(1),
};

export const watchedPlace: Full<WatchedPlace> = {
  accountId,
  region,
  targets: [{ targetId: targetId(1), instanceId: instanceId(1) }],
};

export const sharedHealth: Full<SharedHealth> = {
  instanceId: instanceId(1),
  state: "shutting-down",
  stateReason: "Server.SpotInstanceTermination",
  system: "ok",
  instance: "ok",
  attachedEbs: "not-applicable",
  spotStatus: "instance-terminated-no-capacity",
  spotStatusSince: at(1),
};

export const callBudget: Full<CallBudget> = { takenUntil: at(6) };
export const ebsStanding: Full<EbsStanding> = { notEncryptedAt: at(6), snapshotRoomAt: at(6) };

/** As long as a digest is. */
const digest = "a".repeat(43);

export const judgedRun: Full<JudgedRun> = {
  targetId: targetId(1),
  kind: "SWITCH",
  isWouldSwitch: true,
  reason: "SAVINGS_WORTH_THE_RISK",
  sentence: "m6a.large in euc1-az1 saves 61 %.",
  alike: digest,
  count: 3,
  firstAt: at(1),
  lastAt: at(3),
  actionSince: at(1),
  first: digest,
  verdict: digest,
  facts: {
    subject: digest,
    placement: digest,
    memory: digest,
    market: { product: "Linux/UNIX", digest: "0f5d1b0c" },
  },
};

export const keptLook: KeptInstanceLook = {
  targetId: targetId(1),
  triedAt: at(3),
  launchedAt: at(1),
  state: "running",
  policyVersion: "pol-0",
  isShadowMode: true,
  found: {
    kind: "LOOKED",
    look: {
      readAt: at(3),
      launchedAt: at(1),
      state: "running",
      instance: {
        disableApiTermination: false,
        disableApiStop: false,
        domainJoined: false,
        targetGroups: [],
      },
      unenrolled: [],
      launch: { keyPairExists: true },
    },
  },
};

export const keptGroupLook: KeptGroupLook = {
  targetId: targetId(2),
  triedAt: at(3),
  policyVersion: "pol-0",
  isShadowMode: true,
  settings: digest,
  found: { kind: "LOOKED", facts: digest },
};

export const absence: Full<Absence> = {
  targetId: targetId(1),
  accountId,
  region: "eu-central-1",
  subject: "group web-blue",
  since: at(1),
  lastAt: at(3601),
  readings: 5,
  unseenSeconds: 3600,
  gone: { at: at(3601), how: "NOT_FOUND", afterSeconds: 3600 },
};

export const spotInstance: Full<SpotInstance> = {
  accountId,
  region: "eu-central-1",
  instanceId: instanceId(1),
  instanceType: "m5.large",
  zoneId: "euc1-az2",
  product: "Linux/UNIX",
  launchedAt: at(2),
  targetId: targetId(1),
};

export const poolQuarantine: Full<PoolQuarantine> = {
  pool,
  reason: "Incident 4711",
  since: at(1),
  until: at(86_400),
  setBy: "arn:aws:iam::111122223333:role/Operator",
};

export const poolCost: Full<PoolCost> = {
  accountId,
  pool,
  targets: 2,
  hourlyUsd: 0.08,
  at: at(6),
};

const toldAt = { accountId, region: "eu-central-1", at: at(1), receivedAt: at(2) } as const;

/** One of each kind. */
export const spotEvents: readonly Full<SpotEvent>[] = [
  {
    ...toldAt,
    kind: "INTERRUPTION_WARNING",
    instanceId: instanceId(1),
    action: "terminate",
  },
  { ...toldAt, kind: "REBALANCE_RECOMMENDATION", instanceId: instanceId(1) },
  { ...toldAt, kind: "STATE_CHANGE", instanceId: instanceId(1), state: "shutting-down" },
  {
    ...toldAt,
    kind: "TERMINATE_HOOK",
    instanceId: instanceId(1),
    asgName: "web",
    hookName: "drain",
    token: "0123",
  },
  { ...toldAt, kind: "FIS_EXPERIMENT", experimentId: "EXP1", status: "running" },
];

export const placeStanding: Full<PlaceStanding> = {
  accountId,
  region: "eu-central-1",
  sweptAt: at(3),
  readAt: at(2),
  instances: 40,
  targets: 12,
  judged: 0,
  failure: { error: "BrokenPermission", cause: "AccessDenied", since: at(2) },
};

export const switching: Full<Switching> = {
  running: [
    {
      evaluationId: evaluationId(1),
      region,
      leaseResource: `instance#${accountId}#${instanceId(1)}`,
      takenAt: at(40),
      extraHourlyUsd: 0.13,
      leaves: { instanceId: instanceId(1), instanceType: "m5.large", product: "Linux/UNIX" },
    },
  ],
  rolledBack: [
    { evaluationId: evaluationId(9), at: at(-900), error: "BrokenQuota", wasDown: false },
  ],
  halt: { at: at(-900), error: "BrokenQuota", evaluationIds: [evaluationId(8), evaluationId(9)] },
  beganAt: { [region]: at(-86_400) },
};

export const unclaimed: Full<Unclaimed> = {
  accountId,
  region,
  kind: "instance",
  id: instanceId(7),
  state: "running",
  reason: "NO_INTENT",
  evaluationTag: evaluationId(1),
  instanceId: instanceId(7),
  madeAt: at(0),
  firstSeenAt: at(10),
  listedAt: at(4_000),
  missingSince: at(9_000),
  monthlyUsd: 70.08,
};

export const enforcerSettings: Full<EnforcerSettings> = {
  mode: "ON",
  topicArn: "arn:aws:sns:eu-central-1:444455556666:spot-optimizer-notices",
  allowedTags: [{ key: "team", value: "payments" }],
  allowedInstanceIds: [instanceId(8)],
  allowedImageIds: ["ami-0123456789abcdef0"],
  allowedPrincipals: ["arn:aws:iam::444455556666:instance-profile/bastion"],
  terminateAfterDays: 30,
  onSince: at(0),
  setBy: { name: "arn:aws:iam::111122223333:user/ada", keys: ["AIDAEXAMPLE000000001"] },
  updatedAt: at(1),
};

export const enforcerPlace: Full<EnforcerPlace> = {
  accountId,
  region,
  dueAt: at(3_600),
  ruleSet: "0f5d1b0c0f5d1b0c",
  epoch: "spot-optimizer-prod#",
  onSince: at(0),
  watchingSince: at(0),
  completeAt: at(10),
  incomplete: { at: at(20), because: "NO_TAGS" },
  running: 120,
  byTagOnly: 3,
  paused: { since: at(30), ruleSet: "0f5d1b0c0f5d1b0c", newlyFlagged: 13 },
  stops: [{ instanceId: instanceId(9), at: at(40) }],
};

export const finding: Full<Finding> = {
  accountId,
  region,
  instanceId: instanceId(9),
  instanceType: "m5.large",
  imageId: "ami-0123456789abcdef0",
  state: "running",
  launchedAt: at(-7_200),
  status: "FLAGGED",
  verdict: "STOP",
  effects: ["LOSES_PUBLIC_ADDRESS"],
  lookedAt: at(86_400),
  firstSeenAt: at(0),
  flaggedAt: at(0),
  readings: 21,
  lastDueAt: at(76_000),
  dueBeforeAt: at(72_400),
  flagNotice: { at: at(60), messageId: "11111111-2222-4333-8444-555555555555" },
  warning: { at: at(86_500), messageId: "21111111-2222-4333-8444-555555555555" },
  doneNotice: { at: at(91_000), messageId: "31111111-2222-4333-8444-555555555555" },
  noticing: { kind: "DONE", at: at(90_990) },
  noticeFailed: { kind: "WARNING", at: at(86_400), error: "BrokenPermission" },
  exemption: { reason: "Bastion", until: at(600_000), by: "local", at: at(50) },
  agreed: { kind: "STOP_INSTANCES", approvalId: approvalId(1), until: at(170_000) },
  stop: {
    plannedAt: at(90_500),
    launchedAt: at(-7_200),
    requestId: "41111111-2222-4333-8444-555555555555",
    stoppedAt: at(90_600),
  },
  termination: { plannedAt: at(900_000), requestId: "51111111-2222-4333-8444-555555555555" },
  missingSince: at(950_000),
};

export const wasteFinding: Full<WasteFinding> = {
  findingId: "wst-0123456789abcdefghjk",
  accountId,
  region,
  kind: "UNATTACHED_VOLUME",
  resourceId: "vol-0a1b2c3d4e5f60718",
  status: "DELETED",
  firstSeenAt: at(0),
  lastSeenAt: at(1_209_600),
  countedSeconds: 1_209_600,
  label: "scratch",
  owner: "shop",
  why: "Nothing has the volume.",
  effect: "Makes a snapshot, and deletes the volume.",
  undo: "Restore it from the Recycle Bin.",
  unchecked: ["scripts that name it"],
  monthlyUsd: 8,
  countedWith: instanceId(1),
  pricedAt: at(-86_400),
  checkedAt: at(1_209_600),
  reasons: [{ code: "NOT_READ", sentence: "CloudWatch gave no answer." }],
  dismissal: { reason: "Needed", by: "ada", at: at(1), until: at(2) },
  deletion: {
    approvalId: approvalId(1),
    begunAt: at(1_209_700),
    calls: [
      {
        action: "CREATE_SNAPSHOT",
        plannedAt: at(1_209_701),
        actedAt: at(1_209_702),
        requestId: "request-1",
      },
    ],
    before: "Nothing has the volume.",
    snapshotId: "snap-0a1b2c3d4e5f60718",
    snapshotUntil: at(3_801_702),
    deletedAt: at(1_209_800),
    binExitsAt: at(1_814_600),
    nextAt: at(3_801_702),
    waitsFor: "AWS shows it still.",
  },
  closed: { at: at(3_801_800), why: "It is deleted." },
  tableName: "spot-optimizer-prod",
};

export const notice: Omit<Full<Notice>, "member"> = {
  kind: "NEEDS_OPERATOR",
  accountId,
  region: "eu-central-1",
  targetId: targetId(1),
  evaluationId: evaluationId(1),
  error: "BrokenNeedsOperator",
  resource: targetId(1),
  state: evaluationId(1),
  sentence: "Somebody must look.",
  figures: { downtime_seconds: 12 },
  nextStep: "Decide what becomes of it.",
  path: `/evaluations/${evaluationId(1)}`,
  at: at(60),
};

export const memberNotice: Full<Notice> = { ...notice, member: targetId(1) };

const sent: Full<Sent> = {
  at: at(60),
  lastAt: at(60),
  state: evaluationId(1),
  joined: 1,
  isPassedOver: true,
  messageId: "m-1",
  failing: { since: at(70), attempts: 2, retryAt: at(200), error: "It does not answer." },
};

export const message: Full<Message> = {
  noticeId: noticeIdOf(notice),
  latest: memberNotice,
  firstAt: at(0),
  lastAt: at(60),
  times: 2,
  members: [{ name: targetId(1), at: at(60) }],
  joined: 1,
  counted: ["2026-03-01T10:01:00.000Z#0123456789abcdef"],
  acknowledged: { by: "ada", at: at(90), state: evaluationId(1), joined: 1 },
  overAt: at(99),
  sent: { SNS: sent, WEBHOOK: sent, EVENT_BUS: sent },
};

export const noticeSettings: Full<NoticeSettings> = {
  topicArn: `arn:aws:sns:eu-central-1:${accountId}:spot-optimizer-notices`,
  kinds: ["NEEDS_OPERATOR"],
  webhook: {
    url: "https://hooks.example.com/spot-optimizer",
    sealedSecret: "c2VhbGVk",
    secretSetAt: at(0),
  },
  setBy: { name: "arn:aws:iam::111122223333:user/ada", keys: ["user:AIDAEXAMPLE000000001"] },
  updatedAt: at(0),
};

export const watchedEnds: Full<WatchedEnds> = {
  lookedAt: at(60),
  open: [evaluationId(1)],
  told: [`${evaluationId(2)}#${at(30)}`],
};

export const wasteSettings: Full<WasteSettings> = {
  enabled: true,
  days: {
    FAST_SNAPSHOT_RESTORE: 8,
    UNATTACHED_VOLUME: 30,
    OLD_SNAPSHOT: 180,
    UNUSED_IMAGE: 180,
    UNASSOCIATED_ADDRESS: 14,
    IDLE_ADDRESS: 14,
    STOPPED_INSTANCE: 60,
    IDLE_LOAD_BALANCER: 60,
    IDLE_NAT_GATEWAY: 60,
  },
  ownerTags: ["Owner"],
  snapshotDays: 14,
  setBy: { name: "arn:aws:iam::111122223333:user/ada", keys: ["user:AIDAEXAMPLE000000001"] },
  updatedAt: at(1),
};

const targetBase: Full<
  Omit<TargetOf<"LINEAR">, "pipelineMode" | "ownersDeletionFlags" | "retirement">
> = {
  targetId: targetId(1),
  accountId,
  region,
  instanceId: instanceId(1),
  instanceType: "m5.large",
  availabilityZone: "eu-central-1a",
  isShadowMode: false,
  staysOnDemand: { evaluationId: evaluationId(4), since: at(-90) },
  policyOverrides: effectivePolicy("LINEAR"),
  modelVersion: "logistic-7",
  lastSwitchAt: at(-86_400),
  lastEvaluatedAt: at(-900),
  evaluateAt: at(2700),
  launchesSeen: [at(-86_400), at(-3600)],
  downtimes: [{ evaluationId: evaluationId(9), at: at(-900), seconds: 331.5 }],
  failedAttempt: {
    evaluationId: evaluationId(9),
    at: at(-900),
    cause: {
      error: "BrokenQuota",
      code: "TagLimitExceeded",
      action: "CreateTags",
      resource: instanceId(1),
      factKind: "tags",
      fact: "50 tags",
    },
    hadDowntime: false,
    retryAt: at(2700),
  },
  createdAt: at(0),
  updatedAt: at(1),
};

export const linearTarget: Full<TargetOf<"LINEAR">> = {
  ...targetBase,
  pipelineMode: "LINEAR",
  ownersDeletionFlags: {
    root: true,
    primaryInterface: true,
    volumes: [{ volumeId: "vol-0data", deleteOnTermination: true }],
    interfaces: [{ networkInterfaceId: "eni-0second", deleteOnTermination: false }],
  },
  retirement: {
    evaluationId: evaluationId(9),
    of: "RETIRE_ORIGINAL",
    resource: instanceId(9),
    kind: "KEPT",
    reason: "STARTED_AGAIN",
    sentence: "Somebody started it again.",
    at: at(-60),
  },
};

export const clusterTarget: Full<TargetOf<"CLUSTER">> = {
  ...targetBase,
  targetId: targetId(2),
  instanceId: instanceId(2),
  createdAt: at(2),
  pipelineMode: "CLUSTER",
  group: { asgName: "web-blue" },
};

/** One that stands: what is over reads as none. */
export const raisedMax: Omit<Full<RaisedMax>, "isOver"> = {
  evaluationId: evaluationId(1),
  maxOriginal: 6,
  maxRaised: 8,
};

export const kubernetesTarget: Full<TargetOf<"KUBERNETES">> = {
  ...targetBase,
  targetId: targetId(3),
  instanceId: instanceId(3),
  createdAt: at(3),
  pipelineMode: "KUBERNETES",
  node: {
    clusterName: "prod-eu",
    nodeGroup: "workers",
    role: "worker",
    scope: "ALL",
    asgName: "workers-asg",
  },
};

const savings: Full<Savings> = { hourlyUsd: 0.07, monthlyUsd: 51.1, percent: 61 };

const verdict: Full<Verdict> = {
  kind: "SWITCH",
  reason: "SAVINGS_WORTH_THE_RISK",
  sentence: "Spot saves 61 %.",
  offers: [pool],
  savings,
  retryAt: at(2700),
  unchecked: ["TERMINATION_PROTECTED", "ROUTER_OR_NAT"],
  modelVersion: "logistic-7",
  judgementVersion: 2,
  policyVersion: "pol-0123456789ab",
  judgedAt: at(30),
};

const authorization: Full<Extract<Authorization, { kind: "APPROVAL_REQUIRED" }>> = {
  kind: "APPROVAL_REQUIRED",
  sentence: "A person must agree.",
  approval: { approvalId: approvalId(1), boundsHash: "hash-1" },
  bounds: {
    subject: instanceId(1),
    launchedAt: at(-86_400),
    groupArn: "arn:aws:autoscaling:eu-central-1:444455556666:autoScalingGroup:uuid:name",
    poolKeys: ["eu-central-1#euc1-az2#m5.large#Linux/UNIX"],
    maxHourlyUsd: 0.06,
    minSavingsPercent: 40,
    maxDowntimeMinutes: 9,
    changes: ["the public address 203.0.113.7"],
  },
};

const caller: Full<Caller> = {
  name: "arn:aws:iam::111122223333:user/ada",
  keys: ["user:AIDAEXAMPLE000000001", "name:ada"],
};

export const approval: Full<TargetApproval> = {
  approvalId: approvalId(1),
  kind: "SWITCH",
  accountId,
  region,
  targetId: targetId(1),
  bounds: authorization.bounds,
  boundsHash: "hash-1",
  because: "A person must agree.",
  needed: 2,
  rejectionDays: 30,
  status: "REJECTED",
  evaluationId: evaluationId(1),
  startedBy: "sweep",
  evaluationKind: "FALL_BACK",
  askedBy: caller,
  askedAt: at(1),
  expiresAt: at(86_401),
  tableName: "spot-optimizer-prod",
  votes: [
    {
      by: caller,
      as: { kind: "USER", id: "AIDAEXAMPLE000000001" },
      at: at(2),
      boundsHash: "hash-1",
      comment: "Agreed.",
    },
  ],
  rejection: { by: caller, at: at(3), comment: "Not now.", until: at(2_592_003) },
  brokenGlass: {
    by: caller,
    as: { kind: "USER", id: "AIDAEXAMPLE000000001" },
    at: at(3),
    boundsHash: "hash-1",
    reason: "Incident 4711",
  },
  consumed: { by: evaluationId(2), at: at(4) },
  supersededBy: approvalId(2),
};

const {
  targetId: _target,
  evaluationId: _asking,
  startedBy: _starter,
  evaluationKind: _purpose,
  ...ofEither
} = approval;

export const findingsApproval: Full<FindingsApproval> = {
  ...ofEither,
  kind: "DELETE_WASTE",
  bounds: {
    subject: "vol-0a1b2c3d4e5f60718",
    changes: ["a snapshot is taken, and the volume is deleted"],
    isIrreversible: false,
    minMonthlySavingUsd: 7,
  },
  findings: ["vol-0a1b2c3d4e5f60718"],
};

export const approvalSettings: Full<ApprovalSettings> = {
  switches: "FIRST_IN_PROD",
  approvalsNeeded: 2,
  approvalHours: 48,
  rejectionDays: 7,
  approvers: [
    { kind: "USER", id: "AIDAEXAMPLE000000001" },
    { kind: "SSO_ROLE", id: "AROAEXAMPLE000000001" },
  ],
  breakGlass: [{ kind: "ROLE", id: "AROAEXAMPLE000000002" }],
  updatedAt: at(1),
};

const { externalId: _withheld, ...shownAccount } = connected;

const head: Full<EvaluationHead> = {
  evaluationId: evaluationId(1),
  deploymentId,
  targetId: targetId(1),
  accountId,
  environment: "LAB",
  region,
  isShadowMode: false,
  status: "NEEDS_OPERATOR",
  kind: "FALL_BACK",
  startedBy: "api",
  requestedBy: { name: "arn:aws:iam::111122223333:user/ada", keys: ["name:ada"] },
  approvalId: approvalId(2),
  startedAt: at(1),
  endedAt: at(900),
  executionArn: "arn:aws:states:eu-central-1:111122223333:execution:linear:evl-1",
  sharesReadings: true,
  leases: [{ resource: `instance#${accountId}#${instanceId(1)}`, fence: 3, expiresAt: at(900) }],
  policy: effectivePolicy("LINEAR"),
  policyVersion: "pol-0123456789ab",
  modelVersion: "logistic-7",
  registered: { account: shownAccount, target: linearTarget },
  lastSwitchAt: at(-86_400),
  phases: [
    { name: "scrape", round: 1, startedAt: at(2), endedAt: at(5), summary: "Read." },
    { name: "attach", round: 2, startedAt: at(60), endedAt: at(61), summary: "Attached." },
  ],
  waits: {
    "await-healthy#2": {
      round: 2,
      beganAt: at(62),
      deadline: at(962),
      pace: { firstSeconds: 150, everySeconds: 30, mostSeconds: 60 },
      reached: 3,
    },
  },
  verdict,
  authorization,
  launchExhausted: "No pool had room.",
  proofs: [
    {
      stage: "before",
      name: "GET https://shop.example.com/health",
      holds: true,
      sentence: "https://shop.example.com/health answers 200.",
      at: at(50),
    },
  ],
  hooks: [
    {
      hook: "before_freeze",
      document: "quiesce",
      instanceId: instanceId(1),
      hasSucceeded: true,
      sentence: "Document quiesce succeeded.",
      at: at(55),
    },
  ],
  postponed: { reason: "PACE", sentence: "1 of at most 1 switches go on.", retryAt: at(40) },
  failure: { error: "BrokenQuota", cause: "The quota is used up." },
  rollbackProblem: "The original is gone.",
  isHeld: true,
  heldBecause: "ONLY_FORWARD",
  leftBehind: [{ kind: "volume", id: "vol-7", state: "available" }],
  outcome: {
    status: "NEEDS_OPERATOR",
    isHeld: true,
    reason: "REPLACEMENT_SERVES",
    sentence: "The replacement serves and holds the newer writes.",
  },
  settlements: [
    {
      of: "EXPIRE_IMAGE",
      resource: "ami-0warm",
      kind: "KEPT",
      reason: "SHARED",
      sentence: "Another account may launch from it.",
      at: at(600),
    },
  ],
  resolutions: [
    {
      resolutionId: resolutionIdSchema.parse("res-0123456789abcdefghij"),
      kind: "ADOPT",
      serving: instanceId(2),
      by: "arn:aws:iam::111122223333:user/operator",
      reason: "The replacement serves.",
      at: at(1000),
      outcomeBefore: {
        status: "NEEDS_OPERATOR",
        isHeld: true,
        reason: "REPLACEMENT_SERVES",
        sentence: "The replacement serves and holds the newer writes.",
      },
      executionArn: "arn:aws:states:eu-central-1:111122223333:execution:linear:evl-1-res-1",
      doneAt: at(1010),
      notStarted: "StartExecution evl-1: AccessDeniedException.",
    },
  ],
  supersededBy: evaluationId(2),
  estimatedSavings: savings,
  downtimeSeconds: 120,
  returnCapacity: {
    reservationId: "cr-1",
    from: at(90),
    until: at(700),
    hourlyUsd: 0.096,
    usd: 0.016267,
  },
  version: 1,
};

const targetGroup: Full<TargetGroupFacts> = {
  arn: "arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/w/1",
  port: 80,
  loadBalancers: [
    {
      arn: "arn:aws:elasticloadbalancing:eu-central-1:1:loadbalancer/app/w/1",
      zoneIds: ["euc1-az2"],
    },
  ],
};

export const linearEvaluation: Full<LinearEvaluation> = {
  ...head,
  mode: "LINEAR",
  subject: { kind: "INSTANCE", accountId, region, instanceId: instanceId(1) },
  progress: {
    warmImageId: "ami-1",
    finalImageId: "ami-2",
    rootTransfer: "relaunch",
    movedRootVolumeId: "vol-1",
    failedRelaunches: [failedOffer],
    trafficBeforeFreeze: { readAt: at(99), targetGroups: [targetGroup] },
    unsecuredReturn: "EC2 has no m5.large.",
    keptOriginal: {
      instanceId: instanceId(2),
      refusal: "EC2 has no room for it.",
      isLast: true,
    },
    spotExhausted: "No offer gave capacity (m5.large in euc1-az1: InsufficientInstanceCapacity).",
    failedOnDemand: [failedOffer],
    frozenAt: at(100),
    takenAt: at(100),
    failedRootTasks: ["replacevol-1"],
    leftVolumes: ["vol-1"],
    servedFrom: at(200),
    servingAt: at(220),
    movedAgain: 1,
    differences: ["tag Name=web is gone"],
    ownersStop: { at: at(100), sentence: "Its owner stopped it." },
    followUps: ["The public address was 198.51.100.7."],
    flagsNotReturned: "The kill switch is on.",
    replacementLostAt: at(640),
    restoredAt: at(700),
    writesNotReturned: { since: at(200), volumeId: "vol-1" },
  },
};

export const clusterEvaluation: Full<ClusterEvaluation> = {
  ...head,
  evaluationId: evaluationId(2),
  targetId: targetId(2),
  status: "PARTLY_SWITCHED",
  leases: [{ resource: `group#${accountId}#${region}#web-blue`, fence: 1, expiresAt: at(900) }],
  registered: { account: shownAccount, target: clusterTarget },
  mode: "CLUSTER",
  subject: { kind: "GROUP", accountId, region, asgName: "web-blue" },
  progress: {
    batch: 2,
    untried: 2,
    decided: [instanceId(7)],
    ledger: { asked: 4, absorbed: 1, reckonedTo: at(60) },
    ended: {
      reason: "OUTSIDE_WINDOW",
      sentence: "The window is closed.",
      retryAt: at(3600),
    },
  },
};

export const kubernetesEvaluation: Full<EvaluationOf<"KUBERNETES">> = {
  ...head,
  evaluationId: evaluationId(3),
  targetId: targetId(3),
  leases: [
    { resource: `group#${accountId}#${region}#workers-asg`, fence: 1, expiresAt: at(900) },
    { resource: `node-group#${accountId}#${region}#prod-eu#workers`, fence: 4, expiresAt: at(900) },
  ],
  registered: { account: shownAccount, target: kubernetesTarget },
  mode: "KUBERNETES",
  subject: {
    kind: "NODE_GROUP",
    accountId,
    region,
    clusterName: "prod-eu",
    nodeGroup: "workers",
    asgName: "workers-asg",
    instanceId: instanceId(7),
  },
  progress: {
    endsAt: at(420),
    round: 2,
    original: {
      instanceId: instanceId(7),
      name: "ip-10-0-1-7.eu-west-1.compute.internal",
      uid: "uid-1",
    },
    later: [
      {
        instanceId: instanceId(8),
        name: "ip-10-0-1-8.eu-west-1.compute.internal",
        uid: "uid-3",
      },
    ],
    joined: {
      instanceId: instanceId(9),
      name: "ip-10-0-1-9.eu-west-1.compute.internal",
      uid: "uid-2",
    },
    drain: {
      beganAt: at(300),
      progressAt: at(360),
      left: 2,
      evicted: 9,
      graceSeconds: 30,
      emptySince: at(420),
      workloads: [
        {
          key: "shop/Deployment/web",
          evicted: 9,
          evictedAt: at(360),
          created: 8,
          settled: 7,
          goesSingly: true,
          missingSince: at(365),
        },
      ],
      blockers: [
        {
          namespace: "shop",
          pod: "web-1",
          code: "BUDGET",
          sentence: "Budget shop/web allows none now.",
          budget: "shop/web",
          since: at(330),
          retryAt: at(335),
          isLasting: true,
        },
      ],
    },
    untried: 1,
    ended: { reason: "OUTSIDE_WINDOW", sentence: "The window is closed.", retryAt: at(3600) },
  },
};

const type: Full<InstanceTypeFacts> = {
  instanceType: "m5.large",
  vcpu: 2,
  defaultCpu: { coreCount: 1, threadsPerCore: 2 },
  attachments: { volumes: 27, isShared: true },
  ipv6PerInterface: 10,
  requiresEna: true,
  encryptsTraffic: true,
  placementStrategies: ["cluster"],
  nitroTpm: true,
  memoryMib: 8192,
  architectures: ["x86_64"],
  gpuCount: 0,
  gpuMemoryMib: 0,
  gpuName: "none",
  accelerators: [{ kind: "neuron", name: "Inferentia", count: 1, memoryMib: 8192 }],
  networkGbps: 0.75,
  ebsMbps: 81.25,
  instanceStoreGb: 0,
  maxNetworkInterfaces: 3,
  ipv4PerInterface: 10,
  supportsSpot: true,
  bareMetal: false,
  burstable: false,
  currentGeneration: true,
  generation: { scale: "general", number: 5 },
  hypervisor: "nitro",
  virtualizationTypes: ["hvm"],
  bootModes: ["legacy-bios", "uefi"],
};

const instance: Full<InstanceFacts> = {
  accountId,
  region,
  instanceId: instanceId(1),
  instanceType: "m5.large",
  state: "running",
  launchedAt: at(-3600),
  architecture: "x86_64",
  platformDetails: "Linux/UNIX",
  imageId: "ami-0123456789abcdef0",
  imageExists: true,
  cpuOptions: { coreCount: 1, threadsPerCore: 2 },
  placementGroup: { name: "ring", groupId: "pg-1", strategy: "cluster", spreadLevel: "rack" },
  keyName: "ops",
  tpm: "v2.0",
  enaSupport: true,
  notCarried: [{ member: "OutpostArn", reason: "Outposts sell no Spot" }],
  productCodes: ["code-1"],
  lifecycle: "scheduled",
  operatorManaged: false,
  tenancy: "default",
  rootDeviceType: "ebs",
  rootDeviceName: "/dev/xvda",
  hibernationConfigured: false,
  disableApiTermination: false,
  disableApiStop: false,
  enclaveEnabled: false,
  domainJoined: false,
  directoryDomain: "corp.example.com",
  capacityReservationId: "cr-1",
  capacityChoice: {
    preference: "open",
    reservationId: "cr-1",
    groupArn: "arn:aws:resource-groups:g",
  },
  vpcId: "vpc-1",
  subnetId: "subnet-1",
  zoneName: "eu-central-1a",
  zoneId: "euc1-az2",
  ebsOptimized: true,
  instanceStoreDevices: ["/dev/sdb"],
  volumes: [
    {
      volumeId: "vol-1",
      deviceName: "/dev/xvda",
      isRoot: true,
      sizeGib: 8,
      volumeType: "gp3",
      encrypted: true,
      kmsKeyId: "arn:aws:kms:eu-central-1:444455556666:key/1",
      multiAttach: false,
      tags: { team: "shop" },
      deleteOnTermination: true,
      zoneName: "eu-central-1a",
    },
  ],
  networkInterfaces: [
    {
      networkInterfaceId: "eni-1",
      attachmentId: "eni-attach-1",
      deviceIndex: 0,
      networkCardIndex: 0,
      subnetId: "subnet-1",
      securityGroupIds: ["sg-1"],
      sourceDestCheck: true,
      interfaceType: "interface",
      deleteOnTermination: true,
      ipv6Count: 0,
      tags: { team: "shop" },
      privateAddresses: [
        {
          privateIp: "10.0.0.5",
          primary: true,
          allocationId: "eipalloc-1",
          publicIp: "203.0.113.7",
        },
      ],
    },
  ],
  autoAssignedPublicIp: "203.0.113.8",
  targetGroups: [targetGroup],
  classicLoadBalancers: ["old-web"],
  scheduledEvents: ["instance-reboot"],
  tags: { Name: "shop" },
  launchSettings: { "instance profile": "none" },
  unenrolled: ["vol-0123456789abcdef0"],
};

export const market: Full<RegionMarket> = {
  region,
  product: "Linux/UNIX",
  readAt: at(3),
  types: [type],
  offerings: [{ instanceType: "m5.large", zoneId: "euc1-az2" }],
  spotPrices: [
    { zoneId: "euc1-az2", instanceType: "m5.large", hourlyUsd: 0.045, since: at(-7200) },
  ],
  spotPricesFetchedAt: at(3),
  onDemand: [{ instanceType: "m5.large", hourlyUsd: 0.115 }],
  onDemandFetchedAt: at(-600),
  bands: [{ instanceType: "m5.large", band: 1, label: "5-10%", minPercent: 5, maxPercent: 10 }],
  bandsFetchedAt: at(-600),
};

export const spotBackoff: Full<SpotBackoff> = {
  targetId: targetId(1),
  evaluationId: evaluationId(5),
  lostPool: { zoneId: "euc1-az2", instanceType: "m5.large", product: "Linux/UNIX" },
  lostAt: at(-9),
  losses: 3,
  recoveredAt: at(-8),
  returnBegunAt: at(-1),
};

/** Those of a judged instance, for the market named. */
export const factsOn = (digest: string): Full<StoredFacts<"LINEAR">> => ({
  observedAt: at(4),
  kind: "FALL_BACK",
  placedBy: {
    evaluationId: evaluationId(3),
    originalId: instanceId(6),
    originalType: "m5.large",
  },
  lost: {
    how: "ENDED",
    by: "EC2",
    downSince: at(2),
    sentence: "The Spot Instance is terminated.",
    pool: failedOffer.pool,
    bootSeconds: 95,
    isAskedFor: true,
  },
  noFallback: "The role in account 111122223333 lacked ec2:RunInstances.",
  backoff: spotBackoff,
  isRecommended: true,
  deploymentId,
  instance,
  originalType: type,
  commands: {
    ping: "Online",
    documents: [
      { name: "quiesce", status: "Active", type: "Command", requiredParameters: ["Database"] },
    ],
  },
  launch: {
    keyPairExists: true,
    refusal: { code: "InvalidParameterValue", message: "Invalid IAM Instance Profile ARN" },
    snapshots: { kind: "COUNTED", count: 99_999, quota: 100_000 },
    keys: [
      {
        kind: "FOUND",
        keyId: "arn:aws:kms:eu-central-1:111122223333:key/one",
        of: ["vol-1"],
        isLaunched: true,
        isDefault: true,
        state: "Enabled",
        access: { role: { kind: "OPEN" }, spot: { kind: "UNREAD", because: "Not allowed" } },
      },
    ],
  },
  riskModel: { version: "logistic-7", status: "candidate" },
  market: {
    observedAt: at(4),
    losses: [{ zoneId: "euc1-az2", instanceType: "m5.large", at: at(-50), held: 3 }],
    refusals: [{ zoneId: "euc1-az2", instanceType: "c5.large", at: at(-60), held: 2 }],
    quarantined: [{ poolKey: "eu-central-1#euc1-az2#c5.large#x", until: at(99), reason: "Test." }],
    subnets: [
      {
        subnetId: "subnet-1",
        zoneId: "euc1-az2",
        zoneName: "eu-central-1a",
        freeAddresses: 12,
        egress: "nat",
        borderGroup: "eu-central-1",
      },
    ],
    reserved: { reservedCount: 1, runningCount: 4, leaving: [instanceId(2)] },
    reservedOthers: { "m5.xlarge": { reservedCount: 2, runningCount: 3, leaving: [] } },
    placementScores: [{ zoneId: "euc1-az2", score: 7 }],
    stored: { region, product: "Linux/UNIX", digest },
  },
});

export const offer: Full<Offer> = {
  pool,
  purchase: "ON_DEMAND",
  spotHourlyUsd: 0.045,
  onDemandHourlyUsd: 0.115,
  band: 1,
  bandLabel: "5-10%",
  placementScore: 7,
  rejection: { code: "RISK_OVER_LIMIT", sentence: "is too risky" },
  risk: { probability: 0.07, horizonHours: 6, modelVersion: "logistic-7" },
  laterProbabilities: [0.09, 0.12],
  staying: { probability: 0.05, horizonHours: 6, modelVersion: "logistic-7" },
  expectedHourlyUsd: 0.05,
  savingsPercent: 61,
};

const move: Full<Move> = { originalId: instanceId(1), pool, purchase: "ON_DEMAND" };

export const chosen: Full<EvaluationOffers> = { offers: [offer], moves: [move] };

export const course: Full<Course> = {
  capacity: [
    { at: at(0), asked: 4, desired: 4, inService: 4, serving: 4, servingOnSpot: 1, lackingByUs: 0 },
    { at: at(5), asked: 4, desired: 5, inService: 4, serving: 3, servingOnSpot: 1, lackingByUs: 1 },
  ],
  budgets: [{ at: at(0), name: "web/frontend", allowed: 1, healthy: 3, needed: 2 }],
  leftOut: 1,
  budgetsLeftOut: 2,
};

export const swap: Full<Swap> = {
  swapId: "swap-2",
  originalId: instanceId(1),
  stage: "LEFT",
  sentence: "Left to a person.",
  failed: [failedOffer],
  replacement: { instanceId: instanceId(4), pool, launchedAt: at(300) },
  heldId: instanceId(5),
  batch: 2,
  purchase: "ON_DEMAND",
  offers: [pool],
  joinedAt: at(400),
  givenUp: "The pool took it back.",
};

export const effect: Full<Effect> = {
  swapId: "swap-2",
  action: "RunInstances",
  resource: "eu-central-1#euc1-az2#m5.large#Linux/UNIX",
  at: at(70),
  requestId: "request-1",
  outcome: "REFUSED",
  message: "No capacity.",
};

const intentBase: Full<Omit<Intent, "change">> = {
  id: "raise-max",
  status: "ACTED",
  swapId: "swap-2",
  fence: 3,
  plannedAt: at(60),
  actedAt: at(61),
  undoneAt: at(900),
  before: { maxSize: 6, isProtected: true, suspended: "AZRebalance", warmPool: null },
  callDigest: "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",
  retryAt: at(1800),
};

export const launchIntent: Full<Intent> = {
  ...intentBase,
  id: "launch-warm-1-subnet-1",
  change: {
    kind: "LAUNCH_INSTANCE",
    clientToken: "so-1",
    poolKey: "eu-central-1#euc1-az2#m5.large#Linux/UNIX",
    imageId: "ami-1",
    subnetId: "subnet-1",
    instanceId: instanceId(4),
    places: [
      {
        poolKey: "eu-central-1#euc1-az2#m5.large#Linux/UNIX",
        subnetId: "subnet-0123456789abcdef0",
      },
    ],
    spotRequestId: "sir-1",
  },
};

export const dueIntent: Full<Intent> = {
  ...intentBase,
  id: "retire",
  status: "COMMITTED",
  change: {
    kind: "RETIRE_ORIGINAL",
    instanceId: instanceId(1),
    dueAt: at(600),
    partIds: ["vol-1", "eni-1"],
    launchedAt: "2026-02-01T00:00:00.000Z",
    takenBy: evaluationId(2),
    isLeftRunning: true,
  },
};

export const model: Full<StoredModel> = {
  version: "logistic-7",
  kind: "logistic",
  featureVersion: "features-1",
  horizonHours: 6,
  trainedOn: { from: at(-9000), to: at(-8000), traces: ["p3-east"], examples: 1000 },
  metrics: { brier: 0.08, log_loss: 0.3, auc: 0.8, base_rate: 0.1, reliability: [] },
  status: "graduated",
  history: [
    { status: "graduated", at: at(0), by: "operator", reason: "It is good.", isForced: true },
  ],
  digest: digestOfFile(logisticSample),
  createdAt: at(0),
};
