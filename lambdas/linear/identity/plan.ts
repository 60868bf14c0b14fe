/** Reads the facts of original and replacement, and asks the core what must move from the one to the other. */
import { planIdentity, type IdentityMove } from "../../../core/decide/linear/identity-plan.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { readOriginal } from "../facts.ts";
import { readLiveInstance } from "../../evaluation/live-instance.ts";
import { replacementId, type LinearSession } from "../session.ts";

/** Throws StaleReplacement when EC2 does not show the replacement. */
export const readIdentityPlan = async (
  session: LinearSession,
): Promise<readonly IdentityMove[]> => {
  const instance = await readOriginal(session);
  const replacement = await readLiveInstance(session, replacementId(session));
  if (replacement === undefined) {
    throw new SpotOptimizerError("StaleReplacement", "EC2 does not show the replacement.", {
      resource: replacementId(session),
    });
  }
  return planIdentity({ instance, replacement, policy: session.evaluation.policy });
};
