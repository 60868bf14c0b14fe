/** The rules of registering, changing and forgetting a target. */
import { canonicalJson } from "../../core/canonical.ts";
import { getAccount } from "../../adapters/store/accounts.ts";
import { claimsOf } from "../../adapters/store/claims.ts";
import {
  createTarget,
  deleteTarget,
  findTargetOf,
  getTarget,
  listTargets,
  updateTarget,
} from "../../adapters/store/targets.ts";
import {
  instanceIdSchema,
  targetIdSchema,
  type InstanceId,
  type TargetId,
} from "../../core/model/ids.ts";
import { nameOf, nodeGroupSubject, subjectOf } from "../../core/model/subject.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { Target, TargetOf } from "../../core/model/target.ts";
import type { PolicyOverrides } from "../../core/policy/policy.ts";
import { acquireLeases, releaseLeases } from "../evaluation/lease.ts";
import { requireApplicable } from "./applicable-overrides.ts";
import type { ApiContext } from "./context.ts";
import { ApiProblem, invalid } from "./problem.ts";
import { changedOverrides, overridesFromJson } from "./schemas/policy.ts";
import { targetJson, type CreateTargetJson, type PatchTargetJson } from "./schemas/targets.ts";

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

type TargetBase = Omit<TargetOf<"LINEAR">, "pipelineMode">;

/** What a body says of the thing that the instance belongs to. */
interface Belonging {
  readonly metadata?: CreateTargetJson["metadata"];
  readonly cluster_membership?: CreateTargetJson["cluster_membership"];
}

const belongingOf = (target: Target): Belonging => {
  const { metadata, cluster_membership: membership } = targetJson(target);
  return {
    ...(metadata === undefined ? {} : { metadata }),
    ...(membership === undefined ? {} : { cluster_membership: membership }),
  };
};

const refuse = (field: string, message: string): ApiProblem =>
  invalid("body", [{ field, message }]);

const linearTarget = (base: TargetBase, belonging: Belonging): Target => {
  for (const field of ["metadata", "cluster_membership"] as const) {
    if (belonging[field] !== undefined) {
      throw refuse(field, "does not apply to pipeline_mode LINEAR");
    }
  }
  return { ...base, pipelineMode: "LINEAR" };
};

const clusterTarget = (base: TargetBase, { metadata, ...others }: Belonging): Target => {
  if (others.cluster_membership !== undefined) {
    throw refuse("cluster_membership", "does not apply to pipeline_mode CLUSTER");
  }
  if (metadata?.asg_name === undefined) {
    throw refuse("metadata.asg_name", "is needed for pipeline_mode CLUSTER");
  }
  return { ...base, pipelineMode: "CLUSTER", group: { asgName: metadata.asg_name } };
};

const kubernetesTarget = (
  base: TargetBase,
  { metadata, cluster_membership: membership }: Belonging,
): Target => {
  if (membership === undefined) {
    throw refuse("cluster_membership", "is needed for pipeline_mode KUBERNETES");
  }
  return {
    ...base,
    pipelineMode: "KUBERNETES",
    node: {
      clusterName: membership.cluster_name,
      nodeGroup: membership.node_group,
      scope: membership.nodes,
      ...(membership.role === undefined ? {} : { role: membership.role }),
      ...(metadata?.asg_name === undefined ? {} : { asgName: metadata.asg_name }),
    },
  };
};

const builders: {
  readonly [Mode in PipelineMode]: (base: TargetBase, belonging: Belonging) => Target;
} = { LINEAR: linearTarget, CLUSTER: clusterTarget, KUBERNETES: kubernetesTarget };

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
  builders[body.pipeline_mode](
    {
      targetId,
      accountId: body.account_id,
      region: regionOfZone(body.availability_zone),
      instanceId: body.instance_id,
      instanceType: body.instance_type,
      availabilityZone: body.availability_zone,
      isShadowMode: body.is_shadow_mode,
      policyOverrides: requireApplicable(
        body.pipeline_mode,
        overridesFromJson(body.policy_overrides ?? {}),
      ),
      createdAt: now,
      updatedAt: now,
    },
    body,
  );

const alreadyRegistered = (target: Target, by: TargetId): ApiProblem =>
  new ApiProblem("conflict", `${sentenceName(target)} is registered already, as ${by}.`, {
    errors: [{ field: subjectField[target.pipelineMode], message: `is registered as ${by}` }],
  });

