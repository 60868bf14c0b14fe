/** The rules of registering, changing and forgetting a target. */
import { getAccount } from "../../adapters/store/accounts.ts";
import { acquireLease, releaseLease } from "../../adapters/store/leases.ts";
import {
  createTarget,
  deleteTarget,
  findTargetOf,
  getTarget,
} from "../../adapters/store/targets.ts";
import {
  instanceIdSchema,
  targetIdSchema,
  type InstanceId,
  type TargetId,
} from "../../core/model/ids.ts";
import type { Target } from "../../core/model/target.ts";
import { leaseResource } from "../evaluation/lease.ts";
import type { ApiContext } from "./context.ts";
import { ApiProblem, invalid } from "./problem.ts";
import { changedOverrides, overridesFromJson } from "./schemas/policy.ts";
import type { CreateTargetJson, PatchTargetJson } from "./schemas/targets.ts";

export const newTargetId = (context: ApiContext): TargetId =>
  targetIdSchema.parse(`tgt-${context.randomId()}`);

/** By our id, or by the EC2 instance that serves now. Throws the problem 404. */
export const requireTarget = async (
  context: ApiContext,
  id: TargetId | InstanceId,
): Promise<Target> => {
  const instanceId = instanceIdSchema.safeParse(id);
  const target = instanceId.success
    ? await findTargetOf(context.table, instanceId.data)
    : await getTarget(context.table, targetIdSchema.parse(id));
  if (target !== undefined) return target;
  throw new ApiProblem("not-found", `No target ${id} is registered.`, {
    errors: [{ field: "id", message: "is not a registered target" }],
  });
};

/** Each mode needs to know what its instance belongs to. Throws the problem 422. */
const checkMode = (target: Target): Target => {
  if (target.pipelineMode === "CLUSTER" && target.metadata?.asgName === undefined) {
    throw invalid("body", [
      { field: "metadata.asg_name", message: "is needed for pipeline_mode CLUSTER" },
    ]);
  }
  if (target.pipelineMode === "KUBERNETES" && target.clusterMembership === undefined) {
    throw invalid("body", [
      { field: "cluster_membership", message: "is needed for pipeline_mode KUBERNETES" },
    ]);
  }
  return target;
};

const metadataOf = (json: CreateTargetJson["metadata"]): Pick<Target, "metadata"> =>
  json === undefined
    ? {}
    : { metadata: json.asg_name === undefined ? {} : { asgName: json.asg_name } };

const membershipOf = (
  json: CreateTargetJson["cluster_membership"],
): Pick<Target, "clusterMembership"> =>
  json === undefined
    ? {}
    : {
        clusterMembership: {
          clusterName: json.cluster_name,
          nodeGroup: json.node_group,
          ...(json.role === undefined ? {} : { role: json.role }),
        },
      };

/** `eu-central-1a` lies in `eu-central-1`; the body's schema lets no other shape pass. */
const regionOfZone = (zoneName: string): string => zoneName.slice(0, -1);

const checkAccount = async (context: ApiContext, body: CreateTargetJson): Promise<void> => {
  const account = await getAccount(context.table, body.account_id);
  if (account === undefined) {
    throw invalid("body", [
      { field: "account_id", message: `account ${body.account_id} is not connected` },
    ]);
  }
  const region = regionOfZone(body.availability_zone);
  if (!account.regions.includes(region)) {
    throw invalid("body", [
      {
        field: "availability_zone",
        message: `region ${region} is not among those of account ${body.account_id} (${account.regions.join(", ")})`,
      },
    ]);
  }
};

const targetFrom = (body: CreateTargetJson, targetId: TargetId, now: string): Target =>
  checkMode({
    targetId,
    accountId: body.account_id,
    region: regionOfZone(body.availability_zone),
    instanceId: body.instance_id,
    instanceType: body.instance_type,
    availabilityZone: body.availability_zone,
    pipelineMode: body.pipeline_mode,
    isShadowMode: body.is_shadow_mode,
    policyOverrides: overridesFromJson(body.policy_overrides ?? {}),
    ...metadataOf(body.metadata),
    ...membershipOf(body.cluster_membership),
    createdAt: now,
    updatedAt: now,
  });

/** Again with the same id gives the same target. Throws problems 409 and 422. */
export const registerTarget = async (
  context: ApiContext,
  body: CreateTargetJson,
  id: string,
): Promise<Target> => {
  const targetId = targetIdSchema.parse(id);
  await checkAccount(context, body);
  const target = targetFrom(body, targetId, context.now().toISOString());
  const { kind } = await createTarget(context.table, target);
  if (kind === "WRITTEN") return target;
  const existing = await findTargetOf(context.table, target.instanceId);
  if (existing?.targetId === targetId) return existing;
  throw new ApiProblem(
    "conflict",
    existing === undefined
      ? `Instance ${target.instanceId} is being registered by another request.`
      : `Instance ${target.instanceId} is registered already, as ${existing.targetId}.`,
    { errors: [{ field: "instance_id", message: "is registered already" }] },
  );
};

/** The target with the change laid over it. Throws the problem 422 when the whole doesn't fit together. */
export const patchedTarget = (target: Target, patch: PatchTargetJson, now: string): Target =>
  checkMode({
    ...target,
    ...(patch.instance_type === undefined ? {} : { instanceType: patch.instance_type }),
    ...(patch.pipeline_mode === undefined ? {} : { pipelineMode: patch.pipeline_mode }),
    ...(patch.is_shadow_mode === undefined ? {} : { isShadowMode: patch.is_shadow_mode }),
    ...(patch.policy_overrides === undefined
      ? {}
      : { policyOverrides: changedOverrides(target.policyOverrides, patch.policy_overrides) }),
    ...metadataOf(patch.metadata),
    ...membershipOf(patch.cluster_membership),
    updatedAt: now,
  });

/** Two writes take milliseconds; a crash between them blocks evaluations no longer than this. */
const deletionLeaseSeconds = 30;

/** Deletes under the lease, so that no evaluation begins meanwhile. Throws the problem 409 naming the running one. */
export const unregisterTarget = async (context: ApiContext, target: Target): Promise<void> => {
  const resource = leaseResource(target);
  const owner = `delete-${context.randomId()}`;
  const lease = await acquireLease(context.table, {
    resource,
    owner,
    now: context.now(),
    seconds: deletionLeaseSeconds,
  });
  if (lease.kind === "BUSY") {
    throw new ApiProblem(
      "evaluation-running",
      `Evaluation ${lease.owner} works on ${target.targetId}. Delete it when that has ended.`,
      { evaluationId: lease.owner },
    );
  }
  try {
    await deleteTarget(context.table, target.targetId);
  } finally {
    await releaseLease(context.table, { resource, owner, fence: lease.fence });
  }
};
