/**
 * Whether AWS lets an account make the snapshots of a switch. It tells how many an account may have, and how many it has only by
 * listing them. Source: EBS user guide, "Quotas for Amazon EBS": Snapshots per Region, 100,000 unless it was raised.
 */
import type { SnapshotRoom } from "../../model/snapshot-room.ts";
import { limitName } from "../../policy/limit-name.ts";

/**
 * Of the running original and of the stopped one, each with the root alone. What carries a left root without a host is one more, in
 * place of the second.
 */
const snapshotsOfSwitch = 2;

/** With so many to spare it is not asked again for a while: others make snapshots meanwhile. */
const snapshotsToSpare = 1_000;

/** † The code is from public tables of quotas: what AWS calls it is compared when it is read. */
export const quotaOfSnapshots = {
  serviceCode: "ebs",
  quotaCode: "L-309BACF6",
  quotaName: "Snapshots per Region",
} as const;

type Counted = Extract<SnapshotRoom, { readonly kind: "COUNTED" }>;

export const hasRoomToSpare = ({ count, quota }: Pick<Counted, "count" | "quota">): boolean =>
  quota - count >= snapshotsToSpare;

const hasRoom = ({ count, quota }: Counted): boolean => quota - count >= snapshotsOfSwitch;

interface Where {
  readonly accountId: string;
  readonly region: string;
}

/** Undefined where there is room, and where it is not known. */
export const lackOfSnapshots = (
  room: SnapshotRoom | undefined,
  { accountId, region }: Where,
): string | undefined =>
  room?.kind !== "COUNTED" || hasRoom(room)
    ? undefined
    : `Account ${accountId} has ${String(room.count)} of the ${String(room.quota)} snapshots that it may have in ${region}, and a switch makes ${String(snapshotsOfSwitch)}: delete some, raise the quota (aws service-quotas request-service-quota-increase --service-code ${quotaOfSnapshots.serviceCode} --quota-code ${quotaOfSnapshots.quotaCode} --desired-value … --region ${region}), or, if nothing on its root is to be kept, set ${limitName("consistency")} to "stateless".`;

/** Undefined: it was read, or the switch makes none. */
export const unreadSnapshots = (room: SnapshotRoom | undefined): string | undefined =>
  room?.kind === "UNREAD"
    ? `Not read beforehand: whether the account may make more snapshots (${room.because}); if it may not, EC2 refuses the image of the running original, and nothing is stopped.`
    : undefined;
