/** Looks closely at nodes that would be replaced, as their gate does: what stands against them after a stage is not worth the calls of the next. */
import { readNodeGroup } from "../../../adapters/aws/eks.ts";
import { managedNodeGroups } from "../../../core/decide/fleet/subjects-in-place.ts";
import { judgeNodesEligibility } from "../../../core/decide/kubernetes/eligibility.ts";
import type { KubernetesFacts } from "../../../core/model/kubernetes/facts.ts";
import type { PreflightRow } from "../../../core/model/preflight.ts";
import { nodeGroupSubject } from "../../../core/model/subject.ts";
import type { TargetOf } from "../../../core/model/target.ts";
import { limitName } from "../../../core/policy/limit-name.ts";
import { policyOf } from "../../fleet/place.ts";
import {
  gatherFromAws,
  gatherFromCluster,
  tryEvictions,
  type NodesAsked,
  type Stage,
} from "../../kubernetes/check-node/gather.ts";
import { launchOf, type Asking } from "./asking.ts";
import type { Candidate, Given } from "./judge.ts";

type NodesCandidate = Candidate & { readonly target: TargetOf<"KUBERNETES"> };

/** Of the cluster's node groups that the lists show the first that buys Spot: where its policy names none, it could name that one. */
const spotNodeGroupFor = async (
  { clients, session }: Asking,
  { target, subject }: NodesCandidate,
): Promise<Given | undefined> => {
  const isOpen = subject.mode === "KUBERNETES" && subject.isManaged;
  if (!isOpen || policyOf(target).spotNodeGroup !== "") return undefined;
  const { clusterName } = target.node;
  for (const nodeGroup of managedNodeGroups(session.reading, clusterName)) {
    if (nodeGroup === target.node.nodeGroup) continue;
    const found = await readNodeGroup(clients.eks, { clusterName, nodeGroup });
    if (found?.capacityType !== "SPOT") continue;
    const sentence = `Its nodes need a node group that buys Spot to go to, and its policy names none: ${nodeGroup} of cluster ${clusterName} does.`;
    const name = `${limitName("spotNodeGroup")}=${nodeGroup}`;
    const missing = { kind: "CONSENT", name, reason: "SPOT_NODE_GROUP_MISSING", sentence } as const;
    return { overrides: { spotNodeGroup: nodeGroup }, missing: [missing] };
  }
  return undefined;
};

const askedFor = (
  { context, clients, session }: Asking,
  { target, given }: NodesCandidate,
): NodesAsked => {
  const { account, deploymentId } = session;
  const { accountId, region } = target;
  const policy = policyOf({
    ...target,
    policyOverrides: { ...target.policyOverrides, ...given?.overrides },
  });
  return {
    context,
    evaluation: { accountId, region, subject: nodeGroupSubject(target), policy, deploymentId },
    account: () => Promise.resolve(account),
    target: () => Promise.resolve(target),
    customer: () => Promise.resolve(clients),
  };
};

/** EKS launches what joins a managed node group. */
const trialsOf = async (
  asking: Asking,
  { asked, stage, target }: { asked: NodesAsked; stage: Stage; target: NodesCandidate["target"] },
): Promise<KubernetesFacts> => {
  const { facts, reading } = stage;
  const trials = await tryEvictions(asked, stage);
  const isOurs = reading !== undefined && facts.nodeGroup === undefined;
  const launch = isOurs ? { launch: await launchOf(asking, target, reading) } : {};
  return { ...facts, trials, ...launch };
};

/** Whom it knows us as, and what that may not do: the rest of it is not known then. */
const withoutRights = (before: PreflightRow, found: PreflightRow, name: string): PreflightRow => ({
  ...before,
  missing: [
    ...before.missing,
    { kind: "ACCESS", name, reason: found.reason, sentence: found.sentence },
  ],
});

/** By the gate itself: of what was not read yet no verdict says anything. */
const isRefused = (
  { session }: Asking,
  { evaluation: { policy } }: NodesAsked,
  { facts, row, target }: Concluded,
): boolean => {
  const { account, reading } = session;
  const known = { ...facts, observedAt: reading.readAt };
  const judged = judgeNodesEligibility({ account, target, policy, facts: known });
  if (judged.kind === "ELIGIBLE" || row.outcome !== "WONT") return false;
  const codes: readonly string[] =
    judged.kind === "INELIGIBLE"
      ? judged.objections.map(({ code }) => code)
      : judged.delays.map(({ reason }) => reason);
  return codes.includes(row.reason);
};

interface Concluded {
  readonly facts: KubernetesFacts;
  readonly row: PreflightRow;
  readonly target: NodesCandidate["target"];
}

export const lookAtNodes = async (asking: Asking, named: NodesCandidate): Promise<PreflightRow> => {
  const { context, judging } = asking;
  const given = await spotNodeGroupFor(asking, named);
  const candidate: NodesCandidate = given === undefined ? named : { ...named, given };
  const { target } = candidate;
  const asked = askedFor(asking, candidate);
  const readAt = context.now().toISOString();
  const rowOf = (facts: KubernetesFacts): Promise<PreflightRow> =>
    judging.row(candidate, { readAt, facts });
  /** Undefined: it is worth the calls of the next stage. */
  const conclude = async ({ facts }: Stage): Promise<PreflightRow | undefined> => {
    const row = await rowOf(facts);
    if (!isRefused(asking, asked, { facts, row, target })) return undefined;
    return row.reason === "CLUSTER_RIGHT_MISSING"
      ? withoutRights(await judging.row(candidate), row, target.node.clusterName)
      : row;
  };
  const fromAws = await gatherFromAws(asked);
  const first = await conclude(fromAws);
  if (first !== undefined) return first;
  const stage = await gatherFromCluster(asked, fromAws);
  const second = await conclude(stage);
  return second ?? rowOf(await trialsOf(asking, { asked, stage, target }));
};
