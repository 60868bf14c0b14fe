/**
 * Sees to it that no interruption of the replacement deletes what must not go with it, and reads back that EC2 has it so:
 * before the first part of the identity reaches the replacement, once all of it is there, and before the original is retired.
 */
import { readAttachments, setDeletionFlag } from "../../adapters/aws/ec2/deletion-flags.ts";
import { flagsToClear, namesOf } from "../../core/decide/linear/deletion-flags.ts";
import type { FlagChange } from "../../core/model/deletion-flags.ts";
import type { Intent } from "../../core/model/intent.ts";
import { perform } from "../evaluation/perform.ts";
import { replacementId, type LinearSession } from "./session.ts";

const intentOf = (instanceId: string, change: FlagChange): Pick<Intent, "id" | "change"> => {
  if (change.kind === "INTERFACE") {
    const { attachmentId, networkInterfaceId } = change;
    return {
      id: `keep-${networkInterfaceId}`,
      change: { kind: "KEEP_INTERFACE", instanceId, attachmentId, networkInterfaceId },
    };
  }
  const { volumeId, deviceName, isRoot } = change;
  const kind = isRoot ? "KEEP_ROOT" : "KEEP_VOLUME";
  return { id: `keep-${volumeId}`, change: { kind, instanceId, deviceName, volumeId } };
};

export const actions = {
  VOLUME: "ModifyInstanceAttribute",
  INTERFACE: "ModifyNetworkInterfaceAttribute",
} as const satisfies Readonly<Record<FlagChange["kind"], string>>;

/** What would go with the replacement and must not. A sentence where EC2 does not show all of it yet. */
const whatWouldGo = async (
  session: LinearSession,
  instanceId: string,
): Promise<readonly FlagChange[] | string> => {
  const { ec2 } = await session.customer();
  const found = await readAttachments(ec2, instanceId);
  return found === undefined
    ? `EC2 does not show what is attached to ${instanceId}.`
    : flagsToClear(found, session.evaluation.policy);
};

/** Undefined once EC2 shows that nothing goes with the replacement that must not; else what is waited for. */
export const keepAttachments = (session: LinearSession): Promise<string | undefined> =>
  keepAttachmentsOf(session, replacementId(session));

/** The same of an instance that is named: the Spot Instance that a way back is about to end has the owner's things, too. */
export const keepAttachmentsOf = async (
  session: LinearSession,
  instanceId: string,
): Promise<string | undefined> => {
  const changes = await whatWouldGo(session, instanceId);
  if (typeof changes === "string") return changes;
  if (changes.length === 0) return undefined;
  const { ec2 } = await session.customer();
  for (const change of changes) {
    await perform(session, {
      intent: intentOf(instanceId, change),
      action: actions[change.kind],
      resource: change.kind === "VOLUME" ? change.volumeId : change.networkInterfaceId,
      call: () => setDeletionFlag(ec2, instanceId, change),
    });
  }
  const left = await whatWouldGo(session, instanceId);
  if (typeof left === "string") return left;
  return left.length === 0
    ? undefined
    : `EC2 still shows that ${namesOf(left)} would be deleted with ${instanceId}.`;
};
