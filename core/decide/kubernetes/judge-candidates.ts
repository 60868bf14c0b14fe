/** Judges each node that is asked for, by what the cluster and the groups behind it show. */
import type { FactsOn } from "../../model/evaluation.ts";
import type { JudgementVersion } from "../../model/judgement-version.ts";
import type { Policy } from "../../policy/policy.ts";
import { isDelay, isRefusal, type NodeBlocker } from "./blocker.ts";
import { candidatesAmong, type CandidateNode, type NodeScope } from "./candidate-nodes.ts";
import { judgeMember } from "./eligibility/zones.ts";
import { judgeNode, type NodeJudgement } from "./judge-node.ts";
import { groupsOf } from "./new-node.ts";

export interface JudgedNode extends CandidateNode {
  readonly judgement: NodeJudgement;
}

export interface JudgeCandidatesInput {
  readonly facts: FactsOn<"KUBERNETES">;
  readonly policy: Policy;
  readonly scope: NodeScope;
  /** Default: the current one. */
  readonly judgementVersion?: JudgementVersion;
}

/** None while the cluster was not asked. */
export const judgeCandidates = ({
  facts,
  policy,
  scope,
  judgementVersion,
}: JudgeCandidatesInput): readonly JudgedNode[] => {
  const { view, cluster, observedAt: at, deploymentId, trials } = facts;
  if (view === undefined || cluster === undefined) return [];
  const groups = groupsOf(facts);
  return candidatesAmong(view, facts, scope).map((candidate) => {
    const judged = judgeNode({
      view,
      nodeName: candidate.node.name,
      policy,
      cluster,
      at,
      groups,
      ...(deploymentId === undefined ? {} : { deploymentId }),
      ...(trials === undefined ? {} : { trials }),
      ...(judgementVersion === undefined ? {} : { judgementVersion }),
    });
    const blockers = [...judgeMember(candidate.member, facts), ...judged.blockers];
    return { ...candidate, judgement: { ...judged, blockers } };
  });
};

export const isFree = ({ judgement }: JudgedNode): boolean => judgement.blockers.length === 0;

/** Of nodes of which none is free: what somebody must change, or only what passes where that is enough for any of them. */
export const blockersOfAll = (judged: readonly JudgedNode[]): readonly NodeBlocker[] => {
  const passing = judged.filter(({ judgement }) => judgement.blockers.every(isDelay));
  return passing.length > 0
    ? passing.flatMap(({ judgement }) => judgement.blockers)
    : judged.flatMap(({ judgement }) => judgement.blockers.filter(isRefusal));
};
