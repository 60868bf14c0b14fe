/**
 * Shape of the state table as data: infra deploys it, the local runtime creates it, one that was restored is held against it, nobody
 * writes it twice.
 * On demand: the load is a few bursts per sweep. Imports nothing, so that infra can read it freely.
 */
export const stateTableSchema = {
  partitionKey: "pk",
  sortKey: "sk",
  billingMode: "PAY_PER_REQUEST",
  /** For clearing away only. What has expired is judged by the time inside the item. */
  timeToLiveAttribute: "ttl",
  /** All of them hold keys alone, so that a write that changes no key of theirs costs nothing there; all keys are strings. */
  projection: "KEYS_ONLY",
  /** By AWS's managed key, as DescribeTable spells it. */
  encryption: "KMS",
  /** To any second of the last 35 days. */
  pointInTimeRecovery: true,
  deletionProtection: true,
  indexes: [
    { name: "gsi1", partitionKey: "gsi1pk", sortKey: "gsi1sk" },
    { name: "gsi2", partitionKey: "gsi2pk", sortKey: "gsi2sk" },
  ],
} as const;

/**
 * Of every stored item. Raised when an item of an earlier version can't be read as it is; the reading then says how. What each
 * version wrote is kept in test/adapters/store/fixtures/, and must be read for good; an item of a later version is refused.
 */
export const itemSchemaVersion = 1;

/** Largest item that DynamoDB takes: 400 KB, names included. */
export const maxItemBytes = 400 * 1024;
