/**
 * Intents: written before the call that they announce. What is due is found through an index, and judged by the
 * intent itself as it stands then.
 */
import type { Effect } from "../../core/model/evaluation.ts";
import type { EvaluationId } from "../../core/model/ids.ts";
import {
  dueTimeOf,
  type ChangeOf,
  type DueKind,
  type Intent,
  type IntentWithCalls,
} from "../../core/model/intent.ts";
import {
  afterAll,
  commitmentKey,
  duePartition,
  evaluationPartition,
  intentKey,
  intentPrefix,
} from "./keys.ts";
import { sortableInstant } from "./parsed-data.ts";
import { nextPlace } from "./places.ts";
import type { Item, Table } from "./table.ts";
import { compareUtf8 } from "./table-query.ts";
import { untilWritten, updateItem, type Update } from "./update-item.ts";

/** One call, before and after its answer. */
export const isSameCall = (one: Effect, other: Effect): boolean =>
  (["action", "resource", "at", "swapId"] as const).every((key) => one[key] === other[key]);

interface StoredIntent {
  readonly evaluationId: EvaluationId;
  /** Place among those planned at one instant. */
  readonly order: number;
  readonly intent: Intent;
  /** Its calls, each with its answer once that is noted, by the same write as what became of the intent. */
  readonly effects?: readonly Effect[];
}

export interface DueIntent {
  readonly evaluationId: EvaluationId;
  readonly intent: Intent & { readonly change: ChangeOf<DueKind> };
}

const read = (item: Item): StoredIntent => item.data as StoredIntent;

/** When the janitor must act on it: what is committed until it is settled, and a setting of a group from when it is written. */
const dueAt = (intent: Intent): string | undefined => {
  const due = dueTimeOf(intent);
  return due === undefined ? undefined : sortableInstant(intent.retryAt ?? due, "dueAt");
};

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

const inOrderPlanned = (left: StoredIntent, right: StoredIntent): number =>
  compareUtf8(left.intent.plannedAt, right.intent.plannedAt) ||
  left.order - right.order ||
  compareUtf8(left.intent.id, right.intent.id);

/** One item that commits all that was planned until then, and has no due time of its own: the plan of a switch that succeeded. */
interface Commitment {
  /** ISO 8601 */
  readonly committedAt: string;
}

const isOver = ({ status }: Intent): boolean =>
  status === "UNDONE" || status === "SETTLED" || status === "COMMITTED";

const asCommitted = (stored: StoredIntent, by: Commitment | undefined): StoredIntent => {
  const { intent } = stored;
  if (by === undefined || isOver(intent) || intent.plannedAt > by.committedAt) return stored;
  return { ...stored, intent: { ...intent, status: "COMMITTED" } };
};

interface Planned {
  readonly item: Item;
  /** As it is stored, or committed with the whole plan. */
  readonly stored: StoredIntent;
}

/** In the order planned. */
const readPlan = async (table: Table, evaluationId: EvaluationId): Promise<readonly Planned[]> => {
  const partition = evaluationPartition(evaluationId);
  const { items } = await table.query({ partition, prefix: intentPrefix });
  const { sk } = commitmentKey(evaluationId);
  const commitment = items.find((item) => item.sk === sk)?.data as Commitment | undefined;
  return items
    .filter((item) => item.sk !== sk)
    .map((item) => ({ item, stored: asCommitted(read(item), commitment) }))
    .toSorted((left, right) => inOrderPlanned(left.stored, right.stored));
};

/** An intent as it was written or found: it can be changed without being read again. */
export interface PlannedIntent {
  readonly intent: Intent;
  readonly item: Item;
  /** No call was made under it so far that may have acted. */
  readonly isFirst: boolean;
}

const plannedIn = (item: Item, isFirst: boolean): PlannedIntent => ({
  intent: read(item).intent,
  item,
  isFirst,
});

/**
 * Writes the intent, or finds the one that is stored under its id: a retried step goes on with its own plan. One that is UNDONE,
 * since AWS refused its call, is planned anew: the call that follows may act.
 */
