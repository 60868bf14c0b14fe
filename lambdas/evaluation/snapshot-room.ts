/** Finds out whether an account may make the snapshots of a switch. What may not be read is told, and stops nothing. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { countMoreSnapshots, type SnapshotCount } from "../../adapters/aws/ec2/snapshots.ts";
import { readQuota } from "../../adapters/aws/service-quotas.ts";
import { hasRoomToSpare, quotaOfSnapshots } from "../../core/decide/switch/snapshot-room.ts";
import type { SnapshotRoom } from "../../core/model/snapshot-room.ts";
import { isKnownStanding, noteStanding, type EbsPlace } from "./ebs-standing.ts";
import { reasonIn } from "./read-keys.ts";

export interface SnapshotClients {
  readonly ec2: EC2Client;
  readonly serviceQuotas: ServiceQuotasClient;
}

/** Half a minute or so of an invocation's minute. Each has a thousand. */
const mostPages = 40;

const countUpTo = async (
  ec2: EC2Client,
  first: SnapshotCount,
  quota: number,
): Promise<SnapshotRoom> => {
  let counted = first;
  for (let pages = 1; counted.next !== undefined && counted.count < quota; pages += 1) {
    if (pages === mostPages) {
      const because = `it has more than ${String(counted.count)} of ${String(quota)} in the region, and they were not counted to their end`;
      return { kind: "UNREAD", because };
    }
    counted = await countMoreSnapshots(ec2, counted);
  }
  return { kind: "COUNTED", count: counted.count, quota };
};

/** Undefined: one page has them all. † No account's quota is that low: 100,000 is what AWS gives. */
const readRoom = async ({
  ec2,
  serviceQuotas,
}: SnapshotClients): Promise<SnapshotRoom | undefined> => {
  try {
    const first = await countMoreSnapshots(ec2, { count: 0 });
    if (first.next === undefined) return undefined;
    return await countUpTo(ec2, first, await readQuota(serviceQuotas, quotaOfSnapshots));
  } catch (error) {
    return { kind: "UNREAD", because: reasonIn(error) };
  }
};

/** Undefined: there is plenty, which is noted with the account. */
export const askSnapshotRoom = async (
  clients: SnapshotClients,
  place: EbsPlace,
): Promise<SnapshotRoom | undefined> => {
  const room = await readRoom(clients);
  if (room === undefined || (room.kind === "COUNTED" && hasRoomToSpare(room))) {
    await noteStanding(place, "snapshotRoomAt");
    return undefined;
  }
  return room;
};

/** The same, and asked once a day for as long as there is plenty. */
export const findSnapshotRoom = async (
  clients: SnapshotClients,
  place: EbsPlace,
): Promise<SnapshotRoom | undefined> =>
  (await isKnownStanding(place, "snapshotRoomAt")) ? undefined : askSnapshotRoom(clients, place);
