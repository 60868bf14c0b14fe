/** One look at a group: what is unhealthy is replaced, what lacks is launched, what is too much is taken away. */
import { begin, end, sentence, takeCauses } from "./activities.ts";
import { chooseVictim } from "./choice.ts";
import { countedIn, isSuspended, regionAt, type AutoScalingContext } from "./context.ts";
import { checkHealth } from "./health.ts";
import { launchOne, started } from "./launching.ts";
import { terminateMember } from "./members.ts";
import { advanceRefresh } from "./refresh.ts";
import {
  fromTo,
  planRebalance,
  releaseYielding,
  replaceOld,
  replaceUnhealthy,
  yieldingIn,
} from "./replacing.ts";
import type { Group } from "./state.ts";

/** "…can exceed the group's maximum size by a 10 percent margin (or by a margin of one instance, whichever is greater)". (User guide.) */
const ceilingOf = ({ maxSize }: Group): number => maxSize + Math.max(1, Math.floor(maxSize / 10));

const launchCauses = (context: AutoScalingContext, group: Group): readonly string[] => {
  if (group.replacing > 0) {
    group.replacing -= 1;
    const text =
      "an instance was launched in response to an unhealthy instance needing to be replaced";
    return [sentence(context, text)];
  }
  const size = countedIn(group).length;
  return [...takeCauses(group), started(context, size, size + 1)];
};

const launchMissing = (context: AutoScalingContext, group: Group): void => {
  const wanted = Math.min(
    group.desired + yieldingIn(group).length,
    Math.max(group.desired, ceilingOf(group)),
  );
  const missing = wanted - countedIn(group).length;
  if (missing <= 0 || isSuspended(group, "Launch")) return;
  const waitMs = group.retryAt - context.clock.now();
  if (waitMs > 0) {
    context.wake(group, waitMs);
    return;
  }
  for (let launched = 0; launched < missing; launched += 1) {
    if (launchOne(context, group, launchCauses(context, group)) === undefined) {
      context.wake(group, Math.max(0, group.retryAt - context.clock.now()));
      return;
    }
  }
};

const allProtected =
  "Could not scale to desired capacity because all remaining instances are protected from scale-in.";

const noteProtected = (context: AutoScalingContext, group: Group): void => {
  if (group.activities[0]?.StatusMessage === allProtected) return;
  const description = "Terminating EC2 instance";
  const activity = begin(context, group, { description, causes: takeCauses(group) });
  end(context, group, { activity, status: "Cancelled", message: allProtected });
};

const scaleIn = (context: AutoScalingContext, group: Group): void => {
  if (isSuspended(group, "Terminate")) return;
  for (;;) {
    const excess = countedIn(group).length - yieldingIn(group).length - group.desired;
    if (excess <= 0) return;
    const member = chooseVictim(context, group);
    if (member === undefined) {
      noteProtected(context, group);
      return;
    }
    terminateMember(context, group, {
      member,
      causes: [
        ...takeCauses(group),
        sentence(
          context,
          `an instance was taken out of service in response to a difference between desired and actual capacity, ${fromTo(group)}`,
        ),
        sentence(context, `instance ${member.instanceId} was selected for termination`),
      ],
    });
  }
};

/** Its activities outlive it. */
const finishDeletion = (context: AutoScalingContext, group: Group): void => {
  if (group.members.size > 0) return;
  const region = regionAt(context, group);
  for (const activity of group.activities) activity.AutoScalingGroupState = "Deleted";
  region.pastActivities.unshift(...group.activities);
  region.groups.delete(group.name);
  context.changed(group, { kind: "MEMBERS" });
};

export const reconcile = (context: AutoScalingContext, group: Group): void => {
  if (group.isDeleting) {
    finishDeletion(context, group);
    return;
  }
  checkHealth(context, group);
  replaceUnhealthy(context, group);
  replaceOld(context, group);
  advanceRefresh(context, group);
  planRebalance(context, group);
  launchMissing(context, group);
  releaseYielding(context, group);
  scaleIn(context, group);
};
