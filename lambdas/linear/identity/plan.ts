/** Asks the core what must move from the original to the replacement, by what was read of the latter. */
import { planIdentity, type IdentityMove } from "../../../core/decide/linear/identity-plan.ts";
import type { AttachedInterface } from "../../../core/model/instance.ts";
import { readOriginal } from "../facts.ts";
import { replacementId, type LinearSession } from "../session.ts";

/** @throws RetryableNotVisible when EC2 does not show the replacement's primary interface */
export const identityPlan = async (
  session: LinearSession<never>,
  networkInterfaces: readonly AttachedInterface[],
): Promise<readonly IdentityMove[]> =>
  planIdentity({
    instance: await readOriginal(session),
    replacement: { instanceId: replacementId(session), networkInterfaces },
    policy: session.evaluation.policy,
  });
