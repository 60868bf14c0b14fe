/** Makes a target of what a body says: builds it by mode at registration, and lays a patch over it later. */
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { TargetId } from "../../core/model/ids.ts";
import type { Target, TargetOf } from "../../core/model/target.ts";
import type { PolicyOverrides } from "../../core/policy/policy.ts";
import { requireApplicable } from "./applicable-overrides.ts";
import { invalid, type ApiProblem } from "./problem.ts";
import { changedOverrides, overridesFromJson } from "./schemas/policy.ts";
import { targetJson, type CreateTargetJson, type PatchTargetJson } from "./schemas/targets.ts";

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
export const regionOfZone = (zoneName: string): string => zoneName.slice(0, -1);

/** Throws the problem 422 when the whole does not fit together. */
export const targetFrom = (body: CreateTargetJson, targetId: TargetId, now: string): Target =>
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

/** Another mode has no place for the owner's deletion flags, and would not return them. */
const requireSameMode = (target: Target, mode: PipelineMode): void => {
  if (target.pipelineMode !== "LINEAR" || target.ownersDeletionFlags === undefined) return;
  if (mode === "LINEAR") return;
  throw refuse(
    "pipeline_mode",
    "stays LINEAR while the instance stands on Spot by a switch: delete the target, which returns its owner's deletion flags, and register it anew",
  );
};

/** The target with the change laid over it. Throws the problem 422 when the whole doesn't fit together. */
export const patchedTarget = (target: Target, patch: PatchTargetJson, now: string): Target => {
  const mode = patch.pipeline_mode ?? target.pipelineMode;
  requireSameMode(target, mode);
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
