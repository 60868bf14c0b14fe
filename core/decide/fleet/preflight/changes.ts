/** What has changed from one preflight of an account to a later one. Prices move all the time, and are not a change. */
import type { PreflightRow } from "../../../model/preflight.ts";

/** As much of a row as is compared. */
export type Judged = Pick<
  PreflightRow,
  "id" | "name" | "mode" | "outcome" | "reason" | "monthlyUsd"
> & {
  /** Names of what is missing. */
  readonly missing: readonly string[];
};

export const judgedOf = ({
  id,
  name,
  mode,
  outcome,
  reason,
  monthlyUsd,
  missing,
}: PreflightRow): Judged => ({
  id,
  name,
  mode,
  outcome,
  reason,
  ...(monthlyUsd === undefined ? {} : { monthlyUsd }),
  missing: missing.map(({ name: what }) => what),
});

export interface PreflightChange {
  readonly kind: "NEW" | "GONE" | "CHANGED";
  readonly id: string;
  readonly was?: Judged;
  readonly is?: Judged;
}

const isSame = (one: Judged, other: Judged): boolean =>
  one.outcome === other.outcome &&
  one.reason === other.reason &&
  one.mode === other.mode &&
  one.missing.join() === other.missing.join();

/** In the order of the ids. */
export const changesBetween = (
  earlier: readonly Judged[],
  later: readonly Judged[],
): readonly PreflightChange[] => {
  const before = new Map(earlier.map((row) => [row.id, row]));
  const after = new Map(later.map((row) => [row.id, row]));
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort();
  return ids.flatMap((id): readonly PreflightChange[] => {
    const was = before.get(id);
    const is = after.get(id);
    if (was === undefined) return is === undefined ? [] : [{ kind: "NEW", id, is }];
    if (is === undefined) return [{ kind: "GONE", id, was }];
    return isSame(was, is) ? [] : [{ kind: "CHANGED", id, was, is }];
  });
};
