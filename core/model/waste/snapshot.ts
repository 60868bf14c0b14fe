/** EBS snapshots of an account, and what keeps or uses them, as EC2 tells of them. */
import type { Tagged } from "./tagged.ts";

/** Source: EC2 API reference, Snapshot. */
export interface OwnSnapshot extends Tagged {
  readonly snapshotId: string;
  /** `pending`, `completed`, `error`, `recoverable`, `recovering`. */
  readonly state: string;
  /** Why it ended in an error, in EC2's words. */
  readonly stateMessage?: string;
  /** The volume that it was made of. Absent of a copy, where EC2 shows an id that says nothing. */
  readonly volumeId?: string;
  readonly isCopy: boolean;
  /** The image that EC2 made it for, as its own description says. */
  readonly imageId?: string;
  readonly description: string;
  /** Of its volume. What is charged is less: the blocks that no other snapshot of the lineage has. */
  readonly sizeGib: number;
  /** Of all blocks that were written to the volume, which is not what is charged either. */
  readonly fullSizeBytes?: number;
  /** ISO 8601 */
  readonly startedAt: string;
  readonly isEncrypted: boolean;
  readonly kmsKeyId?: string;
  /** `standard`, `archive`. */
  readonly tier: string;
  /** Of one that Amazon keeps. */
  readonly ownerAlias?: string;
  readonly isOnOutpost: boolean;
}

/** A lock that forbids to delete a snapshot. Source: EC2 API reference, LockedSnapshotsInfo. */
export interface SnapshotLock {
  readonly snapshotId: string;
  /** `governance`, `compliance`, `compliance-cooloff` can't be deleted; `expired` can. */
  readonly state: string;
  /** ISO 8601 */
  readonly expiresAt?: string;
}

/** Fast snapshot restore of a snapshot in a zone: charged by the hour. Source: EC2 API reference, DescribeFastSnapshotRestores. */
export interface FastRestore {
  readonly snapshotId: string;
  /** Name of the zone. */
  readonly zoneName: string;
  /** `enabling`, `optimizing`, `enabled`, `disabling`, `disabled`. */
  readonly state: string;
  /** Who enabled it, and pays; the snapshot may be another account's. */
  readonly ownerId?: string;
  /** Since when it is enabled, ISO 8601. Absent before. */
  readonly enabledAt?: string;
}
