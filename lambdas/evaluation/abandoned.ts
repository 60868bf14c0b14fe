/** Tells of an evaluation that has not ended, and on which nothing works any longer: its execution died, and a person decides what becomes of it. */
import { isHeld, readLease } from "../../adapters/store/leases.ts";
import type { Table } from "../../adapters/store/table.ts";
import type { Evaluation } from "../../core/model/evaluation.ts";
import { unfinishedSentence } from "./unfinished.ts";

/** Whatever works on it renews its lease. Undefined: it has ended, waits for its start, or goes on. */
export const abandonedSentence = async (
  { table, now }: { readonly table: Table; readonly now: () => Date },
  { evaluationId, subject, leases, status, endedAt }: Evaluation,
): Promise<string | undefined> => {
  if (endedAt !== undefined || status === "PENDING") return undefined;
  const lease = await readLease(table, leases[0].resource);
  const isOwn = lease?.owner === evaluationId;
  if (lease !== undefined && isOwn && isHeld(lease, now())) return undefined;
  const since = lease !== undefined && isOwn ? ` since ${lease.expiresAt}` : "";
  return `Nothing works on it${since}: its execution died. ${unfinishedSentence(evaluationId, subject)}`;
};
