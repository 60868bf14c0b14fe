/**
 * Reads which resources evaluations that go on, or are held, and intents that are still due name: an original in its cool-off is among
 * them. Whatever looks like an id of EC2's counts, of whichever account: rather too many are kept than too few.
 */
import { listEvaluations } from "../../adapters/store/evaluations.ts";
import { listDueIntents, listIntents } from "../../adapters/store/intents.ts";
import type { Table } from "../../adapters/store/table.ts";
import type { Evaluation, EvaluationStatus } from "../../core/model/evaluation.ts";

const holding: readonly EvaluationStatus[] = ["PENDING", "RUNNING", "NEEDS_OPERATOR"];

/** What was held so long ago was settled by a person, or stands there by its tags. */
const heldDays = 90;
const dayMs = 86_400_000;

const idOfEc2 = /\b(?:i|vol|snap|ami|eni|eipalloc)-[0-9a-f]{8,17}\b/g;

const idsIn = (facts: unknown): readonly string[] => JSON.stringify(facts).match(idOfEc2) ?? [];

const evaluationsThatHold = async (
  table: Table,
  status: EvaluationStatus,
  now: Date,
): Promise<readonly Evaluation[]> => {
  const found: Evaluation[] = [];
  const from = new Date(now.getTime() - heldDays * dayMs).toISOString();
  let cursor: string | undefined;
  do {
    const page = await listEvaluations(table, {
      status,
      from,
      limit: 100,
      ...(cursor !== undefined && { cursor }),
    });
    found.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
};

/** All that are due at some time. */
const latest = new Date("9999-12-31T00:00:00Z");
const mostDue = 10_000;

export const readClaimedIds = async (table: Table, now: Date): Promise<ReadonlySet<string>> => {
  const ids = new Set<string>();
  for (const status of holding) {
    for (const evaluation of await evaluationsThatHold(table, status, now)) {
      const intents = await listIntents(table, evaluation.evaluationId);
      for (const id of idsIn([evaluation, intents])) ids.add(id);
    }
  }
  for (const id of idsIn(await listDueIntents(table, { now: latest, limit: mostDue }))) ids.add(id);
  return ids;
};
