/** What stands in the Recycle Bin: it can be brought back under its id until it leaves, and is charged until then. */

export type BinKind = "volume" | "snapshot" | "image";

/** Source: EC2 API reference, ListVolumesInRecycleBin, ListSnapshotsInRecycleBin, ListImagesInRecycleBin. */
export interface BinEntry {
  readonly kind: BinKind;
  readonly id: string;
  /** ISO 8601 */
  readonly enteredAt: string;
  /** Deleted for ever then, ISO 8601. */
  readonly exitsAt: string;
}