export const planIntent = (
  table: Table,
  evaluationId: EvaluationId,
  intent: Intent,
): Promise<PlannedIntent> => planWith(table, { evaluationId, intent, effects: [] });

/** The same for a call that is about to be made: it stands with the intent as one of which nothing is known yet. */
export const planCall = (
  table: Table,
  evaluationId: EvaluationId,
  { intent, effect }: { readonly intent: Intent; readonly effect: Effect },
): Promise<PlannedIntent> => planWith(table, { evaluationId, intent, effects: [effect] });

type NewIntent = Omit<Required<StoredIntent>, "order">;

/** What is stored, with the plan and the call that are new; undefined where neither is. */
const plannedAgain = (
  stored: StoredIntent,
  { intent, effects }: NewIntent,
): StoredIntent | undefined => {
  const isAnew = stored.intent.status === "UNDONE";
  if (!isAnew && effects.length === 0) return undefined;
  return {
    ...stored,
    ...(isAnew ? { intent } : {}),
    ...(effects.length === 0 ? {} : { effects: [...(stored.effects ?? []), ...effects] }),
  };
};

const planWith = (table: Table, planned: NewIntent): Promise<PlannedIntent> => {
  const { evaluationId, intent, effects } = planned;
  return untilWritten(`intent ${intent.id} of ${evaluationId}`, async () => {
    const called = effects.length === 0 ? {} : { effects };
    const item = toItem({ evaluationId, order: nextPlace(table), intent, ...called }, 1);
    const { kind } = await table.put(item, { ifAbsent: true });
    if (kind === "WRITTEN") return plannedIn(item, true);
    const found = await table.get(item);
    if (found === undefined) return undefined;
    const stored = read(found);
    const again = plannedAgain(stored, planned);
    if (again === undefined) return plannedIn(found, false);
    const next = toItem(again, found.version + 1);
    const written = await table.put(next, { ifVersion: found.version });
    return written.kind === "WRITTEN"
      ? plannedIn(next, stored.intent.status === "UNDONE")
      : undefined;
  });
};

const updateOf = (
  evaluationId: EvaluationId,
  intentId: string,
  change: (stored: StoredIntent) => StoredIntent,
): Update<StoredIntent> => ({
  name: `intent ${intentId} of evaluation ${evaluationId}`,
  read,
  change,
  toItem,
});

const changing =
  (change: (intent: Intent) => Intent) =>
  (before: StoredIntent): StoredIntent => {
    const intent = change(before.intent);
    return intent === before.intent ? before : { ...before, intent };
  };

/** @throws BrokenNotFound, RetryableContention; both name the intent and its evaluation. */
export const updateIntent = async (
  table: Table,
  evaluationId: EvaluationId,
  intentId: string,
  change: (intent: Intent) => Intent,
  // eslint-disable-next-line max-params -- what (two ids) and how, as in every update of the store
): Promise<Intent> => {
  const update = updateOf(evaluationId, intentId, changing(change));
  return (await updateItem(table, intentKey(evaluationId, intentId), update)).intent;
};

/** The answer takes the place of the call of which nothing was known. */
const withAnswer = (effects: readonly Effect[], answered: Effect): readonly Effect[] => {
  const place = effects.findLastIndex((effect) => isSameCall(effect, answered));
  return place < 0 ? [...effects, answered] : effects.with(place, answered);
};

/** What its call was answered, and what became of the intent by that, in one write. @throws RetryableContention naming both. */
export const noteAnswer = async (
  table: Table,
  { item }: PlannedIntent,
  effect: Effect,
  change: (intent: Intent) => Intent = (intent) => intent,
  // eslint-disable-next-line max-params -- what, and how it changes, as in every update of the store
): Promise<void> => {
  const { evaluationId, intent } = read(item);
  const note = (before: StoredIntent): StoredIntent => ({
    ...changing(change)(before),
    effects: withAnswer(before.effects ?? [], effect),
  });
  await updateItem(table, item, updateOf(evaluationId, intent.id, note));
};

