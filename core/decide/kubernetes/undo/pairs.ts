/**
 * Undoes one replacement that was not finished, or says that it stands. The original takes pods again first; then the new node is emptied and ended. Once the
 * original was asked to leave its group there is only the way forward.
 */
import type { NodeFacts } from "../../../model/kubernetes/node.ts";
import { nodeOfInstance, nodesOfInstance } from "../candidate-nodes.ts";
import { notReadyFor } from "../capacity.ts";
import { isTakenByAutoscaler } from "../claims.ts";
import { isSilent, silentSeconds } from "../drain/silence.ts";
import { counted } from "../../offers/figures.ts";
import { launchOf } from "../../switch/launches.ts";
import { planUncordon, stands } from "./marks.ts";
import { isPlace, type OpenPair } from "./open-pair.ts";
import { hasOriginal, planPlace } from "./place.ts";
import { keepTaken, planReplacement } from "./replacement.ts";
import { mayShow, openOf, toOperator, wait, type Next, type Open } from "./step.ts";
import type { FoundNode, KubernetesUndoInput } from "./world.ts";

/** Undefined: it was not asked to leave, or the group shows that it does not. */
const judgeRemoval = (
  input: KubernetesUndoInput,
  removal: Open<"REMOVE_NODE">,
  pair: { readonly swapId: string; readonly fresh: NodeFacts | undefined },
): Next => {
  const { instanceId } = removal.change;
  if (!hasOriginal(input.group, instanceId)) {
    return stands(input, pair, `Original ${instanceId} has left its group: its replacement stays.`);
  }
  if (removal.status === "ACTED") {
    return wait(`Original ${instanceId} leaves its group.`, ["group"], "MINUTES");
  }
  return mayShow(removal, input.now)
    ? wait(`Whether original ${instanceId} leaves its group is not known yet.`, ["group"])
    : undefined;
};

/** Those that its launches, or the growth of the Spot node group, have made. */
const ownOf = (input: KubernetesUndoInput, pair: OpenPair): readonly FoundNode[] => {
  const grown = new Set(openOf(pair.intents, "SCALE_OUT").map(({ change }) => change.instanceId));
  return input.replacements.filter(
    (found) =>
      grown.has(found.instanceId) || launchOf(input.intents, found)?.swapId === pair.swapId,
  );
};

interface Standing {
  readonly old: NodeFacts | undefined;
  readonly fresh: NodeFacts | undefined;
  readonly own: readonly FoundNode[];
}

const standingOf = (input: KubernetesUndoInput, pair: OpenPair): Standing => {
  const own = ownOf(input, pair);
  const originalId = input.originals.get(pair.swapId);
  const { nodes } = input;
  return {
    own,
    old: originalId === undefined ? undefined : nodeOfInstance({ nodes }, originalId),
    fresh: own.map(({ instanceId }) => nodeOfInstance({ nodes }, instanceId)).find(Boolean),
  };
};

/** An undo has let it leave with its place: it stands for nobody any longer. */
const isAskedToLeave = ({ intents }: KubernetesUndoInput, { swapId }: OpenPair): boolean =>
  intents.some(
    (intent) =>
      intent.swapId === swapId &&
      intent.status === "UNDONE" &&
      isPlace(intent) &&
      intent.change.leavingId !== undefined,
  );

/** Somebody else takes the original out, or has: what has joined for it is all that stands in its place. */
const judgeLoss = (input: KubernetesUndoInput, pair: OpenPair, { old, fresh }: Standing): Next => {
  const originalId = input.originals.get(pair.swapId);
  const { group } = input;
  if (originalId === undefined || group === undefined || fresh === undefined) return undefined;
  if (isAskedToLeave(input, pair)) return undefined;
  if (old !== undefined && isTakenByAutoscaler(old)) {
    const sentence = `Cluster Autoscaler takes node ${old.name} away: node ${fresh.name} stays for it.`;
    return stands(input, { ...pair, fresh }, sentence);
  }
  return !hasOriginal(group, originalId)
    ? stands(
        input,
        { ...pair, fresh },
        `Original ${originalId} has left group ${group.asgName}, and we did not remove it: node ${fresh.name} stays for it.`,
      )
    : undefined;
};

/** Its kubelet starts no pod: to send pods back there helps nobody, and the new node serves. */
const judgeSilence = ({ now, isAsked }: KubernetesUndoInput, { old, fresh }: Standing): Next => {
  if (isAsked || old === undefined || fresh === undefined) return undefined;
  return isSilent(old, now)
    ? toOperator(
        `Node ${old.name} is not Ready for more than ${String(silentSeconds / 60)} minutes, and node ${fresh.name} has come for it: both are kept. Next: end the old one, or roll the evaluation back once it is Ready.`,
      )
    : undefined;
};

/** One that is cordoned is being emptied by us. */
const isSound = (own: readonly FoundNode[], fresh: NodeFacts, now: string): boolean =>
  own.every(({ isInterrupted, state }) => state === "running" && !isInterrupted) &&
  notReadyFor(fresh, now) === undefined &&
  !fresh.isUnschedulable;

