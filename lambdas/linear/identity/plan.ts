/** Reads where the replacement is attached, and asks the core what must move from the original to it. */
import { readAttachedInterfaces } from "../../../adapters/aws/ec2/instances.ts";
import { planIdentity, type IdentityMove } from "../../../core/decide/linear/identity-plan.ts";
import type { ReplacementFacts } from "../../../core/model/instance.ts";
import { readOriginal } from "../facts.ts";
import { replacementId, type LinearSession } from "../session.ts";

/** For a replacement that was read already. Throws RetryableNotVisible when its primary interface is not shown. */
export const identityPlanFor = async (
  session: LinearSession<never>,
  replacement: Pick<ReplacementFacts, "instanceId" | "networkInterfaces">,
): Promise<readonly IdentityMove[]> => {
  const instance = await readOriginal(session);
  return planIdentity({ instance, replacement, policy: session.evaluation.policy });
};

/** Throws RetryableNotVisible when EC2 does not show the replacement's primary interface. */
export const readIdentityPlan = async (
  session: LinearSession,
): Promise<readonly IdentityMove[]> => {
  const instanceId = replacementId(session);
  const { ec2 } = await session.customer();
  const networkInterfaces = await readAttachedInterfaces(ec2, instanceId);
  return identityPlanFor(session, { instanceId, networkInterfaces });
};
