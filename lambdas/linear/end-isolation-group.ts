/** What the janitor does with a group that has isolated a replacement, once that has taken over. */
import { deleteSecurityGroup } from "../../adapters/aws/ec2/security-groups.ts";
import { familyOf, SpotOptimizerError } from "../../core/errors.ts";
import type { Duty, Settled } from "../evaluation/duty.ts";
import { assertNotStopped, recordEffect } from "../evaluation/perform.ts";
import { findIsolation } from "./own-isolation.ts";

/** A replacement that was held until lately, or one that a person has adopted as it was. */
const stillUsed = (error: unknown, groupId: string): Settled => {
  const isUsed =
    error instanceof SpotOptimizerError &&
    familyOf(error) === "Retryable" &&
    error.code === "DependencyViolation";
  if (!isUsed) throw error;
  return {
    kind: "WAITING",
    sentence: `${groupId}, which has no rules, is still used. Next: give what uses it the security groups that it needs; then it is deleted.`,
  };
};

export const endIsolationGroup: Duty<"ISOLATE"> = async (session, change) => {
  const { ec2 } = await session.customer();
  const found = await findIsolation({ ec2 }, session.evaluation.evaluationId, change);
  if (found === undefined) {
    return { kind: "GONE", sentence: `The security group ${change.groupName} is gone.` };
  }
  const { groupId } = found;
  await assertNotStopped(session);
  try {
    await recordEffect(session, {
      action: "DeleteSecurityGroup",
      resource: groupId,
      call: () => deleteSecurityGroup(ec2, groupId),
    });
  } catch (error) {
    return stillUsed(error, groupId);
  }
  return {
    kind: "REMOVED",
    sentence: `${groupId}, which isolated the replacement, was deleted.`,
  };
};
