/**
 * Did the replacement of nodes end well? Groups and nodes are as they were but for what they run on, nothing is left over, no pod was lost and no budget
 * violated by us, and nothing secret stands anywhere.
 */
import { isOpenIntent } from "../../core/decide/switch/outcome.ts";
import { evaluationTag } from "../../core/model/tags.ts";
import type { GroupSummary } from "../cloud/autoscaling/control.ts";
import { isMutatingCall } from "../cloud/kubernetes/journal.ts";
import { judgeEvictions } from "./eviction-conduct.ts";
import { changedSettings } from "./group-judge.ts";
import { isOurCall } from "./cluster-mirror.ts";
import type { NodeEnding, NodeLab } from "./node-lab.ts";
import { tracesOn } from "./node-traces.ts";

/** Ended with its verdict, or without one. */
const untouching: ReadonlySet<NodeEnding["status"]> = new Set([
  "STAYED",
  "REFUSED",
  "SHADOWED",
  "APPROVAL_REQUIRED",
  "DEGRADED",
]);

/** What changes something, in the account and in the cluster, by names; attempts too. */
export const changesOf = ({ platform, cluster, begin }: NodeLab): readonly string[] => [
  ...platform.cloud.journal
    .slice(begin.cloud)
    .filter(
      ({ accountId, mutating, dryRun, sessionName }) =>
        accountId === cluster.place.accountId && mutating && !dryRun && sessionName !== undefined,
    )
    .map(({ operation }) => operation),
  ...cluster.kubernetes.journal
    .slice(begin.kubernetes)
    .filter((call) => isMutatingCall(call) && isOurCall(call))
    .map(({ verb, resource }) => `${verb} ${resource}`),
];

const isAlive = (state: string): boolean => state !== "terminated" && state !== "shutting-down";

/** Launched by us, alive, and in no group. */
const orphansOf = ({ platform, cluster }: NodeLab): readonly string[] =>
  platform.ec2.control
    .instances(cluster.place.accountId)
    .filter(
      ({ instanceId, state, tags }) =>
        isAlive(state) &&
        tags[evaluationTag] !== undefined &&
        platform.autoScaling.control.groupOf(instanceId) === undefined,
    )
    .map(
      ({ instanceId, state }) => `${instanceId} bears our tags, is ${state}, and no group has it.`,
    );

/** As many nodes as were replaced have moved from a managed group to the Spot node group beside it. */
const movedBetween = ({ cluster }: NodeLab, { swaps }: NodeEnding): number =>
  cluster.isManaged ? swaps.filter(({ stage }) => stage === "DONE").length : 0;

const withDesired = (group: GroupSummary, change: number): GroupSummary => ({
  ...group,
  desired: group.desired + change,
});

const settingsLeft = (lab: NodeLab, ending: NodeEnding): readonly string[] => {
  const moved = movedBetween(lab, ending);
  const { before } = lab;
  const { after } = ending;
  return [
    ...changedSettings(withDesired(before.own, -moved), after.own),
    ...changedSettings(withDesired(before.spot, moved), after.spot).map(
      (sentence) => `Of the Spot node group ${sentence}`,
    ),
    ...tracesOn(before.nodes, after.nodes),
  ];
};

/** Who serves, as many as before, and all of them Ready. */
const unready = ({ after }: NodeEnding): readonly string[] =>
  after.nodes
    .filter(
      ({ status }) =>
        !status.conditions?.some((each) => each.type === "Ready" && each.status === "True"),
    )
    .map(({ metadata }) => `${metadata.name} is not Ready.`);

export interface NodeJudgement {
  /** Somebody else changes nodes and groups too: what they look like is not compared. */
  readonly isDisturbed?: boolean;
}

/** Empty when it ended well. */
export const complaintsAboutNodes = (
  lab: NodeLab,
  ending: NodeEnding,
  { isDisturbed = false }: NodeJudgement = {},
): readonly string[] => {
  // What could not be put back is told to a person, and stays open.
  const isLeft = ending.status === "NEEDS_OPERATOR";
  const changes = changesOf(lab);
  const kubeJournal = lab.cluster.kubernetes.journal.slice(lab.begin.kubernetes);
  return [
    ...lab.pods.broken,
    ...lab.invariant.broken,
    ...lab.capacity.broken(),
    ...judgeEvictions(kubeJournal),
    ...(untouching.has(ending.status) && changes.length > 0
      ? [`${ending.status} after ${changes.join(", ")}`]
      : []),
    ...(isLeft || isDisturbed ? [] : [...settingsLeft(lab, ending), ...unready(ending)]),
    ...orphansOf(lab),
    ...(isLeft ? [] : ending.intents.filter(isOpenIntent).map(({ id }) => `Intent ${id} is open.`)),
    ...(ending.isLeaseHeld ? ["The lease is still held."] : []),
    ...ending.leaks,
  ];
};
