/** The rules of registering, changing and forgetting a target. */
import { canonicalJson } from "../../core/canonical.ts";
import { getAccount } from "../../adapters/store/accounts.ts";
import { claimsOf, readClaim } from "../../adapters/store/claims.ts";
import { noteRegistered } from "../../adapters/store/fleet.ts";
import {
  createTarget,
  deleteTarget,
  findTargetOf,
  getTarget,
  updateTarget,
} from "../../adapters/store/targets.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import {
  instanceIdSchema,
  targetIdSchema,
  type InstanceId,
  type TargetId,
} from "../../core/model/ids.ts";
import { changeOf, deletionOf, holderNameFirst } from "../../core/model/lease-holder.ts";
import { nameOf, subjectOf } from "../../core/model/subject.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { Target } from "../../core/model/target.ts";
import { underTargetLease } from "../evaluation/target-lease.ts";
import { holderOfNodes, nodeTargets } from "../evaluation/node-targets.ts";
import { unfinishedSentence } from "../evaluation/unfinished.ts";
import type { ApiContext } from "./context.ts";
import { ApiProblem, heldProblem, invalid } from "./problem.ts";
import type { CreateTargetJson, PatchTargetJson } from "./schemas/targets.ts";
import { checkRegistered } from "./registered-member.ts";
import { returnFlags } from "./returned-flags.ts";
import { patchedTarget, regionOfZone, targetFrom } from "./target-body.ts";

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

/** One node and its whole group can't both be targets: the group's takes every node. Throws the problem 409. */
const checkNodeGroup = async (context: ApiContext, target: Target): Promise<void> => {
  if (target.pipelineMode !== "KUBERNETES") return;
  const by = holderOfNodes(await nodeTargets(context.table, target.accountId), target);
  if (by !== undefined) throw alreadyRegistered(target, by);
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
  const registered = await getTarget(context.table, targetId);
  // An attempt that was cut off had looked at the member, which may be gone by now.
  if (registered !== undefined) return registered;
  await checkNodeGroup(context, target);
  await checkRegistered(context, target);
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

const changesSubject = (target: Target, patched: Target): boolean =>
  canonicalJson(subjectOf(target)) !== canonicalJson(subjectOf(patched)) ||
  canonicalJson(claimsOf(target)) !== canonicalJson(claimsOf(patched));

/** What was checked is what is written: another request may have changed the target meanwhile. Throws the problem 409. */
const asChecked =
  (change: (stored: Target) => Target, checked: Target) =>
  (stored: Target): Target => {
    const changed = change(stored);
    if (!changesSubject(checked, changed) && changed.instanceId === checked.instanceId) {
      return changed;
    }
    throw new ApiProblem(
      "conflict",
      `Target ${stored.targetId} was changed meanwhile. Read it, and send the change again.`,
    );
  };

/**
 * Changes a target; its mode, or what it belongs to, only while no evaluation is open. Throws problems 409 and 422.
 */
export const patchTarget = async (
  context: ApiContext,
  id: TargetId | InstanceId,
  patch: PatchTargetJson,
): Promise<Target> => {
  const changed = await changeTarget(context, await requireTarget(context, id), patch);
  await noteRegistered(context.table, changed);
  return changed;
};

const changeTarget = async (
  context: ApiContext,
  target: Target,
  patch: PatchTargetJson,
): Promise<Target> => {
  const now = context.now().toISOString();
  const change = (stored: Target): Target => patchedTarget(stored, patch, now);
  const patched = change(target);
  if (!changesSubject(target, patched)) {
    if (patch.instance_type !== undefined) await checkRegistered(context, patched);
    return updateTarget(context.table, target.targetId, change);
  }
  await checkNodeGroup(context, patched);
  await checkRegistered(context, patched);
  return underLease(context, target, {
    owner: changeOf(context.randomId()),
    busy: (holder) =>
      `${holderNameFirst(holder)} works on ${target.targetId}. Change its mode when that has ended.`,
    act: () => changeSubject(context, target, asChecked(change, patched)),
  });
};

/** The other target that has what this one is about. */
const holderOf = async (context: ApiContext, target: Target): Promise<TargetId | undefined> => {
  const claims = await Promise.all(claimsOf(target).map((name) => readClaim(context.table, name)));
  return claims.find((claim) => claim !== undefined && claim.targetId !== target.targetId)
    ?.targetId;
};

/** Throws the problem 409 naming the target that is registered for the new subject. */
const changeSubject = async (
  context: ApiContext,
  target: Target,
  change: (stored: Target) => Target,
): Promise<Target> => {
  try {
    return await updateTarget(context.table, target.targetId, change);
  } catch (error) {
    const isRefused = error instanceof SpotOptimizerError && error.name === "BrokenInput";
    if (!isRefused) throw error;
    const patched = change(target);
    const by = await holderOf(context, patched);
    throw by === undefined ? error : alreadyRegistered(patched, by);
  }
};

/**
 * Under the leases, so that no evaluation begins meanwhile. Throws the problem 409 naming the evaluation that runs, or that has
 * left something open.
 */
const underLease = async <Result>(
  context: ApiContext,
  target: Target,
  work: {
    readonly owner: string;
    readonly busy: (holder: string) => string;
    readonly act: () => Promise<Result>;
  },
): Promise<Result> => {
  const done = await underTargetLease(context, target, work);
  if (done.kind === "DONE") return done.result;
  if (done.kind === "BUSY") throw heldProblem(work.busy(done.owner), done.owner);
  const { evaluationId } = done;
  const sentence = unfinishedSentence(evaluationId, subjectOf(target));
  throw new ApiProblem("evaluation-unfinished", sentence, { evaluationId });
};

/**
 * Returns its owner's deletion flags, unless they are to be left, and deletes the target. Returns the ids of what got another
 * flag. Throws the problem 409 naming the evaluation that works on it, and what `returnFlags` throws.
 */
export const unregisterTarget = async (
  context: ApiContext,
  target: Target,
  deletionFlags: "return" | "leave",
): Promise<readonly string[]> =>
  underLease(context, target, {
    owner: deletionOf(context.randomId()),
    busy: (holder) =>
      `${holderNameFirst(holder)} works on ${target.targetId}. Delete it when that has ended.`,
    act: async () => {
      const returned = deletionFlags === "return" ? await returnFlags(context, target) : [];
      await deleteTarget(context.table, target.targetId);
      return returned;
    },
  });
