/**
 * Intents: written before the call that they announce. What is due is found through an index, and judged by the
 * intent itself as it stands then.
 */
import type { EvaluationId } from "../../core/model/ids.ts";
import type { Intent } from "../../core/model/intent.ts";
import { afterAll, duePartition, evaluationPartition, intentKey, intentPrefix } from "./keys.ts";
import { sortableInstant } from "./parsed-data.ts";
import type { Item, Table } from "./table.ts";
import { untilWritten, updateItem } from "./update-item.ts";

/** `order` is the place in the plan: times alone can be equal. */
interface StoredIntent {
  readonly evaluationId: EvaluationId;
  readonly order: number;
  readonly intent: Intent;
}

export interface DueIntent {
  readonly evaluationId: EvaluationId;
  readonly intent: Intent;
}

const read = (item: Item): StoredIntent => item.data as StoredIntent;

/** When the janitor must act on it: only what is committed is the janitor's, and until it is settled. */
const dueAt = (intent: Intent): string | undefined =>
  intent.status === "COMMITTED" && "dueAt" in intent.change
    ? sortableInstant(intent.retryAt ?? intent.change.dueAt, "dueAt")
    : undefined;

const toItem = (stored: StoredIntent, version: number): Item => {
  const due = dueAt(stored.intent);
  return {
    ...intentKey(stored.evaluationId, stored.intent.id),
    version,
    ...(due !== undefined && {
      gsi2pk: duePartition,
      gsi2sk: `${due}#${stored.evaluationId}#${stored.intent.id}`,
    }),
    data: stored,
  };
};

const readPlan = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<readonly StoredIntent[]> => {
  const partition = evaluationPartition(evaluationId);
  const { items } = await table.query({ partition, prefix: intentPrefix });
  return items
    .map(read)
    .toSorted(
      (left, right) => left.order - right.order || (left.intent.id < right.intent.id ? -1 : 1),
    );
};

/** Writes the intent, or returns the one that is stored under its id: a retried step goes on with its own plan. */
export const planIntent = (
  table: Table,
  evaluationId: EvaluationId,
  intent: Intent,
): Promise<Intent> =>
  untilWritten(`intent ${intent.id} of ${evaluationId}`, async () => {
    const plan = await readPlan(table, evaluationId);
    const existing = plan.find((stored) => stored.intent.id === intent.id);
    if (existing !== undefined) return existing.intent;
    const order = (plan.at(-1)?.order ?? 0) + 1;
    const item = toItem({ evaluationId, order, intent }, 1);
    const { kind } = await table.put(item, { ifAbsent: true });
    return kind === "WRITTEN" ? intent : undefined;
  });

/** @throws BrokenNotFound, RetryableContention; both name the intent and its evaluation. */
export const updateIntent = async (
  table: Table,
  evaluationId: EvaluationId,
  intentId: string,
  change: (intent: Intent) => Intent,
  // eslint-disable-next-line max-params -- what (two ids) and how, as in every update of the store
): Promise<Intent> => {
  const stored = await updateItem(table, intentKey(evaluationId, intentId), {
    name: `intent ${intentId} of evaluation ${evaluationId}`,
    read,
    change: (before) => {
      const intent = change(before.intent);
      return intent === before.intent ? before : { ...before, intent };
    },
    toItem,
  });
  return stored.intent;
};

/** In the order planned. */
export const listIntents = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<readonly Intent[]> =>
  (await readPlan(table, evaluationId)).map((stored) => stored.intent);

/**
 * What the janitor must do now (RETIRE_ORIGINAL, EXPIRE_IMAGE): COMMITTED and `dueAt`, or the later `retryAt`, ≤ now;
 * longest due first.
 * Each is judged as it stands now: an index that lags does not give out what was settled a moment ago.
 */
export const listDueIntents = async (
  table: Table,
  input: { readonly now: Date; readonly limit: number },
): Promise<readonly DueIntent[]> => {
  const now = input.now.toISOString();
  const page = await table.query({
    index: "gsi2",
    partition: duePartition,
    to: `${now}${afterAll}`,
    limit: input.limit,
  });
  return page.items
    .map(read)
    .filter(({ intent }) => (dueAt(intent) ?? afterAll) <= now)
    .map(({ evaluationId, intent }) => ({ evaluationId, intent }));
};
