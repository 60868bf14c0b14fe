/** The record of an evaluation as it begins: account, target, policy and model as they are now. */
import { hash } from "node:crypto";
import { canonicalJson } from "../../core/canonical.ts";
import type { Account } from "../../core/model/account.ts";
import type { Caller } from "../../core/model/approval.ts";
import type { Evaluation, EvaluationHead } from "../../core/model/evaluation.ts";
import type { EvaluationKind } from "../../core/model/evaluation-kind.ts";
import type { ApprovalId, DeploymentId, EvaluationId } from "../../core/model/ids.ts";
import { groupSubject, instanceSubject, nodeGroupSubject } from "../../core/model/subject.ts";
import type { WarnedNode } from "./warned-node.ts";
import type { Target } from "../../core/model/target.ts";
import { effectivePolicy, type Policy } from "../../core/policy/policy.ts";
import { defaultModelVersion } from "../../core/risk/registry.ts";

/** 48 bits of the hash: enough to tell the policies of one product apart. */
const versionDigits = 12;

/** Of those that are in memory still: nobody changes one in place. */
const versions = new WeakMap<Policy, string>();

export const policyVersionOf = (policy: Policy): string => {
  const version =
    versions.get(policy) ?? `pol-${hash("sha256", canonicalJson(policy)).slice(0, versionDigits)}`;
  versions.set(policy, version);
  return version;
};

export const withoutExternalId = (account: Account): Omit<Account, "externalId"> => {
  const { externalId: _withheld, ...shown } = account;
  return shown;
};

/** What only evaluations of the target's mode have. */
const withBody = (
  head: EvaluationHead,
  target: Target,
  warned: WarnedNode | undefined,
): Evaluation => {
  switch (target.pipelineMode) {
    case "LINEAR":
      return { ...head, mode: "LINEAR", subject: instanceSubject(target), progress: {} };
    case "CLUSTER":
      return { ...head, mode: "CLUSTER", subject: groupSubject(target), progress: {} };
    case "KUBERNETES": {
      const subject = nodeGroupSubject(target);
      if (warned === undefined) return { ...head, mode: "KUBERNETES", subject, progress: {} };
      const { instanceId, endsAt } = warned;
      return {
        ...head,
        mode: "KUBERNETES",
        subject: { ...subject, instanceId },
        progress: { endsAt },
      };
    }
  }
};

export const newRecord = (input: {
  readonly request: {
    readonly target: Target;
    /** Absent: a switch to Spot. */
    readonly kind?: EvaluationKind;
    readonly startedBy: string;
    readonly warned?: WarnedNode;
    readonly requestedBy?: Caller;
    readonly approvalId?: ApprovalId;
  };
  readonly account: Account;
  readonly evaluationId: EvaluationId;
  readonly deploymentId: DeploymentId;
  readonly leases: EvaluationHead["leases"];
  readonly startedAt: string;
}): Evaluation => {
  const { account, deploymentId, evaluationId, leases, startedAt } = input;
  const { target, kind, startedBy, warned, requestedBy, approvalId } = input.request;
  const policy = effectivePolicy(target.pipelineMode, target.policyOverrides);
  const head: EvaluationHead = {
    evaluationId,
    deploymentId,
    targetId: target.targetId,
    accountId: target.accountId,
    environment: account.environment,
    region: target.region,
    isShadowMode: target.isShadowMode,
    status: "PENDING",
    ...(kind === undefined ? {} : { kind }),
    startedBy,
    ...(requestedBy === undefined ? {} : { requestedBy }),
    ...(approvalId === undefined ? {} : { approvalId }),
    startedAt,
    leases,
    policy,
    policyVersion: policyVersionOf(policy),
    modelVersion: target.modelVersion ?? defaultModelVersion,
    registered: { account: withoutExternalId(account), target },
    ...(target.lastSwitchAt === undefined ? {} : { lastSwitchAt: target.lastSwitchAt }),
    phases: [],
    waits: {},
    version: 1,
  };
  return withBody(head, target, warned);
};
