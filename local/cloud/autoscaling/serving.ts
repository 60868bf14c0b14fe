/** Which members serve: what the capacity invariant counts. */
import { inServiceIn, targetGroupsOf, type AutoScalingContext } from "./context.ts";
import type { Group, Member } from "./state.ts";

/** In service, healthy, and healthy in every target group, with no administrative override beside it. */
const isServing = (context: AutoScalingContext, group: Group, member: Member): boolean => {
  const { instanceId, health } = member;
  const instance = context.fleet.find(group, instanceId);
  // Announced to be taken back it doesn't count from then on.
  if (health !== "Healthy" || instance?.state !== "running" || instance.isMarked) return false;
  return targetGroupsOf(group).every(
    (arn) =>
      context.targets.stateOf(arn, instanceId) === "healthy" &&
      !context.targets.isOverridden(arn, instanceId),
  );
};

/** Ids of the members that serve. */
export const servingIn = (context: AutoScalingContext, group: Group): readonly string[] =>
  inServiceIn(group)
    .filter((member) => isServing(context, group, member))
    .map(({ instanceId }) => instanceId);
