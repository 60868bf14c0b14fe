/**
 * What the owner of a group has done with an original since it was chosen: a call by which a member leaves heeds neither of it. Source: EC2 Auto Scaling user guide, "Use instance scale-in
 * protection" (it does not hinder a termination by hand), "Temporarily remove instances from your Auto Scaling group" (who is on standby is looked at, and put back into service).
 */
import { memberOf, type LiveGroup } from "../../../model/group.ts";

const standby = /^(?:Entering)?Standby$/;

/** Why it stays. Undefined: he has done nothing with it, or it is not a member any longer. */
export const whyOwnerKeeps = (
  group: Pick<LiveGroup, "members">,
  originalId: string,
): string | undefined => {
  const original = memberOf(group, originalId);
  if (original?.protectedFromScaleIn === true) {
    return `Original ${originalId} is protected from scale-in since it was chosen: whoever protected it wants it to go on.`;
  }
  return original !== undefined && standby.test(original.lifecycleState)
    ? `Original ${originalId} is ${original.lifecycleState} since it was chosen: whoever took it out of service looks at it, and means to put it back.`
    : undefined;
};