/** The group sees within minutes that an instance has ended, and then it is known what to do. */
const absentMs = 15 * 60_000;

/** The instance of a node that has left the cluster runs on, and its group counts it: with the new node ended, the cluster would have neither. */
const judgeAbsence = (input: KubernetesUndoInput, pair: OpenPair, standing: Standing): Next => {
  const { group, nodes, isAsked, now, askedSince } = input;
  const { fresh, own } = standing;
  const originalId = input.originals.get(pair.swapId);
  if (isAsked || originalId === undefined || group === undefined || fresh === undefined) {
    return undefined;
  }
  const isAbsent =
    nodesOfInstance({ nodes }, originalId).length === 0 && hasOriginal(group, originalId);
  if (!isAbsent || !isSound(own, fresh, now)) return undefined;
  return Date.parse(now) - Date.parse(askedSince) < absentMs
    ? wait(`The cluster has no node of original ${originalId}.`, ["nodes", "group"], "MINUTES")
    : toOperator(
        `The cluster no longer has a node of original ${originalId}, which is still a member of group ${group.asgName}: node ${fresh.name} stays. Next: end ${originalId} through its group and adopt the evaluation, or let it join again and roll the evaluation back.`,
      );
};

/** Asked once ours is taken off. What would be sent away from the new node has no node to go back to. */
const judgeForeignCordon = (
  { isAsked, now }: KubernetesUndoInput,
  { intents }: OpenPair,
  { old, fresh, own }: Standing,
): Next => {
  const isDrained = intents.some(({ change }) => change.kind === "DRAIN_NODE");
  if (isAsked || !isDrained || old?.isUnschedulable !== true || fresh === undefined) {
    return undefined;
  }
  return isSound(own, fresh, now)
    ? toOperator(
        `Node ${old.name} is cordoned by somebody else, so that no pod can go back to it: node ${fresh.name} stays, and takes pods. Next: see who works on node ${old.name}; then adopt the evaluation, or uncordon the node and roll the evaluation back.`,
      )
    : undefined;
};

/** Each pod that is sent back moves a second time. A replacement that works is worth a person's look. */
const judgeProgress = (
  { drain, isAsked, now }: KubernetesUndoInput,
  pair: OpenPair,
  { old, fresh, own }: Standing,
): Next => {
  const isDrained = pair.intents.some(({ change }) => change.kind === "DRAIN_NODE");
  if (isAsked || !isDrained || drain === undefined || fresh === undefined) return undefined;
  const { evicted, left } = drain;
  if (evicted <= left || !isSound(own, fresh, now)) return undefined;
  const name = old?.name ?? "unknown";
  if (left === 0) {
    return toOperator(
      `All ${counted(evicted, "pod")} have moved from node ${name}, which has not left its group: both nodes are kept and take pods. Next: see what keeps it there, then resume, or roll the evaluation back to have node ${fresh.name} drained.`,
    );
  }
  return toOperator(
    `${String(evicted)} of ${String(evicted + left)} pods have moved from node ${name} to others, and ${String(left)} have not: both nodes are kept and take pods. Next: see what holds these, then resume, or roll the evaluation back to have node ${fresh.name} drained.`,
  );
};

/** A call whose answer was lost may still show. */
const placeMayShow = (pair: OpenPair, now: string): Next => {
  const [attach] = openOf(pair.intents, "ATTACH_NODE");
  return attach !== undefined && mayShow(attach, now)
    ? wait(`Whether ${attach.change.instanceId} was attached is not known yet.`, ["group"])
    : undefined;
};

const undoOwn = (input: KubernetesUndoInput, pair: OpenPair, { own }: Standing): Next => {
  for (const found of own) {
    const next = planReplacement(input, pair, found);
    if (next !== undefined) return next;
  }
  return undefined;
};

const judgeOriginal = (input: KubernetesUndoInput, pair: OpenPair, standing: Standing): Next => {
  const [removal] = openOf(pair.intents, "REMOVE_NODE");
  const asked =
    removal === undefined
      ? undefined
      : judgeRemoval(input, removal, { ...pair, fresh: standing.fresh });
  return (
    asked ??
    judgeLoss(input, pair, standing) ??
    judgeSilence(input, standing) ??
    judgeAbsence(input, pair, standing)
  );
};

const uncordon = (input: KubernetesUndoInput, pair: OpenPair): Next => {
  const [cordon] = openOf(pair.intents, "CORDON_NODE");
  return cordon === undefined ? undefined : planUncordon(input, cordon);
};

/** Undefined: nothing of it is left to undo. */
export const planPair = (input: KubernetesUndoInput, pair: OpenPair): Next => {
  const standing = standingOf(input, pair);
  return (
    judgeOriginal(input, pair, standing) ??
    uncordon(input, pair) ??
    keepTaken(input, pair, standing.own) ??
    judgeForeignCordon(input, pair, standing) ??
    judgeProgress(input, pair, standing) ??
    placeMayShow(pair, input.now) ??
    undoOwn(input, pair, standing) ??
    planPlace(input, pair)
  );
};
