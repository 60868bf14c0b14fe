/** A line of a bill file, as far as it matters here, and the file that it is from. */
import type { Kind } from "./kinds.ts";

export interface BillRow {
  /** Undefined: the file tells of no such kind of line, see `lineType`. */
  readonly becomes: "USAGE" | "BESIDE" | undefined;
  /** As the file has it. */
  readonly lineType: string;
  readonly kind: Kind;
  readonly usageType: string;
  readonly accountId: string;
  /** Without the ARN around it: `i-…`, `vol-…`, `eipalloc-…`; undefined where the line has none. */
  readonly resourceId: string | undefined;
  /** Begin of the hour in UTC, milliseconds since the epoch. */
  readonly hourMs: number;
  /** How long the line's time is. */
  readonly lastsMs: number;
  readonly nanoUsd: bigint;
  /** The line's own name in its delivery; undefined where the format has none. */
  readonly identity: string | undefined;
  readonly isInvoiced: boolean;
}

export type BillFormat = "CUR 2.0" | "CUR" | "FOCUS" | "Spot data feed";

export interface BillFile {
  /** As it was given. */
  readonly name: string;
  readonly sha256: string;
  readonly format: BillFormat;
  /** Of its delivery, where the path has it. */
  readonly assemblyId: string | undefined;
  readonly rows: readonly BillRow[];
  /** False: the export was made without the column. */
  readonly hasResources: boolean;
  /** In the file, and read by nobody here. */
  readonly unusedColumns: readonly string[];
}
