/**
 * Finds that EC2 has given an address of the load to what was launched in its place: the interface of a Spot Instance ends with it, and its
 * private addresses are free for any launch then, ours too.
 */
import { addressesAtRisk } from "../../../core/decide/linear/data-way-back.ts";
import { primaryInterface } from "../../../core/decide/linear/travelling-parts.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { isRecovery } from "../../../core/model/evaluation-kind.ts";
import type { AttachedInterface } from "../../../core/model/instance.ts";
import { readOriginal } from "../facts.ts";
import { replacementId, type LinearSession } from "../session.ts";

/** @throws StaleReplacement: as its first address it can't be what it was, an address beside the first */
export const refuseTakenAddress = async (
  session: LinearSession<never>,
  networkInterfaces: readonly AttachedInterface[],
): Promise<void> => {
  if (!isRecovery(session.evaluation)) return;
  const instanceId = replacementId(session);
  const first = primaryInterface({ networkInterfaces })?.privateAddresses.find(
    ({ primary }) => primary,
  )?.privateIp;
  if (first === undefined || !addressesAtRisk(await readOriginal(session)).includes(first)) return;
  throw new SpotOptimizerError(
    "StaleReplacement",
    `EC2 gave ${instanceId} ${first} as its first private address, which the load had beside its first one.`,
    {
      resource: instanceId,
      nextStep:
        "Nothing: another launch is tried. Keep such an address on a secondary interface, which outlives an interruption.",
    },
  );
};
