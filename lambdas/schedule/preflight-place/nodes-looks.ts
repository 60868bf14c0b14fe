/** Says of nodes that would be replaced what a look at them has found, and what their owner would have to give besides. */
import { readNodeGroup } from "../../../adapters/aws/eks.ts";
import { managedNodeGroups } from "../../../core/decide/fleet/subjects-in-place.ts";
import type { PreflightRow } from "../../../core/model/preflight.ts";
import type { TargetOf } from "../../../core/model/target.ts";
import { limitName } from "../../../core/policy/limit-name.ts";
import type { Asking } from "../../fleet/asking.ts";
import { lookAtNodes } from "../../fleet/look-at-nodes.ts";
import { policyOf } from "../../fleet/place.ts";
import type { Candidate, Given, Judging } from "./judge.ts";

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

/** Whom it knows us as, and what that may not do: the rest of it is not known then. */
const withoutRights = (before: PreflightRow, found: PreflightRow, name: string): PreflightRow => ({
  ...before,
  missing: [
    ...before.missing,
    { kind: "ACCESS", name, reason: found.reason, sentence: found.sentence },
  ],
});

/** As if it were given. */
const withGiven = ({ target, given }: NodesCandidate): NodesCandidate["target"] => ({
  ...target,
  policyOverrides: { ...target.policyOverrides, ...given?.overrides },
});

export const rowOfNodes = async (
  asking: Asking,
  judging: Judging,
  named: NodesCandidate,
): Promise<PreflightRow> => {
  const given = await spotNodeGroupFor(asking, named);
  const candidate: NodesCandidate = given === undefined ? named : { ...named, given };
  const look = await lookAtNodes(asking, withGiven(candidate), async (known) => {
    const { outcome, reason } = await judging.row(candidate, known);
    return outcome === "WONT" ? reason : undefined;
  });
  const row = await judging.row(candidate, look);
  return row.reason === "CLUSTER_RIGHT_MISSING"
    ? withoutRights(await judging.row(candidate), row, candidate.target.node.clusterName)
    : row;
};
