/** Asks the core what must move from the original to the replacement, by what was read of the latter. */
import { takesDataBack } from "../../../core/decide/linear/data-way-back.ts";
import { planIdentity, type IdentityMove } from "../../../core/decide/linear/identity-plan.ts";
import type { AttachedInterface } from "../../../core/model/instance.ts";
import { readOriginal } from "../facts.ts";
import { replacementId, swapOf, type LinearSession } from "../session.ts";

/** Of a load with data whose Spot Instance has ended: the first host, which was given up, may have had its data volumes. */
const fromHeld = (session: LinearSession<never>, move: IdentityMove): IdentityMove => {
  const heldId = swapOf(session)?.heldId;
  const isTheirs = heldId !== undefined && takesDataBack(session.evaluation);
  return isTheirs && move.change.kind === "MOVE_VOLUME"
    ? { ...move, change: { ...move.change, fromInstanceId: heldId } }
    : move;
};

/** @throws RetryableNotVisible when EC2 does not show the replacement's primary interface */
export const identityPlan = async (
  session: LinearSession<never>,
  networkInterfaces: readonly AttachedInterface[],
): Promise<readonly IdentityMove[]> =>
  planIdentity({
    instance: await readOriginal(session),
    replacement: { instanceId: replacementId(session), networkInterfaces },
    policy: session.evaluation.policy,
  }).map((move) => fromHeld(session, move));
