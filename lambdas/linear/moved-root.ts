/** Reads which volume is the replacement's root, and whether it is the original's own that was moved there. */
import { readAttachments } from "../../adapters/aws/ec2/deletion-flags.ts";
import type { Attachments } from "../../core/model/deletion-flags.ts";
import { replacementId, type LinearSession } from "./session.ts";

/** Undefined while EC2 does not show it: a moment after a launch, or for good where a failed task has taken it. */
export const readReplacementRoot = async (
  session: LinearSession,
): Promise<Attachments["volumes"][number] | undefined> => {
  const { ec2 } = await session.customer();
  const found = await readAttachments(ec2, replacementId(session));
  return found?.volumes.find(({ isRoot }) => isRoot);
};

/** A sentence while the replacement's root is another volume than the one that was moved there, or one that goes with it. */
export const whatIsWrongWithRoot = (
  instanceId: string,
  root: Pick<Attachments["volumes"][number], "volumeId" | "deleteOnTermination"> | undefined,
  volumeId: string,
): string | undefined => {
  if (root?.volumeId !== volumeId) {
    return `EC2 shows ${root?.volumeId ?? "no volume"} as the root of ${instanceId}, not ${volumeId}.`;
  }
  return root.deleteOnTermination
    ? `The root volume ${volumeId} would be deleted with ${instanceId}.`
    : undefined;
};

/** The same, as EC2 shows it now. */
export const whatMovedRootLacks = async (
  session: LinearSession,
  volumeId: string,
): Promise<string | undefined> =>
  whatIsWrongWithRoot(replacementId(session), await readReplacementRoot(session), volumeId);
