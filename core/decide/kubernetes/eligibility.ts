/**
 * May nodes of this group be replaced at all, and now? Every reason against is kept; the rules stand in eligibility/ and pods/. A refusal
 * needs a change by somebody; a delay passes by itself. Asked in stages: what the cluster was not asked yet does not stand against it.
 */
import type { FactsOn } from "../../model/evaluation.ts";
import type { JudgementVersion } from "../../model/judgement-version.ts";
import type { TargetOf } from "../../model/target.ts";
import type { Postponement } from "../../model/verdict.ts";
import type { Objection, RegistrationFacts } from "../switch/objection.ts";
import { isDelay, isRefusal } from "./blocker.ts";
import { isToReplace, membersInScope, scopeOfTarget } from "./candidate-nodes.ts";
import { clusterDelays, clusterRules } from "./eligibility/cluster.ts";
import { nodeGroupDelays, nodeGroupRules } from "./eligibility/node-group.ts";
import { registrationRules } from "./eligibility/registration.ts";
import type { NodeGroupRule, NodeGroupRuleFacts } from "./eligibility/rule.ts";
import { againstScalingGroup, delaysOfScalingGroup } from "./eligibility/scaling-group.ts";
import { soon } from "./eligibility/soon.ts";
import { spotNodeGroupRules } from "./eligibility/spot-node-group.ts";
import { blockersOfAll, isFree, judgeCandidates } from "./judge-candidates.ts";

export type NodesEligibility =
  | { readonly kind: "ELIGIBLE" }
  /** Never empty; the first is the verdict's reason. */
  | { readonly kind: "INELIGIBLE"; readonly objections: readonly Objection[] }
  /** Never empty; the first is the verdict's reason. */
  | { readonly kind: "NOT_NOW"; readonly delays: readonly Postponement[] };

export interface NodesEligibilityInput extends Pick<RegistrationFacts, "account" | "policy"> {
  readonly target: TargetOf<"KUBERNETES">;
  readonly facts: FactsOn<"KUBERNETES">;
  /** Default: the current one. */
  readonly judgementVersion?: JudgementVersion;
}

type Against = Pick<NodesEligibility & { readonly kind: "INELIGIBLE" }, "objections"> &
  Pick<NodesEligibility & { readonly kind: "NOT_NOW" }, "delays">;

/** The most telling first. */
const groupRules: readonly NodeGroupRule[] = [
  ...clusterRules,
  ...nodeGroupRules,
  ...spotNodeGroupRules,
];
const groupDelays = [...clusterDelays, ...nodeGroupDelays];

const whatIsNotThere = ({ target, facts }: NodesEligibilityInput): Objection | undefined => {
  const { clusterName, nodeGroup, asgName } = target.node;
  if (facts.cluster === undefined) {
    return {
      code: "EKS_CLUSTER_NOT_FOUND",
      sentence: `EKS shows no cluster ${clusterName} in ${target.region} of account ${target.accountId}: check the name, or delete target ${target.targetId}.`,
    };
  }
  const isThere =
    facts.group !== undefined && (asgName !== undefined || facts.nodeGroup !== undefined);
  return isThere
    ? undefined
    : {
        code: "NODE_GROUP_NOT_FOUND",
        sentence:
          asgName === undefined
            ? `EKS shows no node group ${nodeGroup} of cluster ${clusterName}, or no Auto Scaling group behind it: check the name, or delete target ${target.targetId}.`
            : `Auto Scaling shows no group ${asgName} in ${target.region} of account ${target.accountId}: check the name, or delete target ${target.targetId}.`,
      };
};

const areSomeOnDemand: NodeGroupRule = ({ target, facts, cluster }) => {
  const members = membersInScope(facts, scopeOfTarget(target));
  if (members.some((member) => isToReplace(member, facts))) return undefined;
  const what =
    target.node.scope === "ONE"
      ? `Instance ${target.instanceId}`
      : `Each of the ${String(members.length)} members`;
  if (target.node.scope === "ONE" && members.length === 0) {
    return {
      code: "NODE_NOT_FOUND",
      sentence: `${what} is not a member of node group ${target.node.nodeGroup} of cluster ${cluster.name}: it has left, or the target names another group.`,
    };
  }
  return {
    code: "NODES_ALREADY_SPOT",
    sentence: `${what} of node group ${target.node.nodeGroup} of cluster ${cluster.name} is on Spot: there is nothing to replace.`,
    isThereAlready: true,
  };
};

/** Of several nodes one that may go is enough: the others are told of by the verdict. */
const againstNodes = (input: NodesEligibilityInput): Against => {
  const { facts } = input;
  const { clusterName, nodeGroup } = input.target.node;
  const judged = judgeCandidates({ ...input, scope: scopeOfTarget(input.target) });
  if (judged.length === 0) {
    const sentence = `No On-Demand member of node group ${nodeGroup} has joined cluster ${clusterName}: no node there has one of their provider ids.`;
    return { objections: [{ code: "NODE_NOT_FOUND", sentence }], delays: [] };
  }
  const blockers = judged.some(isFree) ? [] : blockersOfAll(judged);
  return {
    objections: blockers.filter(isRefusal).map(({ code, sentence }) => ({ code, sentence })),
    delays: blockers
      .filter(isDelay)
      .map(({ code: reason, sentence }) => soon(facts, { reason, sentence })),
  };
};

const conclude = ({ objections, delays }: Against): NodesEligibility => {
  if (objections.length > 0) return { kind: "INELIGIBLE", objections };
  return delays.length > 0 ? { kind: "NOT_NOW", delays } : { kind: "ELIGIBLE" };
};

export const judgeNodesEligibility = (input: NodesEligibilityInput): NodesEligibility => {
  const { facts } = input;
  const { riskModel, kind, cluster, view } = facts;
  const registration: RegistrationFacts = {
    ...input,
    ...(riskModel === undefined ? {} : { riskModel }),
    ...(kind === undefined ? {} : { kind }),
  };
  const registered = registrationRules.flatMap((rule) => rule(registration) ?? []);
  const notThere = whatIsNotThere(input);
  if (cluster === undefined || notThere !== undefined) {
    const objections = registered.length > 0 || notThere === undefined ? registered : [notThere];
    return conclude({ objections, delays: [] });
  }
  const known: NodeGroupRuleFacts = { ...registration, ...input, cluster };
  const objections = [
    ...registered,
    ...[...groupRules, areSomeOnDemand].flatMap((rule) => rule(known) ?? []),
    ...againstScalingGroup(known),
  ];
  const delays = [
    ...groupDelays.flatMap((delay) => delay(known) ?? []),
    ...delaysOfScalingGroup(known),
  ];
  if (objections.length > 0 || delays.length > 0 || view === undefined) {
    return conclude({ objections, delays });
  }
  return conclude(againstNodes(input));
};
