/** What is optimised. Registered once; each evaluation reads it anew. */
import * as z from "zod";
import { policyOverridesSchema } from "../policy/policy.ts";
import { accountIdSchema, instanceIdSchema, regionSchema, targetIdSchema } from "./ids.ts";

export const pipelineModeSchema = z.enum(["LINEAR", "CLUSTER", "KUBERNETES"]);
export type PipelineMode = z.infer<typeof pipelineModeSchema>;

export const targetSchema = z.strictObject({
  targetId: targetIdSchema,
  accountId: accountIdSchema,
  region: regionSchema,
  /** Follows the switch: after one, the replacement's id. */
  instanceId: instanceIdSchema,
  /** As registered; differs from the running type after a switch. */
  instanceType: z.string(),
  availabilityZone: z.string(),
  pipelineMode: pipelineModeSchema,
  isShadowMode: z.boolean(),
  policyOverrides: policyOverridesSchema,
  /** Absent: the default model. */
  modelVersion: z.string().exactOptional(),
  metadata: z.strictObject({ asgName: z.string().exactOptional() }).exactOptional(),
  clusterMembership: z
    .strictObject({
      clusterName: z.string(),
      nodeGroup: z.string(),
      role: z.string().exactOptional(),
    })
    .exactOptional(),
  /** End of the last switch, for the dwell time. */
  lastSwitchAt: z.iso.datetime().exactOptional(),
  /** End of the last evaluation, for the sweep. */
  lastEvaluatedAt: z.iso.datetime().exactOptional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Target = Readonly<z.infer<typeof targetSchema>>;
