/**
 * Did the replacement of nodes end well? Groups and nodes are as they were but for what they run on, nothing is left over, no pod was lost and no budget
 * violated by us, and nothing secret stands anywhere.
 */
import { isOpenIntent } from "../../core/decide/switch/outcome.ts";
import { evaluationTag } from "../../core/model/tags.ts";
import type { GroupSummary } from "../cloud/autoscaling/control.ts";
import { isMutatingCall } from "../cloud/kubernetes/journal.ts";
import type { NodeObject } from "../cloud/kubernetes/objects.ts";
import { judgeEvictions } from "./eviction-conduct.ts";
import { changedSettings } from "./group-judge.ts";
import { isOurCall, isReadyNode } from "./cluster-mirror.ts";
import type { NodeEnding, NodeLab, NodeSnapshot, NodeWatch } from "./node-lab.ts";
import { tracesOn } from "./node-traces.ts";

/** Ended with its verdict, or without one: nothing was touched. */
const untouching: ReadonlySet<NodeEnding["status"]> = new Set([
  "STAYED",
  "REFUSED",
  "SHADOWED",
  "AWAITING_APPROVAL",
  "DEGRADED",
]);

/** What changes something, in the account and in the cluster, by names; attempts too. */
export const changesOf = ({
  platform,
  cluster,
  begin,
}: Pick<NodeWatch, "platform" | "cluster" | "begin">): readonly string[] => [
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
export const orphanNodes = ({ platform, cluster }: NodeWatch): readonly string[] =>
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

const withDesired = (group: GroupSummary, change: number): GroupSummary => ({
  ...group,
  desired: group.desired + change,
});

/** One whose instance was asked to leave its group goes with all that stands on it, once its hooks have ended. */
const staying = ({ nodes, own, spot }: NodeSnapshot): readonly NodeObject[] => {
  const leaving = [...own.members, ...spot.members].filter(({ state }) =>
    state.startsWith("Terminating"),
  );
  return nodes.filter(
    ({ spec }) => !leaving.some(({ instanceId }) => spec.providerID?.endsWith(`/${instanceId}`)),
  );
};

/**
 * What an owner would find changed, capacity that moved on purpose aside: as many nodes as were replaced go from a managed group to the Spot node group
 * beside it.
 */
export const changedNodes = (
  { cluster, before }: NodeWatch,
  after: NodeSnapshot,
  replaced: number,
): readonly string[] => {
  const moved = cluster.isManaged ? replaced : 0;
  return [
    ...changedSettings(withDesired(before.own, -moved), after.own),
    ...changedSettings(withDesired(before.spot, moved), after.spot).map(
      (sentence) => `Of the Spot node group ${sentence}`,
    ),
    ...tracesOn(before.nodes, staying(after)),
    ...after.nodes
      .filter((node) => !isReadyNode(node))
      .map(({ metadata }) => `${metadata.name} is not Ready.`),
  ];
};

const replacedIn = ({ swaps }: NodeEnding): number =>
  swaps.filter(({ stage }) => stage === "DONE").length;

/** Who adopts takes sizes and processes as they stand; our marks and claims are taken off all the same. */
const settingsLeft = (lab: NodeLab, ending: NodeEnding): readonly string[] => {
  const { before } = lab;
  const { after, status } = ending;
  if (status !== "ADOPTED") return changedNodes(lab, after, replacedIn(ending));
  const tagsOf = ({ tags }: GroupSummary): string => JSON.stringify(tags);
  return [
    ...tracesOn(before.nodes, staying(after)),
    ...(tagsOf(before.own) === tagsOf(after.own) ? [] : [`tags are ${tagsOf(after.own)}`]),
  ];
};

/**
 * As in every mode: where no pool gave an instance, or the time was no longer right, nothing was given up, and what was begun (a claim, a size) is undone. That it is, is judged like after
 * a roll-back (docs/errors.md, "How an evaluation ends").
 */
const isBegun = ({ status, evaluation: { outcome, postponed } }: NodeEnding): boolean =>
  status === "STAYED" &&
  (outcome?.reason === "NO_CAPACITY_IN_ANY_OFFER" || postponed !== undefined);

/** What our call has taken of what somebody set in that instant, its owner is told. */
const untold = ({ capacity }: NodeLab, { swaps }: NodeEnding): readonly string[] =>
  capacity.owed() === 0 ||
  swaps.some(({ sentence }) => sentence.includes("in the instant in which"))
    ? []
    : [`Nobody is told that ${String(capacity.owed())} of what is asked for is not there.`];

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
  const changes = isBegun(ending) ? [] : changesOf(lab);
  const kubeJournal = lab.cluster.kubernetes.journal.slice(lab.begin.kubernetes);
  return [
    ...lab.pods.broken,
    ...lab.invariant.broken,
    ...lab.capacity.broken(),
    ...untold(lab, ending),
    ...judgeEvictions(kubeJournal, lab),
    ...(untouching.has(ending.status) && changes.length > 0
      ? [`${ending.status} after ${changes.join(", ")}`]
      : []),
    ...(isLeft || isDisturbed ? [] : settingsLeft(lab, ending)),
    ...orphanNodes(lab),
    ...(isLeft ? [] : ending.intents.filter(isOpenIntent).map(({ id }) => `Intent ${id} is open.`)),
    ...(ending.isLeaseHeld ? ["The lease is still held."] : []),
    ...ending.leaks,
  ];
};
