/**
 * Sees to it that no interruption of the replacement deletes what must not go with it, and reads back that EC2 has it so:
 * before the first part of the identity reaches the replacement, once all of it is there, and before the original is retired.
 */
import { attachmentsOf, setDeletionFlag } from "../../adapters/aws/ec2/deletion-flags.ts";
import { showInstance, type ShownInstance } from "../../adapters/aws/ec2/instances.ts";
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

/** Nothing goes with it that must not, as EC2 has shown it; or what is waited for. */
export type Kept =
  | { readonly kind: "KEPT"; readonly shown: ShownInstance }
  | { readonly kind: "DOUBT"; readonly sentence: string };

/** How an instance is read: undefined when EC2 does not show it. */
export type Show = () => Promise<ShownInstance | undefined>;

interface Read {
  readonly shown: ShownInstance;
  readonly wouldGo: readonly FlagChange[];
}

/** What would go with the instance and must not. A sentence where EC2 does not show all of it yet. */
const whatWouldGo = async (
  { evaluation }: LinearSession,
  instanceId: string,
  show: Show,
): Promise<Read | string> => {
  const shown = await show();
  const found = attachmentsOf(shown);
  return shown === undefined || found === undefined
    ? `EC2 does not show what is attached to ${instanceId}.`
    : { shown, wouldGo: flagsToClear(found, evaluation.policy) };
};

const doubt = (sentence: string): Kept => ({ kind: "DOUBT", sentence });

const standing = (instanceId: string, read: Read | string): Kept => {
  if (typeof read === "string") return doubt(read);
  const { shown, wouldGo } = read;
  return wouldGo.length === 0
    ? { kind: "KEPT", shown }
    : doubt(`EC2 still shows that ${namesOf(wouldGo)} would be deleted with ${instanceId}.`);
};

/** By a reading of the caller's: asked once, and once more where something was to be told to stay. */
export const keepAsShown = async (
  session: LinearSession,
  instanceId: string,
  show: Show,
): Promise<Kept> => {
  const first = await whatWouldGo(session, instanceId, show);
  if (typeof first === "string" || first.wouldGo.length === 0) return standing(instanceId, first);
  const { ec2 } = await session.customer();
  for (const change of first.wouldGo) {
    await perform(session, {
      intent: intentOf(instanceId, change),
      action: actions[change.kind],
      resource: change.kind === "VOLUME" ? change.volumeId : change.networkInterfaceId,
      call: () => setDeletionFlag(ec2, instanceId, change),
    });
  }
  return standing(instanceId, await whatWouldGo(session, instanceId, show));
};

/** With the replacement as EC2 showed it last. */
export const keepReplacement = async (session: LinearSession): Promise<Kept> => {
  const instanceId = replacementId(session);
  const { ec2 } = await session.customer();
  return keepAsShown(session, instanceId, () => showInstance(ec2, instanceId));
};

const doubtIn = (kept: Kept): string | undefined =>
  kept.kind === "DOUBT" ? kept.sentence : undefined;

/** Undefined once EC2 shows that nothing goes with the replacement that must not; else what is waited for. */
export const keepAttachments = async (session: LinearSession): Promise<string | undefined> =>
  doubtIn(await keepReplacement(session));

/** The same of an instance that is named: the Spot Instance that a way back is about to end has the owner's things, too. */
export const keepAttachmentsOf = async (
  session: LinearSession,
  instanceId: string,
): Promise<string | undefined> => {
  const { ec2 } = await session.customer();
  return doubtIn(await keepAsShown(session, instanceId, () => showInstance(ec2, instanceId)));
};
