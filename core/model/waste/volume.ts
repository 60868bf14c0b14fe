/** EBS volumes of an account as EC2 tells of them: by these facts it is judged whether one is waste. */
import type { Tagged } from "./tagged.ts";

/** Source: EC2 API reference, Volume. */
export interface OwnVolume extends Tagged {
  readonly volumeId: string;
  /** `creating`, `available`, `in-use`, `deleting`, `deleted`, `error`. */
  readonly state: string;
  readonly sizeGib: number;
  /** `gp2`, `gp3`, `io1`, `io2`, `st1`, `sc1`, `standard`. */
  readonly volumeType: string;
  /** Of gp3, io1 and io2 what is provided; of gp2 its baseline. */
  readonly iops?: number;
  /** MiB/s. Of gp3 alone. */
  readonly throughputMibps?: number;
  readonly zoneName: string;
  /** ISO 8601 */
  readonly createdAt: string;
  /** Instances that hold it, or that it is coming to or leaving. */
  readonly instanceIds: readonly string[];
  readonly isEncrypted: boolean;
  readonly kmsKeyId?: string;
  /** That it was made from. */
  readonly snapshotId?: string;
  readonly isMultiAttach: boolean;
  readonly isOnOutpost: boolean;
  /** A service manages it for the customer (Operator.Managed), and by which principal, where EC2 says it. */
  readonly isOperatorManaged: boolean;
  readonly operator?: string;
  /** It was made by a fast snapshot restore. */
  readonly isFastRestored: boolean;
}
