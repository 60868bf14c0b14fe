/** Which members serve: what the capacity invariant counts. */
import { inServiceIn, targetGroupsOf, type AutoScalingContext } from "./context.ts";
import type { Group } from "./state.ts";

/** Ids of the members that serve: in service, healthy, and healthy in every target group, with no administrative override beside it. */
export const servingIn = (context: AutoScalingContext, group: Group): readonly string[] => {
  const { fleet, targets } = context;
  const arns = targetGroupsOf(group);
  return inServiceIn(group)
    .filter(({ instanceId, health }) => {
      const instance = fleet.find(group, instanceId);
      // Announced to be taken back it doesn't count from then on.
      if (health !== "Healthy" || instance?.state !== "running" || instance.isMarked) return false;
      return arns.every(
        (arn) =>
          targets.stateOf(arn, instanceId) === "healthy" && !targets.isOverridden(arn, instanceId),
      );
    })
    .map(({ instanceId }) => instanceId);
};