/** `Instance i-…`, `Group web-blue`: begins a sentence. */
const sentenceName = (target: Target): string => {
  const name = nameOf(subjectOf(target));
  return target.pipelineMode === "LINEAR"
    ? `Instance ${name}`
    : `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
};

/** The field of the body that names what is registered. */
const subjectField: Readonly<Record<PipelineMode, string>> = {
  LINEAR: "instance_id",
  CLUSTER: "metadata.asg_name",
  KUBERNETES: "cluster_membership",
};

const pageSize = 100;

/** One node and its whole group can't both be targets: the group's takes every node. */
const checkNodeGroup = async (context: ApiContext, target: Target): Promise<void> => {
  if (target.pipelineMode !== "KUBERNETES") return;
  const { accountId, node, targetId } = target;
  const key = canonicalJson(nodeGroupSubject(target));
  let cursor: string | undefined;
  do {
    const page = await listTargets(context.table, {
      accountId,
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const other = page.items.find(
      (found) =>
        found.pipelineMode === "KUBERNETES" &&
        found.targetId !== targetId &&
        canonicalJson(nodeGroupSubject(found)) === key &&
        (found.node.scope === "ALL" || node.scope === "ALL"),
    );
    if (other !== undefined) throw alreadyRegistered(target, other.targetId);
    cursor = page.cursor;
  } while (cursor !== undefined);
};

/** Again with the same id gives the same target. Throws problems 409 and 422. */
export const registerTarget = async (
  context: ApiContext,
  body: CreateTargetJson,
  id: string,
): Promise<Target> => {
  const targetId = targetIdSchema.parse(id);
  await checkAccount(context, body);
  const target = targetFrom(body, targetId, context.now().toISOString());
  await checkNodeGroup(context, target);
  const created = await createTarget(context.table, target);
  switch (created.kind) {
    case "WRITTEN":
      return target;
    case "EXISTS":
      return created.target;
    case "TAKEN":
      throw alreadyRegistered(target, created.by);
  }
};

/**
 * Checked whenever mode or overrides change, what stays of them included: nothing is left behind that has no effect. A patch of
 * other fields passes, so that shadow mode can be set on a target of an earlier version.
 */
const patchedOverrides = (
  target: Target,
  { pipeline_mode: mode, policy_overrides: change }: PatchTargetJson,
): PolicyOverrides =>
  mode === undefined && change === undefined
    ? target.policyOverrides
    : requireApplicable(
        mode ?? target.pipelineMode,
        changedOverrides(target.policyOverrides, change ?? {}),
      );

/** The target with the change laid over it. Throws the problem 422 when the whole doesn't fit together. */
const patchedTarget = (target: Target, patch: PatchTargetJson, now: string): Target => {
  const mode = patch.pipeline_mode ?? target.pipelineMode;
  const kept = mode === target.pipelineMode ? belongingOf(target) : {};
  const patched = builders[mode](
    {
      ...baseOf(target),
      ...(patch.instance_type === undefined ? {} : { instanceType: patch.instance_type }),
      ...(patch.is_shadow_mode === undefined ? {} : { isShadowMode: patch.is_shadow_mode }),
      policyOverrides: patchedOverrides(target, patch),
      updatedAt: now,
    },
    {
      ...kept,
      ...(patch.metadata === undefined ? {} : { metadata: patch.metadata }),
      ...(patch.cluster_membership === undefined
        ? {}
        : { cluster_membership: patch.cluster_membership }),
    },
  );
  return patched;
};

const baseOf = (target: Target): TargetBase => {
  switch (target.pipelineMode) {
    case "LINEAR": {
      const { pipelineMode: _mode, ...base } = target;
      return base;
    }
    case "CLUSTER": {
      const { pipelineMode: _mode, group: _group, ...base } = target;
      return base;
    }
    case "KUBERNETES": {
      const { pipelineMode: _mode, node: _node, ...base } = target;
      return base;
    }
  }
};

const changesSubject = (target: Target, patched: Target): boolean =>
  canonicalJson(subjectOf(target)) !== canonicalJson(subjectOf(patched)) ||
  canonicalJson(claimsOf(target)) !== canonicalJson(claimsOf(patched));

/**
 * Changes a target; its mode, or what it belongs to, only while no evaluation is open. Throws problems 409 and 422.
 */
export const patchTarget = async (
  context: ApiContext,
  id: TargetId | InstanceId,
  patch: PatchTargetJson,
): Promise<Target> => {
  const target = await requireTarget(context, id);
  const now = context.now().toISOString();
  const change = (stored: Target): Target => patchedTarget(stored, patch, now);
  const patched = change(target);
  if (!changesSubject(target, patched)) {
    return updateTarget(context.table, target.targetId, change);
  }
  await checkNodeGroup(context, patched);
  return underLease(context, target, {
    owner: `change-${context.randomId()}`,
    busy: (owner) =>
      `Evaluation ${owner} works on ${target.targetId}. Change its mode when that has ended.`,
    act: () => updateTarget(context.table, target.targetId, change),
  });
};

/** These few writes take milliseconds; a crash between them blocks evaluations no longer than this. */
const changeLeaseSeconds = 30;

/** Under the leases, so that no evaluation begins meanwhile. Throws the problem 409 naming the running one. */
const underLease = async <Result>(
  context: ApiContext,
  target: Target,
  work: {
    readonly owner: string;
    readonly busy: (owner: string) => string;
    readonly act: () => Promise<Result>;
  },
): Promise<Result> => {
  const { owner } = work;
  const held = await acquireLeases(context.table, {
    subject: subjectOf(target),
    owner,
    now: context.now(),
    seconds: changeLeaseSeconds,
  });
  if (held.kind === "BUSY") {
    throw new ApiProblem("evaluation-running", work.busy(held.owner), {
      evaluationId: held.owner,
    });
  }
  try {
    return await work.act();
  } finally {
    await releaseLeases(context.table, owner, held.leases);
  }
};

/** Deletes the target. Throws the problem 409 naming the evaluation that works on it. */
export const unregisterTarget = async (context: ApiContext, target: Target): Promise<void> => {
  await underLease(context, target, {
    owner: `delete-${context.randomId()}`,
    busy: (owner) =>
      `Evaluation ${owner} works on ${target.targetId}. Delete it when that has ended.`,
    act: () => deleteTarget(context.table, target.targetId),
  });
};
