/** Which Elastic IPs follow a private address, so that no move of their own names them. */
import type { InstanceFacts } from "../../../core/model/instance.ts";
import { changesOf, type Intent } from "../../../core/model/intent.ts";

/** Elastic IPs that moved because their private address did. */
export const travellingAllocations = (
  before: InstanceFacts | undefined,
  intents: readonly Intent[],
): readonly string[] => {
  const privateIps = changesOf(intents, "MOVE_PRIVATE_IPS").flatMap((change) => change.privateIps);
  return (before?.networkInterfaces ?? [])
    .flatMap((networkInterface) => networkInterface.privateAddresses)
    .filter(({ privateIp }) => privateIps.includes(privateIp))
    .map(({ allocationId }) => allocationId)
    .filter((allocationId) => allocationId !== undefined);
};
