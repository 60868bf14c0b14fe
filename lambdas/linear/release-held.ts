/** Ends what was launched first and only held capacity, or is given up, once another one has taken over. */
import { readInstanceState, terminateInstance } from "../../adapters/aws/ec2/instances.ts";
import { hasEnded } from "../../core/model/instance.ts";
import { actedIntent, perform } from "../evaluation/perform.ts";
import { swapOf, type LinearSession } from "./session.ts";

export const releaseHeld = async (session: LinearSession): Promise<void> => {
  const heldId = swapOf(session)?.heldId;
  if (heldId === undefined || (await actedIntent(session, "release-held")) !== undefined) return;
  const { ec2 } = await session.customer();
  // One that was lost has ended.
  const state = await readInstanceState(ec2, heldId);
  if (state === undefined || hasEnded(state)) return;
  await perform(session, {
    intent: { id: "release-held", change: { kind: "RELEASE_HELD", instanceId: heldId } },
    action: "TerminateInstances",
    resource: heldId,
    call: () => terminateInstance(ec2, heldId),
  });
};
