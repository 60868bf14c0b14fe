/** Picks the next node of a node group, and the pools that its replacement may come from. */
import type { FactsOn } from "../../model/evaluation.ts";
import { isOnDemand, type GroupMember } from "../../model/group.ts";
import type { NodeName } from "../../model/kubernetes/progress.ts";
import { poolKey, type Pool } from "../../model/market.ts";
import type { Swap } from "../../model/swap.ts";
import type { TargetOf } from "../../model/target.ts";
import type { Postponement } from "../../model/verdict.ts";
import type { Policy } from "../../policy/policy.ts";
import { counted } from "../offers/figures.ts";
import { isDelay } from "./blocker.ts";
import { isToReplace, scopeOfTarget } from "./candidate-nodes.ts";
import { soon } from "./eligibility/soon.ts";
import { blockersOfAll, isFree, judgeCandidates, type JudgedNode } from "./judge-candidates.ts";

export interface NextNodeInput {
  /** As they are now. */
  readonly facts: FactsOn<"KUBERNETES">;
  readonly target: TargetOf<"KUBERNETES">;
  readonly policy: Policy;
  /** All of this evaluation: a node is tried once. */
  readonly swaps: readonly Pick<Swap, "originalId" | "failed" | "replacement">[];
  /** Of the verdict. */
  readonly pools: readonly Pool[];
}

export type NextNode =
  | {
      readonly kind: "NODE";
      readonly node: NodeName;
      readonly zoneId: string;
      /** Of its zone, best first; empty for a managed node group: EKS launches there. */
      readonly offers: readonly Pool[];
      /** That go after it, in their order. */
      readonly later: readonly NodeName[];
      /** Nodes that are to be replaced, this one included. */
      readonly left: number;
    }
  | {
      readonly kind: "NONE";
      readonly sentence: string;
      /** Nodes that were to be replaced too. */
      readonly left: number;
      /** Where all that stands against them passes by itself. */
      readonly postponed?: Postponement;
    };

/** An original is tried once, and what has taken its place is not moved on. */
const candidatesIn = ({ facts, target, policy, swaps }: NextNodeInput): readonly JudgedNode[] => {
  const tried = new Set<string>(
    swaps.flatMap(({ originalId, replacement }) =>
      replacement === undefined ? [originalId] : [originalId, replacement.instanceId],
    ),
  );
  return judgeCandidates({ facts, policy, scope: scopeOfTarget(target) }).filter(
    ({ member }) => isToReplace(member, facts) && !tried.has(member.instanceId),
  );
};

/** What has refused one node refuses the next: room, or a quota. */
const poolsFor = ({ facts, pools, swaps }: NextNodeInput, member: GroupMember): readonly Pool[] => {
  const { zoneId, instanceType } = member;
  if (facts.nodeGroup !== undefined) return [];
  const refused = new Set(
    swaps.flatMap(({ failed }) =>
      failed.filter(({ kind }) => kind !== "ENDED").map(({ pool }) => poolKey(pool)),
    ),
  );
  // What stands On-Demand is in no Spot pool, whatever its type.
  const isOwn = (pool: Pool): boolean => !isOnDemand(member) && pool.instanceType === instanceType;
  return pools.filter(
    (pool) => pool.zoneId === zoneId && !isOwn(pool) && !refused.has(poolKey(pool)),
  );
};

const isLaunchable = (input: NextNodeInput, { member }: JudgedNode): boolean =>
  input.facts.nodeGroup !== undefined || poolsFor(input, member).length > 0;

const none = (input: NextNodeInput, left: readonly JudgedNode[]): NextNode => {
  const { nodeGroup, clusterName } = input.target.node;
  const name = `node group ${nodeGroup} of cluster ${clusterName}`;
  if (left.length === 0) {
    return { kind: "NONE", left: 0, sentence: `No further node of ${name} is to be replaced.` };
  }
  const blockers = blockersOfAll(left);
  const [first] = blockers;
  const why =
    first === undefined
      ? "each pool of their zones has refused"
      : first.sentence.replace(/\.$/, "");
  const sentence = `${counted(left.length, "node")} of ${name} can't be replaced now: ${why}.`;
  const delay = first !== undefined && isDelay(first) ? first : undefined;
  return {
    kind: "NONE",
    left: left.length,
    sentence,
    ...(delay === undefined
      ? {}
      : { postponed: soon(input.facts, { reason: delay.code, sentence: delay.sentence }) }),
  };
};

/**
 * Within the two hours in which a run begins nodes it comes to no more: a boot, half a minute of being Ready and a drain take six minutes at least.
 */
const mostLater = 20;

/** What passes by itself may have passed when its turn comes. */
const mayGoLater = (input: NextNodeInput, candidate: JudgedNode): boolean =>
  candidate.judgement.blockers.every(isDelay) && isLaunchable(input, candidate);

const nameOfNode = ({ node, member }: JudgedNode): NodeName => ({
  instanceId: member.instanceId,
  name: node.name,
  uid: node.uid,
});

/** The first that may be replaced now. */
export const nextNode = (input: NextNodeInput): NextNode => {
  const candidates = candidatesIn(input);
  const found = candidates.find((candidate) => isFree(candidate) && isLaunchable(input, candidate));
  if (found === undefined) return none(input, candidates);
  const later = candidates.filter(
    (candidate) => candidate !== found && mayGoLater(input, candidate),
  );
  return {
    kind: "NODE",
    node: nameOfNode(found),
    zoneId: found.member.zoneId,
    offers: poolsFor(input, found.member),
    later: later.slice(0, mostLater).map(nameOfNode),
    left: candidates.length,
  };
};