/** Changes all in the order planned, by one reading of them; those that `change` returns as they are stay. */
export const updateIntents = async (
  table: Table,
  evaluationId: EvaluationId,
  change: (intent: Intent) => Intent,
): Promise<void> => {
  for (const { item, stored } of await readPlan(table, evaluationId)) {
    if (changing(change)(stored) === stored) continue;
    await updateItem(table, item, updateOf(evaluationId, stored.intent.id, changing(change)));
  }
};

/**
 * Commits all that is not over. What becomes due is written one by one, as `change` has it; the rest by one item, after these: that
 * says it of each of them wherever the plan is listed.
 */
export const commitIntents = async (
  table: Table,
  evaluationId: EvaluationId,
  { committedAt, change }: Commitment & { readonly change: (intent: Intent) => Intent },
): Promise<void> => {
  const commit = (intent: Intent): Intent => {
    if (isOver(intent)) return intent;
    const committed: Intent = { ...change(intent), status: "COMMITTED" };
    return dueAt(committed) === undefined ? intent : committed;
  };
  await updateIntents(table, evaluationId, commit);
  const data: Commitment = { committedAt };
  const item: Item = { ...commitmentKey(evaluationId), version: 1, data };
  await untilWritten(`commitment of ${evaluationId}`, async () => {
    const { kind } = await table.put(item, { ifAbsent: true });
    // One that an earlier attempt has written says the same.
    return kind === "WRITTEN" ? item : table.get(item);
  });
};

/**
 * Undefined if it was never planned. For steps that go forward: what has once acted stays so for them, and is believed where it
 * is read at half the price; anything else is read again consistently.
 */
export const getIntent = async (
  table: Table,
  evaluationId: EvaluationId,
  intentId: string,
): Promise<Intent | undefined> => {
  const key = intentKey(evaluationId, intentId);
  const seen = await table.get(key, "EVENTUAL");
  if (seen !== undefined && read(seen).intent.status === "ACTED") return read(seen).intent;
  const item = await table.get(key);
  return item === undefined ? undefined : read(item).intent;
};

/** With its calls, read consistently. Undefined if it was never planned. */
export const getIntentWithCalls = async (
  table: Table,
  evaluationId: EvaluationId,
  intentId: string,
): Promise<IntentWithCalls | undefined> => {
  const item = await table.get(intentKey(evaluationId, intentId));
  if (item === undefined) return undefined;
  const { intent, effects = [] } = read(item);
  return { intent, effects };
};

/** In the order planned. */
export const listIntentsWithCalls = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<readonly IntentWithCalls[]> =>
  (await readPlan(table, evaluationId)).map(({ stored: { intent, effects = [] } }) => ({
    intent,
    effects,
  }));

/** In the order planned. */
export const listIntents = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<readonly Intent[]> =>
  (await readPlan(table, evaluationId)).map(({ stored }) => stored.intent);

const isDueIntent = (intent: Intent): intent is DueIntent["intent"] => dueAt(intent) !== undefined;

/** All that is to be ended or put back at any time, of all accounts, each as it stands now; the index may lag. */
export const listAllDue = async (table: Table): Promise<readonly DueIntent[]> => {
  const due: DueIntent[] = [];
  const { items } = await table.query({ index: "gsi2", partition: duePartition });
  for (const { evaluationId, intent } of items.map(read)) {
    if (isDueIntent(intent)) due.push({ evaluationId, intent });
  }
  return due;
};

/**
 * What the janitor must do now: the time at which it is due, or the later `retryAt`, ≤ now; longest due first.
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
  const isDue = (intent: Intent): intent is DueIntent["intent"] =>
    (dueAt(intent) ?? afterAll) <= now;
  return page.items
    .map(read)
    .flatMap(({ evaluationId, intent }) => (isDue(intent) ? [{ evaluationId, intent }] : []));
};
