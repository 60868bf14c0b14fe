/** Undoes what was launched for a node that does not go: it is emptied, and leaves its group together with the place that was made for it. */
import { isInService, isLeavingGroup, memberOf, type GroupMember } from "../../../model/group.ts";
import { hasEnded } from "../../../model/instance.ts";
import { nodeOfInstance, nodesOfInstance } from "../candidate-nodes.ts";
import { launchOf } from "../../switch/launches.ts";
import { askedBefore } from "../hidden-leave.ts";
import { isAbsorbed } from "../surplus.ts";
import { planEmptying } from "./empty.ts";
import { stands } from "./marks.ts";
import { groupOf, placeOf, type OpenPair } from "./open-pair.ts";
import { act, toOperator, wait, type Next } from "./step.ts";
import type { FoundNode, KubernetesUndoInput, UndoNodeGroup } from "./world.ts";

const undoesPlace = (pair: OpenPair): { readonly undoes?: string } => {
  const id = placeOf(pair)?.id;
  return id === undefined ? {} : { undoes: id };
};

/** Who changed the desired capacity meanwhile, or raised the minimum to it, has taken what we added. */
const isTaken = (
  { intents }: Pick<KubernetesUndoInput, "intents">,
  group: UndoNodeGroup,
  pair: OpenPair,
): boolean => {
  const before = askedBefore(pair, intents);
  return before === undefined ? group.desiredCapacity <= group.minSize : isAbsorbed(group, before);
};

const keepAbsorbed = (
  input: KubernetesUndoInput,
  { swapId, group }: { readonly swapId: string; readonly group: UndoNodeGroup },
  { instanceId }: FoundNode,
): Next => {
  const { asgName, desiredCapacity, minSize } = group;
  const sentence = `Somebody set the desired capacity of group ${asgName} to ${String(desiredCapacity)} meanwhile, or its minimum to ${String(minSize)}: replacement ${instanceId} is one of these, and stays.`;
  const fresh = nodeOfInstance({ nodes: input.nodes }, instanceId);
  return stands(input, { swapId, fresh, isAbsorbed: true }, sentence);
};

/** Asked before anything of it is emptied. Undefined: it is not a member that stays, or its place is ours. */
export const keepTaken = (
  input: KubernetesUndoInput,
  pair: OpenPair,
  own: readonly FoundNode[],
): Next => {
  const group = groupOf(input, pair);
  if (group === undefined || !isTaken(input, group, pair)) return undefined;
  const taken = own.find((found) => {
    const member = memberOf(group, found.instanceId);
    return !hasEnded(found.state) && member !== undefined && !isLeavingGroup(member);
  });
  return taken && keepAbsorbed(input, { swapId: pair.swapId, group }, taken);
};

const leaveGroup = (
  { asgName, desiredCapacity: desiredSeen }: UndoNodeGroup,
  pair: OpenPair,
  { instanceId, lifecycleState }: GroupMember,
): Next => {
  if (!lifecycleState.startsWith("InService")) {
    return wait(`Replacement ${instanceId} is ${lifecycleState}.`, ["group", "spotGroup"]);
  }
  const id = `TERMINATE_IN_GROUP ${instanceId}`;
  const leaving = { asgName, instanceId, desiredSeen, ...undoesPlace(pair) };
  return act({ kind: "TERMINATE_IN_GROUP", id, ...leaving });
};

const terminate = ({ intents }: KubernetesUndoInput, found: FoundNode): Next => {
  const { instanceId } = found;
  const undoes = launchOf(intents, found)?.id;
  return act({
    kind: "TERMINATE_REPLACEMENT",
    id: `TERMINATE_REPLACEMENT ${instanceId}`,
    instanceId,
    ...(undoes === undefined ? {} : { undoes }),
  });
};

/** Of our own attach alone: what EKS has launched leaves as EKS has it. */
const leaveAtOnce = (
  { asgName, desiredCapacity: desiredSeen }: UndoNodeGroup,
  pair: OpenPair,
  { found, member }: { readonly found: FoundNode; readonly member: GroupMember },
): Next => {
  const isOurs = placeOf(pair)?.change.kind === "ATTACH_NODE";
  if (!isOurs || !found.isInterrupted || !isInService(member)) return undefined;
  const { instanceId } = found;
  const id = `DETACH ${instanceId}`;
  return act({ kind: "DETACH", id, asgName, instanceId, desiredSeen, ...undoesPlace(pair) });
};

const onItsWayOut = ({ instanceId, state }: FoundNode, member: GroupMember | undefined): Next => {
  if (member === undefined) return undefined;
  const sentence = isLeavingGroup(member)
    ? `Replacement ${instanceId} is ${member.lifecycleState}.`
    : `Replacement ${instanceId} is ${state}, and its group has not seen it yet.`;
  return wait(sentence, ["group", "spotGroup"], "MINUTES");
};

const isLeaving = (member: GroupMember | undefined): boolean =>
  member !== undefined && isLeavingGroup(member);

/** Pods of a Node object that is gone are taken away after 40 s, and looked for every 20 s. Source: kube-controller-manager, pod garbage collector. */
const collectedWithinMs = 60_000;

/** Somebody has deleted the Node object of one to which pods had moved: they run there, and serve, until the collector has seen it. */
const waitForCollector = (
  { now, askedSince }: KubernetesUndoInput,
  { intents }: OpenPair,
  instanceId: string,
): Next => {
  const isDrained = intents.some(({ change }) => change.kind === "DRAIN_NODE");
  return isDrained && Date.parse(now) - Date.parse(askedSince) < collectedWithinMs
    ? wait(
        `The cluster no longer has a node of replacement ${instanceId}: its pods are made again elsewhere before it ends.`,
        ["nodes"],
        "MINUTES",
      )
    : undefined;
};

/** A node that never joined carries nothing. Of several that say that they are it, pods stand on the one that is, and nobody can tell which. */
const empty = (
  input: KubernetesUndoInput,
  pair: OpenPair,
  { instanceId, isInterrupted }: FoundNode,
): Next => {
  const [node, ...twins] = nodesOfInstance(input, instanceId);
  if (node === undefined) return waitForCollector(input, pair, instanceId);
  const names = [node, ...twins].map(({ name }) => name).join(" and ");
  return twins.length === 0
    ? planEmptying(input, node, isInterrupted)
    : toOperator(
        `Nodes ${names} both say that they are replacement ${instanceId}, which is not ended while pods may run there. Next: delete the Node object that is not, then roll the evaluation back.`,
      );
};

/** Undefined: it has ended, and the group no longer has it. */
export const planReplacement = (
  input: KubernetesUndoInput,
  pair: OpenPair,
  found: FoundNode,
): Next => {
  const group = groupOf(input, pair);
  const member = group === undefined ? undefined : memberOf(group, found.instanceId);
  if (hasEnded(found.state) || isLeaving(member)) return onItsWayOut(found, member);
  if (group === undefined || member === undefined) {
    return empty(input, pair, found) ?? terminate(input, found);
  }
  if (isTaken(input, group, pair)) return keepAbsorbed(input, { ...pair, group }, found);
  return (
    leaveAtOnce(group, pair, { found, member }) ??
    empty(input, pair, found) ??
    leaveGroup(group, pair, member)
  );
};
