/** What was found out about a launch before anything is touched. */
import type { KeyFacts } from "./kms-key.ts";
import type { SnapshotRoom } from "./snapshot-room.ts";

export interface LaunchFacts {
  /** Absent: the instance was launched without a key pair. */
  readonly keyPairExists?: boolean;
  /**
   * What EC2 would refuse of a clone of the original, of its own type and image, in its own subnet. Absent: nothing, or it was not
   * asked, because the image is gone or the role may only read.
   */
  readonly refusal?: {
    /** EC2's error code. */
    readonly code: string;
    /** EC2's words. */
    readonly message: string;
  };
  /** KMS keys under which a clone's volumes would be, and those of the instance's own. Absent: there are none, or they were not read yet. */
  readonly keys?: readonly KeyFacts[];
  /** Absent: the switch makes none, there is room for more than it makes, or it was not read yet. */
  readonly snapshots?: SnapshotRoom;
}
