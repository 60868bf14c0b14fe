/** Does something to a target while no evaluation works on its subject, and none has left anything open there. */
import type { Table } from "../../adapters/store/table.ts";
import { subjectOf } from "../../core/model/subject.ts";
import type { Target } from "../../core/model/target.ts";
import { acquireLeases, releaseLeases, type Leases } from "./lease.ts";

/** Few calls take seconds at most; a crash between them blocks evaluations no longer than this. */
const leaseSeconds = 30;

/** Throws what `act` throws; the leases are given back in either case. */
export const underTargetLease = async <Result>(
  { table, now }: { readonly table: Table; readonly now: () => Date },
  target: Target,
  { owner, act }: { readonly owner: string; readonly act: () => Promise<Result> },
): Promise<
  { readonly kind: "DONE"; readonly result: Result } | Exclude<Leases, { readonly kind: "HELD" }>
> => {
  const wanted = { subject: subjectOf(target), owner, now: now(), seconds: leaseSeconds };
  const held = await acquireLeases(table, wanted);
  if (held.kind !== "HELD") return held;
  try {
    return { kind: "DONE", result: await act() };
  } finally {
    await releaseLeases(table, owner, held.leases);
  }
};
