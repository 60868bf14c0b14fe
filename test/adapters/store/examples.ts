/** Records for the tests of the store. */
import { effectivePolicy } from "../../../core/policy/policy.ts";
import {
  accountIdSchema,
  approvalIdSchema,
  deploymentIdSchema,
  evaluationIdSchema,
  instanceIdSchema,
  targetIdSchema,
} from "../../../core/model/ids.ts";
import type { ApprovalId, EvaluationId, InstanceId, TargetId } from "../../../core/model/ids.ts";
import type { Account } from "../../../core/model/account.ts";
import type { LinearEvaluation, Effect } from "../../../core/model/evaluation.ts";
import type { InstanceFacts } from "../../../core/model/instance.ts";
import type { Intent } from "../../../core/model/intent.ts";
import { onlySwapId, type Swap } from "../../../core/model/swap.ts";
import type { TargetOf } from "../../../core/model/target.ts";

export const start = new Date("2026-03-01T10:00:00.000Z");
export const after = (seconds: number): Date => new Date(start.getTime() + seconds * 1000);
export const at = (seconds: number): string => after(seconds).toISOString();

export const accountId = accountIdSchema.parse("123456789012");
export const otherAccountId = accountIdSchema.parse("210987654321");

const digits = (n: number, length: number): string => n.toString(16).padStart(length, "0");
export const instanceId = (n: number): InstanceId => instanceIdSchema.parse(`i-${digits(n, 17)}`);
export const targetId = (n: number): TargetId => targetIdSchema.parse(`tgt-${digits(n, 12)}`);
export const evaluationId = (n: number): EvaluationId =>
  evaluationIdSchema.parse(`evl-${digits(n, 12)}`);
export const approvalId = (n: number): ApprovalId => approvalIdSchema.parse(`apr-${digits(n, 12)}`);

export const account = (changes: Partial<Account> = {}): Account => ({
  accountId,
  name: "Payments lab",
  environment: "LAB",
  roleArn: "arn:aws:iam::123456789012:role/SpotOptimizer",
  externalId: "0123456789abcdef0123",
  regions: ["eu-central-1"],
  status: "ACTIVE",
  createdAt: at(0),
  updatedAt: at(0),
  ...changes,
});

export const target = (
  n: number,
  changes: Partial<TargetOf<"LINEAR">> = {},
): TargetOf<"LINEAR"> => ({
  targetId: targetId(n),
  accountId,
  region: "eu-central-1",
  instanceId: instanceId(n),
  instanceType: "m5.large",
  availabilityZone: "eu-central-1a",
  pipelineMode: "LINEAR",
  isShadowMode: true,
  policyOverrides: { minSavingsPercent: 20 },
  createdAt: at(n),
  updatedAt: at(n),
  ...changes,
});

export const clusterTarget = (
  n: number,
  changes: Partial<TargetOf<"CLUSTER">> = {},
): TargetOf<"CLUSTER"> => ({
  ...target(n),
  pipelineMode: "CLUSTER",
  group: { asgName: "web-blue" },
  ...changes,
});

export const kubernetesTarget = (
  n: number,
  node: Partial<TargetOf<"KUBERNETES">["node"]> = {},
): TargetOf<"KUBERNETES"> => ({
  ...target(n),
  pipelineMode: "KUBERNETES",
  node: { clusterName: "prod-eu", nodeGroup: "workers", scope: "ONE", ...node },
});

export const evaluation = (
  n: number,
  changes: Partial<LinearEvaluation> = {},
): LinearEvaluation => ({
  evaluationId: evaluationId(n),
  deploymentId: deploymentIdSchema.parse("dpl-0123456789"),
  targetId: targetId(1),
  accountId,
  environment: "LAB",
  region: "eu-central-1",
  mode: "LINEAR",
  subject: { kind: "INSTANCE", accountId, region: "eu-central-1", instanceId: instanceId(1) },
  isShadowMode: false,
  status: "RUNNING",
  startedBy: "api",
  startedAt: at(n),
  leases: [{ resource: `instance#${accountId}#${instanceId(1)}`, fence: 1 }],
  policy: effectivePolicy("LINEAR"),
  policyVersion: "pol-0123456789ab",
  modelVersion: "advisor-1",
  phases: [],
  waits: {},
  progress: {},
  version: 1,
  ...changes,
});

export const swap = (changes: Partial<Swap> = {}): Swap => ({
  swapId: onlySwapId,
  originalId: instanceId(1),
  stage: "LAUNCHED",
  sentence: "Launched.",
  failed: [],
  ...changes,
});

export const effect = (n: number, changes: Partial<Effect> = {}): Effect => ({
  action: "RunInstances",
  resource: instanceId(n),
  at: at(n),
  requestId: `request-${String(n)}`,
  outcome: "DONE",
  ...changes,
});

export const intent = (id: string, changes: Partial<Intent> = {}): Intent => ({
  id,
  status: "PLANNED",
  fence: 1,
  plannedAt: at(0),
  change: { kind: "STOP_INSTANCE", instanceId: instanceId(1) },
  ...changes,
});

export const instanceFacts = (changes: Partial<InstanceFacts> = {}): InstanceFacts => ({
  accountId,
  region: "eu-central-1",
  instanceId: instanceId(1),
  instanceType: "m5.large",
  state: "running",
  launchedAt: at(-3600),
  architecture: "x86_64",
  platformDetails: "Linux/UNIX",
  imageId: "ami-0123456789abcdef0",
  imageExists: true,
  productCodes: [],
  operatorManaged: false,
  tenancy: "default",
  rootDeviceType: "ebs",
  rootDeviceName: "/dev/xvda",
  hibernationConfigured: false,
  disableApiTermination: false,
  disableApiStop: false,
  enclaveEnabled: false,
  domainJoined: false,
  vpcId: "vpc-1",
  subnetId: "subnet-1",
  zoneName: "eu-central-1a",
  zoneId: "euc1-az2",
  ebsOptimized: true,
  volumes: [],
  networkInterfaces: [],
  targetGroups: [],
  scheduledEvents: [],
  tags: { Name: "shop" },
  ...changes,
});
