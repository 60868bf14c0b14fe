/**
 * Replacements that have left their group and run on: by our own detach, or by other hands, who may have kept the place. Both look alike in the group, and its
 * activities tell them apart.
 */
import { memberOf } from "../../../model/group.ts";
import { hasEnded } from "../../../model/instance.ts";
import { howItLeft } from "../../switch/group/leave.ts";
import type { UndoGroup, UndoInput } from "./world.ts";

/** One that runs and is not a member, or that drains. */
export const isDetached = (
  { replacements }: Pick<UndoInput, "replacements">,
  group: UndoGroup,
  instanceId: string,
): boolean => {
  const member = memberOf(group, instanceId);
  return member === undefined
    ? replacements.some((found) => found.instanceId === instanceId && !hasEnded(found.state))
    : member.lifecycleState.startsWith("Detach");
};

/** With the desired capacity lowered by it: it is no longer added. */
export const hasLeftWithPlace = (
  input: Pick<UndoInput, "activities" | "replacements">,
  group: UndoGroup,
  instanceId: string,
): boolean =>
  isDetached(input, group, instanceId) &&
  howItLeft(input.activities ?? [], instanceId)?.isWithItsPlace === true;
