/**
 * What the owner of a group has done with an original since it was chosen: a call by which a member leaves heeds neither of it. Source: EC2 Auto Scaling user guide, "Use instance scale-in
 * protection" (it does not hinder a termination by hand), "Temporarily remove instances from your Auto Scaling group" (who is on standby is looked at, and put back into service).
 */
import type { GroupMember } from "../../../model/group.ts";

const standby = /^(?:Entering)?Standby$/;

type Member = Pick<GroupMember, "instanceId" | "lifecycleState" | "protectedFromScaleIn">;

/** Why it stays. Undefined: he has done nothing with it. */
export const whyOwnerKeeps = ({
  instanceId,
  lifecycleState,
  protectedFromScaleIn,
}: Member): string | undefined => {
  if (protectedFromScaleIn) {
    return `Original ${instanceId} is protected from scale-in since it was chosen: whoever protected it wants it to go on.`;
  }
  return standby.test(lifecycleState)
    ? `Original ${instanceId} is ${lifecycleState} since it was chosen: whoever took it out of service looks at it, and means to put it back.`
    : undefined;
};
