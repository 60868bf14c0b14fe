/** Identifiers, branded so that one kind is not taken for another. */
import * as z from "zod";

export const accountIdSchema = z
  .string()
  .regex(/^\d{12}$/, "must be a 12-digit AWS account id")
  .brand<"AccountId">();
export type AccountId = z.infer<typeof accountIdSchema>;

export const instanceIdSchema = z
  .string()
  .regex(/^i-([0-9a-f]{8}|[0-9a-f]{17})$/, "must be an EC2 instance id such as i-0123456789abcdef0")
  .brand<"InstanceId">();
export type InstanceId = z.infer<typeof instanceIdSchema>;

/** Ours: `tgt-` and a random suffix. */
export const targetIdSchema = z
  .string()
  .regex(/^tgt-[0-9a-z]{10,40}$/, "must be a target id such as tgt-01j9z0x3k4")
  .brand<"TargetId">();
export type TargetId = z.infer<typeof targetIdSchema>;

/** Ours: `evl-` and a suffix. Also the execution name, the session name and the value of the evaluation tag. */
export const evaluationIdSchema = z
  .string()
  .regex(/^evl-[0-9a-z]{10,40}$/, "must be an evaluation id such as evl-01j9z0x3k4")
  .brand<"EvaluationId">();
export type EvaluationId = z.infer<typeof evaluationIdSchema>;

/** Ours: `res-` and a suffix; one for each decision of a person about an evaluation. */
export const resolutionIdSchema = z
  .string()
  .regex(/^res-[0-9a-z]{10,40}$/, "must be a resolution id such as res-01j9z0x3k4")
  .brand<"ResolutionId">();
export type ResolutionId = z.infer<typeof resolutionIdSchema>;

/** Ours: `dpl-` and a suffix; one per stack, made at its first start of an evaluation. */
export const deploymentIdSchema = z
  .string()
  .regex(/^dpl-[0-9a-z]{10,40}$/, "must be a deployment id such as dpl-01j9z0x3k4")
  .brand<"DeploymentId">();
export type DeploymentId = z.infer<typeof deploymentIdSchema>;

/** Ours: `pfl-` and a suffix. */
export const preflightIdSchema = z
  .string()
  .regex(/^pfl-[0-9a-z]{10,40}$/, "must be a preflight id such as pfl-01j9z0x3k4")
  .brand<"PreflightId">();
export type PreflightId = z.infer<typeof preflightIdSchema>;

/** Ours: `apr-` and a suffix, made from the evaluation that asks. */
export const approvalIdSchema = z
  .string()
  .regex(/^apr-[0-9a-z]{10,40}$/, "must be an approval id such as apr-01j9z0x3k4")
  .brand<"ApprovalId">();
export type ApprovalId = z.infer<typeof approvalIdSchema>;
