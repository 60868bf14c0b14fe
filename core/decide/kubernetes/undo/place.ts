/** What is left of a place that was made for a replacement, once that is gone: the group would fill it again, or has done so. */
import { isLeavingGroup, memberOf, type GroupMember } from "../../../model/group.ts";
import { askedBefore } from "../hidden-leave.ts";
import { groupOf, placeOf, type OpenPair } from "./open-pair.ts";
import { planReplacement } from "./replacement.ts";
import { mayShow, toOperator, wait, type Next, type Open } from "./step.ts";
import type { FoundNode, KubernetesUndoInput, UndoNodeGroup } from "./world.ts";

const staying = ({ members }: UndoNodeGroup): readonly GroupMember[] =>
  members.filter((member) => !isLeavingGroup(member));

/** Never by a lowered capacity: who ends by it is the group's choice, and a node may come in that very moment. */
const leftOver = ({ asgName, desiredCapacity }: UndoNodeGroup, before: number): Next =>
  toOperator(
    `Group ${asgName} is to have ${String(desiredCapacity)} nodes, and was to have ${String(before)} before our replacement came: its place is left, and which node is one too many nobody can tell. Next: drain one and end it with the desired capacity lowered, or lower that while a node is missing; then roll the evaluation back again.`,
  );

/** Spot may have no capacity for hours. */
const patienceMs = 15 * 60_000;

/** By EKS, for the place that our call made. One that is named stands here too: its group shows it before EC2 does. */
const madeInPlace = (group: UndoNodeGroup, { change }: Open<"SCALE_OUT">): readonly GroupMember[] =>
  staying(group).filter(({ instanceId }) => !change.knownIds.includes(instanceId));

const asFound = ({ instanceId, instance }: GroupMember): FoundNode => ({
  instanceId,
  state: instance?.state ?? "running",
  isInterrupted: false,
});

/** EKS asks for Spot until there is some: what comes is ended as what we have made. */
const undoGrowth = (
  input: KubernetesUndoInput,
  pair: OpenPair,
  { group, open }: { readonly group: UndoNodeGroup; readonly open: Open<"SCALE_OUT"> },
): Next => {
  const before = open.change.desiredBefore;
  const [made, ...others] = madeInPlace(group, open);
  const isClear = others.length === 0 && group.desiredCapacity === before + 1;
  if (made !== undefined && isClear) return planReplacement(input, pair, asFound(made));
  const isMissing = staying(group).length < group.desiredCapacity;
  return isMissing && Date.parse(input.now) - Date.parse(input.askedSince) < patienceMs
    ? wait(
        `Group ${group.asgName} still asks for the node that we asked for: it is ended once it comes.`,
        ["spotGroup"],
        "MINUTES",
      )
    : leftOver(group, before);
};

const isGrowth = (intent: OpenPair["intents"][number]): intent is Open<"SCALE_OUT"> =>
  intent.change.kind === "SCALE_OUT";

/** Asked once the replacement that is known is gone. */
export const planPlace = (input: KubernetesUndoInput, pair: OpenPair): Next => {
  const place = placeOf(pair);
  const group = groupOf(input, pair);
  const before = askedBefore(pair, input.intents)?.asked;
  if (place === undefined || group === undefined || before === undefined) return undefined;
  if (mayShow(place, input.now)) {
    const sentence = `Whether group ${group.asgName} has one node more is not known yet.`;
    return wait(sentence, ["group", "spotGroup"]);
  }
  if (group.desiredCapacity <= before) return undefined;
  if (isGrowth(place)) return undoGrowth(input, pair, { group, open: place });
  return place.status === "ACTED" ? leftOver(group, before) : undefined;
};

/** Whether the original is a member that stays. */
export const hasOriginal = (group: UndoNodeGroup | undefined, originalId: string): boolean => {
  const member = group === undefined ? undefined : memberOf(group, originalId);
  return member !== undefined && !isLeavingGroup(member);
};
