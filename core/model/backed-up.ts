/** What AWS Backup has backed up, by a plan or by hand. */
export interface BackedUp {
  /** Id of the instance or the volume. */
  readonly name: string;
  /** Of the last recovery point, ISO 8601. Absent where AWS does not say. */
  readonly at?: string;
  /** The vault that has it. Absent where AWS does not say. */
  readonly vault?: string;
}
