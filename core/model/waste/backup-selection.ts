/** Which resources a backup plan takes, as AWS Backup tells of it. Source: AWS Backup API reference, BackupSelection. */

interface TagCondition {
  /** `backup`, or of `conditions` `aws:ResourceTag/backup`. */
  readonly key: string;
  readonly value: string;
}

export interface BackupSelection {
  /** Of the plan. */
  readonly planName: string;
  /** ARNs, `*` at the end of one for any continuation. */
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** Any of them, beside what is named. */
  readonly anyTag: readonly TagCondition[];
  /** All of them must hold, whatever has found it. */
  readonly equals: readonly TagCondition[];
  readonly notEquals: readonly TagCondition[];
  readonly like: readonly TagCondition[];
  readonly notLike: readonly TagCondition[];
}
