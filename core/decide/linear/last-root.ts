/** Says by our own records on which root volume an instance ran that a switch has launched: EC2 forgets that with the instance's end. */
import type { LinearProgress } from "../../model/evaluation.ts";
import { changesOf, type Intent } from "../../model/intent.ts";

/**
 * The volume that was moved there, else the one that was last told to outlive the instance: each root of a load with data was, before clients
 * came. Undefined: the records don't say.
 */
export const lastRootOf = (
  { movedRootVolumeId }: Pick<LinearProgress, "movedRootVolumeId">,
  intents: readonly Intent[],
  instanceId: string,
): string | undefined =>
  movedRootVolumeId ??
  changesOf(intents, "KEEP_ROOT").findLast((change) => change.instanceId === instanceId)?.volumeId;
