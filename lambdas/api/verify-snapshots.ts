/** Says of a region whether the account may make the snapshots of a switch there. */
import { lackOfSnapshots, unreadSnapshots } from "../../core/decide/switch/snapshot-room.ts";
import type { SnapshotRoom } from "../../core/model/snapshot-room.ts";
import type { EbsPlace } from "../evaluation/ebs-standing.ts";
import { askSnapshotRoom, type SnapshotClients } from "../evaluation/snapshot-room.ts";
import type { VerificationJson } from "./schemas/verification.ts";

type SnapshotRoomJson = VerificationJson["snapshots"][number];

const countedSentence = (room: SnapshotRoom | undefined): string =>
  room?.kind === "COUNTED"
    ? `It has ${String(room.count)} of ${String(room.quota)} snapshots.`
    : "It may make many more snapshots than a switch does.";

export const verifySnapshots = async (
  clients: SnapshotClients,
  place: EbsPlace,
): Promise<SnapshotRoomJson> => {
  const { region, account } = place;
  const room = await askSnapshotRoom(clients, place);
  const unread = unreadSnapshots(room);
  if (unread !== undefined) return { region, status: "UNREAD", message: unread };
  const lack = lackOfSnapshots(room, { accountId: account.accountId, region });
  return lack === undefined
    ? { region, status: "ENOUGH", message: countedSentence(room) }
    : { region, status: "USED_UP", message: lack };
};
