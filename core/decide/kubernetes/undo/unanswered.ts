/**
 * Settles calls that lower a group's desired capacity and whose answer was lost: that by which an undo lets a node leave with the place that was made for it, and that by which an original was to
 * leave. Once the node leaves, the capacity alone no longer says whether our call has lowered it or somebody else has set it: the group's activities do.
 */
import { isLeavingGroup, memberOf } from "../../../model/group.ts";
import type { ChangeOf, Intent } from "../../../model/intent.ts";
import { howItLeft, type Left } from "../../switch/group/leave.ts";
import { isOpenIntent } from "../../switch/outcome.ts";
import { isPlace, type PlaceIntent } from "./open-pair.ts";
import { groupNamed } from "./settings.ts";
import { act, noted, wait, type Next } from "./step.ts";
import type { KubernetesUndoInput } from "./world.ts";

interface Unanswered {
  readonly asgName: string;
  readonly instanceId: string;
  /** As a sentence begins. */
  readonly named: string;
  /** What is noted where it has left by our call. Undefined: nothing, and the pair is judged by what stands in the intents. */
  readonly byUs: (left: Left) => Next;
}

const ofPlace = (place: PlaceIntent): Unanswered | undefined => {
  const { asgName, leavingId } = place.change;
  if (leavingId === undefined) return undefined;
  const named = `Replacement ${leavingId}`;
  return {
    ...{ asgName, instanceId: leavingId, named },
    byUs: ({ desiredBefore: desiredMet }) =>
      noted(place, `${named} has left group ${asgName} with the place that was made for it.`, {
        ...(desiredMet === undefined ? {} : { desiredMet }),
      }),
  };
};

const ofRemoval = (
  { id: intentId, status }: Intent,
  { asgName, instanceId }: ChangeOf<"REMOVE_NODE">,
): Unanswered | undefined =>
  status === "PLANNED"
    ? {
        ...{ asgName, instanceId, named: `Original ${instanceId}` },
        byUs: ({ desiredBefore: desiredMet }) =>
          desiredMet === undefined
            ? undefined
            : act({ kind: "NOTE_REMOVED", id: `NOTE_REMOVED ${intentId}`, intentId, desiredMet }),
      }
    : undefined;

const unansweredOf = (intent: Intent): Unanswered | undefined => {
  if (!isOpenIntent(intent)) return undefined;
  if (isPlace(intent)) return ofPlace(intent);
  return intent.change.kind === "REMOVE_NODE" ? ofRemoval(intent, intent.change) : undefined;
};

/** Names of the groups whose activities tell. */
export const groupsUnanswered = (intents: readonly Intent[]): readonly string[] => [
  ...new Set(intents.flatMap((intent) => unansweredOf(intent)?.asgName ?? [])),
];

/** By other hands its place stays: that is undone as if we had not called. */
const settle = (input: KubernetesUndoInput, unanswered: Unanswered): Next => {
  const { asgName, instanceId, named, byUs } = unanswered;
  const { activities } = input;
  const group = groupNamed(input, asgName);
  const member = group === undefined ? undefined : memberOf(group, instanceId);
  const stays = member !== undefined && !isLeavingGroup(member);
  if (group === undefined || stays) return undefined;
  if (activities === undefined) return { kind: "LOOK", at: ["activities"] };
  const left = howItLeft(activities, instanceId);
  if (left === undefined) {
    const sentence = `${named} leaves group ${asgName}, and no activity tells yet by whose call.`;
    return wait(sentence, ["activities"], "MINUTES");
  }
  return left.isWithItsPlace ? byUs(left) : undefined;
};

/** Before any pair is judged: what of a group's capacity is ours follows from it. */
export const planUnanswered = (input: KubernetesUndoInput): Next => {
  for (const intent of input.intents) {
    const unanswered = unansweredOf(intent);
    const next = unanswered === undefined ? undefined : settle(input, unanswered);
    if (next !== undefined) return next;
  }
  return undefined;
};
