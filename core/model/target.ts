/** What is optimised: an instance, an Auto Scaling group, or nodes of an EKS node group. Each evaluation reads it anew. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import type { PipelineMode } from "./pipeline-mode.ts";
import { deletionFlagsSchema } from "./deletion-flags.ts";
import { settlementSchema } from "./settlement.ts";
import { policyOverridesSchema } from "../policy/policy.ts";
import { accountIdSchema, evaluationIdSchema, instanceIdSchema, targetIdSchema } from "./ids.ts";
import { regionSchema } from "./partition.ts";

/** Quotas, permissions and the states of keys are not read: what names one of these is changed for nobody but a person. */
const factKindSchema = atFirstUse(() => z.enum(["tags", "attachments", "type"]));
export type FactKind = z.infer<ReturnType<typeof factKindSchema>>;

/** Prices, times, offers and ids of our own never count as a cause: they change by themselves. */
const failedAttemptSchema = atFirstUse(() =>
  z.strictObject({
    evaluationId: evaluationIdSchema,
    at: z.iso.datetime(),
    cause: z.strictObject({
      /** Name of the error, see core/errors. */
      error: z.string(),
      /** AWS's error code, and the API action that it refused. */
      code: z.string().exactOptional(),
      action: z.string().exactOptional(),
      resource: z.string().exactOptional(),
      /** What the one fact is about that the error names, where it is among what is read of a subject. */
      factKind: factKindSchema().exactOptional(),
      /** That fact as it stood then: `50 tags`. */
      fact: z.string().exactOptional(),
    }),
    /** With downtime: not tried again by itself until the cause has changed or a person asks. */
    hadDowntime: z.boolean(),
    /** Without downtime: not tried again before. */
    retryAt: z.iso.datetime().exactOptional(),
  }),
);

/** How long the load was down in one evaluation, as measured. */
const downtimeSchema = atFirstUse(() =>
  z.strictObject({
    evaluationId: evaluationIdSchema,
    /** When it ended. */
    at: z.iso.datetime(),
    seconds: z.number().nonnegative(),
  }),
);
export type Downtime = Readonly<z.infer<ReturnType<typeof downtimeSchema>>>;

const base = atFirstUse(() => ({
  targetId: targetIdSchema,
  accountId: accountIdSchema,
  region: regionSchema,
  /**
   * LINEAR: follows the switch, so that after one it is the replacement's id. CLUSTER and whole node groups: the member by
   * which the target was registered, looked at then and not used again.
   */
  instanceId: instanceIdSchema,
  /** Of that instance: follows the switch with it, as its zone does. */
  instanceType: z.string(),
  availabilityZone: z.string(),
  isShadowMode: z.boolean(),
  policyOverrides: policyOverridesSchema(),
  /** Absent: the default model. */
  modelVersion: z.string().exactOptional(),
  /** End of the last switch, for the dwell time. */
  lastSwitchAt: z.iso.datetime().exactOptional(),
  /** End of the last evaluation, for the sweep. */
  lastEvaluatedAt: z.iso.datetime().exactOptional(),
  /** What stood against a switch will have passed then: the sweep does not wait for its usual time. */
  evaluateAt: z.iso.datetime().exactOptional(),
  /** Launch times of the instance that evaluations have seen: a later one says that it was stopped and started. */
  launchesSeen: z.array(z.iso.datetime()).exactOptional(),
  /** Those of the last 30 days, roll-backs counted: for the downtime budget. */
  downtimes: z.array(downtimeSchema()).exactOptional(),
  /** Somebody asked for the way back: the sweep leaves it there until somebody evaluates the target. */
  staysOnDemand: z
    .strictObject({ evaluationId: evaluationIdSchema, since: z.iso.datetime() })
    .exactOptional(),
  /** The last attempt that failed, until one succeeds: what it needs before another is made by itself. */
  failedAttempt: failedAttemptSchema().exactOptional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}));

const linearTargetSchema = atFirstUse(() =>
  z.strictObject({
    ...base(),
    pipelineMode: z.literal("LINEAR"),
    /** While it stands on Spot: the owner's flags, which return when it is forgotten or stands on On-Demand again. */
    ownersDeletionFlags: deletionFlagsSchema().exactOptional(),
    /** What became of the original of the last switch, once there is something to tell. */
    retirement: settlementSchema().extend({ evaluationId: evaluationIdSchema }).exactOptional(),
  }),
);

const clusterTargetSchema = atFirstUse(() =>
  z.strictObject({
    ...base(),
    pipelineMode: z.literal("CLUSTER"),
    group: z.strictObject({ asgName: z.string() }),
  }),
);

/** `ONE`: the node of `instanceId`. `ALL`: every node of the group, one after the other. */
export const nodeScopeSchema = z.enum(["ONE", "ALL"]);

const kubernetesTargetSchema = atFirstUse(() =>
  z.strictObject({
    ...base(),
    pipelineMode: z.literal("KUBERNETES"),
    node: z.strictObject({
      clusterName: z.string(),
      nodeGroup: z.string(),
      /** The part that the node plays, in the owner's words. */
      role: z.string().exactOptional(),
      scope: nodeScopeSchema,
      /** Of a self-managed node group: the Auto Scaling group behind it. */
      asgName: z.string().exactOptional(),
    }),
  }),
);

export const targetSchema = atFirstUse(() =>
  z.discriminatedUnion("pipelineMode", [
    linearTargetSchema(),
    clusterTargetSchema(),
    kubernetesTargetSchema(),
  ]),
);
export type Target = Readonly<z.infer<ReturnType<typeof targetSchema>>>;
export type FailedAttempt = Readonly<z.infer<ReturnType<typeof failedAttemptSchema>>>;

interface TargetByMode {
  readonly LINEAR: Readonly<z.infer<ReturnType<typeof linearTargetSchema>>>;
  readonly CLUSTER: Readonly<z.infer<ReturnType<typeof clusterTargetSchema>>>;
  readonly KUBERNETES: Readonly<z.infer<ReturnType<typeof kubernetesTargetSchema>>>;
}
export type TargetOf<Mode extends PipelineMode> = TargetByMode[Mode];
