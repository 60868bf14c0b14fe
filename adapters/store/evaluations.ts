/** Evaluations: the record, its large companions (facts, offers), and what was done (effects). */
import type {
  Effect,
  Evaluation,
  EvaluationOffers,
  EvaluationFacts,
  MarketedFacts,
  EvaluationStatus,
  StoredFacts,
} from "../../core/model/evaluation.ts";
import type { EvaluationId, TargetId } from "../../core/model/ids.ts";
import type { Offer } from "../../core/model/offer.ts";
import type { Swap } from "../../core/model/swap.ts";
import type { RecordedCalls } from "../../core/model/intent.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { withAllLimits } from "./complete-policy.ts";
import { loadBlob, loadSettledBlob, saveBlob } from "./blobs.ts";
import {
  afterAll,
  closedEvaluationsPartition,
  effectPrefix,
  evaluationKey,
  evaluationPartition,
  evaluationsOfPartition,
  factsKey,
  offersKey,
  openEvaluationsPartition,
  phasePrefix,
  swapPrefix,
} from "./keys.ts";
import {
  evaluationsByStatus,
  readEvaluation,
  recordItem,
  writeEvaluation,
} from "./evaluation-items.ts";
import { isSameCall, listIntentsWithCalls } from "./intents.ts";
import { loadMarket } from "./markets.ts";
import { listNewestFirst } from "./newest-first.ts";
import { sortableInstant } from "./parsed-data.ts";
import type { Item, Table, WriteResult } from "./table.ts";
import { readSwap } from "./swaps.ts";
import { compareUtf8 } from "./table-query.ts";
import { untilWritten, updateItem } from "./update-item.ts";

export interface EvaluationPage {
  readonly items: readonly Evaluation[];
  readonly cursor?: string;
}

export interface EvaluationFilter {
  readonly targetId?: TargetId;
  readonly status?: EvaluationStatus;
  /** Bounds on `startedAt`, both inclusive, ISO 8601. */
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** CONFLICT if the id exists. The record begins at the version that it carries. */
export const createEvaluation = async (
  table: Table,
  evaluation: Evaluation,
): Promise<WriteResult> =>
  table.put(recordItem(table, evaluation, evaluation.version), { ifAbsent: true });

/** Which items of its partition are read, by one consistent query. */
interface Span {
  readonly from: string;
  readonly to: string;
}

const record = evaluationKey("").sk;
const endOf = (prefix: string): string => `${prefix}${afterAll}`;

/** What a step works with: the phases that have ended are left out, they are for whoever reads the story. */
const forSteps: Span = { from: record, to: endOf(swapPrefix) };
const whole: Span = { from: phasePrefix, to: endOf(swapPrefix) };
const recordAlone: Span = { from: record, to: endOf(record) };
const wholeRecord: Span = { from: phasePrefix, to: endOf(record) };

const readItems = async (
  table: Table,
  evaluationId: EvaluationId,
  span: Span,
): Promise<readonly Item[]> => {
  const partition = evaluationPartition(evaluationId);
  return (await table.query({ partition, ...span })).items;
};

export const getEvaluation = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<Evaluation | undefined> => {
  const evaluation = readEvaluation(await readItems(table, evaluationId, wholeRecord));
  return evaluation === undefined ? undefined : withAllLimits(evaluation);
};

/** An evaluation with its swaps, as one consistent reading found them. */
export interface StoredEvaluation {
  readonly evaluation: Evaluation;
  readonly swaps: readonly Swap[];
  readonly items: readonly Item[];
}

const load = async (
  table: Table,
  evaluationId: EvaluationId,
  span: Span,
): Promise<StoredEvaluation | undefined> => {
  const items = await readItems(table, evaluationId, span);
  const evaluation = readEvaluation(items);
  if (evaluation === undefined) return undefined;
  const swaps = items.filter((item) => item.sk.startsWith(swapPrefix)).map(readSwap);
  return { evaluation, swaps, items };
};

/** Without the phases that have ended: what a step works with. */
export const loadEvaluation = (
  table: Table,
  evaluationId: EvaluationId,
): Promise<StoredEvaluation | undefined> => load(table, evaluationId, forSteps);

/** With all phases: what a reader wants to know. */
export const loadStory = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<StoredEvaluation | undefined> => {
  const stored = await load(table, evaluationId, whole);
  return stored === undefined
    ? undefined
    : { ...stored, evaluation: withAllLimits(stored.evaluation) };
};

const update = (
  table: Table,
  {
    evaluationId,
    known,
  }: { readonly evaluationId: EvaluationId; readonly known?: readonly Item[] },
  change: (evaluation: Evaluation) => Evaluation,
): Promise<Evaluation> => {
  let read = known;
  const name = `evaluation ${evaluationId}`;
  return untilWritten(name, async () => {
    const items = read ?? (await readItems(table, evaluationId, recordAlone));
    read = undefined;
    const before = readEvaluation(items);
    if (before === undefined) {
      throw new SpotOptimizerError("BrokenNotFound", `There is no ${name}.`, { resource: name });
    }
    const after = change(before);
    return after === before ? before : writeEvaluation(table, { items, before, after });
  });
};

/**
 * Reads (without the phases that have ended), changes, writes what differs under the versions read; again after a collision, so
 * that `change` may run several times. @throws BrokenNotFound, RetryableContention; both name the evaluation.
 */
export const updateEvaluation = (
  table: Table,
  evaluationId: EvaluationId,
  change: (evaluation: Evaluation) => Evaluation,
): Promise<Evaluation> => update(table, { evaluationId }, change);

/** The same on top of what was read already; that is read anew only where somebody else has written since. */
export const updateLoaded = (
  table: Table,
  { evaluation, items }: StoredEvaluation,
  change: (evaluation: Evaluation) => Evaluation,
): Promise<Evaluation> =>
  update(table, { evaluationId: evaluation.evaluationId, known: items }, change);

/** The first writing of an evaluation need not look for an earlier one. */
interface Writing {
  readonly isFirst: boolean;
}

export const saveFacts = (
  table: Table,
  evaluationId: EvaluationId,
  facts: StoredFacts,
  writing?: Writing,
  // eslint-disable-next-line max-params -- of which evaluation, what, and how
): Promise<void> => saveBlob(table, factsKey(evaluationId), { info: null, body: facts }, writing);

/** @throws BrokenFacts naming the item if it is damaged. */
export const loadFacts = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<StoredFacts | undefined> =>
  (await loadBlob(table, factsKey(evaluationId)))?.body as StoredFacts | undefined;

/**
 * As `loadFacts`, for what each of their writings says alike, which is what was found out about the subject: an older writing
 * will do. @throws BrokenFacts naming the item if it is damaged.
 */
export const loadSubjectFacts = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<StoredFacts | undefined> =>
  (await loadSettledBlob(table, factsKey(evaluationId)))?.body as StoredFacts | undefined;

/** With the region's market in its place. @throws BrokenFacts naming the item if it is damaged or absent. */
export const withMarket = async (
  table: Table,
  facts: StoredFacts & Required<Pick<StoredFacts, "market">>,
): Promise<MarketedFacts> => {
  const { stored, ...view } = facts.market;
  return { ...facts, market: { ...(await loadMarket(table, stored)), ...view } };
};

/** Facts with the region's market in its place. @throws BrokenFacts naming the item if one is damaged or absent. */
export const loadJudgedFacts = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<EvaluationFacts | undefined> => {
  const facts = await loadFacts(table, evaluationId);
  if (facts?.market === undefined) return facts as EvaluationFacts | undefined;
  return withMarket(table, { ...facts, market: facts.market });
};

/** Offers as they were judged, and where all go that are to go. */
export const saveChosen = (
  table: Table,
  evaluationId: EvaluationId,
  chosen: EvaluationOffers,
  writing?: Writing,
  // eslint-disable-next-line max-params -- of which evaluation, what, and how
): Promise<void> => saveBlob(table, offersKey(evaluationId), { info: null, body: chosen }, writing);

/** Before they are judged. */
export const saveOffers = (
  table: Table,
  evaluationId: EvaluationId,
  offers: readonly Offer[],
  writing?: Writing,
  // eslint-disable-next-line max-params -- of which evaluation, what, and how
): Promise<void> => saveChosen(table, evaluationId, { offers }, writing);

/** @throws BrokenFacts naming the item if it is damaged. */
export const loadChosen = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<EvaluationOffers | undefined> =>
  (await loadBlob(table, offersKey(evaluationId)))?.body as EvaluationOffers | undefined;

/** @throws BrokenFacts naming the item if it is damaged. */
export const loadOffers = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<readonly Offer[] | undefined> => (await loadChosen(table, evaluationId))?.offers;

const isSame = (one: Effect, other: Effect): boolean =>
  isSameCall(one, other) && one.requestId === other.requestId;

/** More effects than one evaluation has calls in one millisecond. */
const maxAtOnce = 10_000;

/** An effect as it was written: its answer takes its place. */
export interface WrittenEffect {
  readonly item: Item;
}

/**
 * The same effect (call and request id) appended again is not repeated. Takes the first free place of its millisecond, so
 * that effects stand in the order in which they were appended.
 */
export const appendEffect = async (
  table: Table,
  evaluationId: EvaluationId,
  effect: Effect,
): Promise<WrittenEffect> => {
  const pk = evaluationPartition(evaluationId);
  const at = sortableInstant(effect.at, "at");
  for (let place = 0; place < maxAtOnce; place += 1) {
    const sk = `${effectPrefix}${at}#${String(place).padStart(4, "0")}`;
    const item = { pk, sk, version: 1, data: effect };
    const { kind } = await table.put(item, { ifAbsent: true });
    if (kind === "WRITTEN") return { item };
    const there = await table.get({ pk, sk });
    if (there !== undefined && isSame(there.data as Effect, effect)) return { item: there };
  }
  throw new SpotOptimizerError(
    "BrokenInput",
    `Evaluation ${evaluationId} has too many effects at ${at}.`,
    {
      resource: evaluationId,
    },
  );
};

/** What the call was answered, in place of what was written before it. @throws RetryableContention naming the effect. */
export const answerEffect = async (
  table: Table,
  { item }: WrittenEffect,
  answered: Effect,
): Promise<void> => {
  await updateItem<Effect>(table, item, {
    name: `effect ${item.sk} of ${item.pk}`,
    read: ({ data }) => data as Effect,
    change: () => answered,
    toItem: (data, version) => ({ pk: item.pk, sk: item.sk, version, data }),
  });
};

/** Calls that stand alone, and those that were noted with their intents. */
export const loadEffects = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<RecordedCalls> => {
  const partition = evaluationPartition(evaluationId);
  const [{ items }, intents] = await Promise.all([
    table.query({ partition, prefix: effectPrefix }),
    listIntentsWithCalls(table, evaluationId),
  ]);
  return { alone: items.map((item) => item.data as Effect), intents };
};

/** In order of time, as they were answered. */
export const listEffects = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<readonly Effect[]> => {
  const { alone, intents } = await loadEffects(table, evaluationId);
  return [...alone, ...intents.flatMap(({ effects }) => effects)].toSorted((left, right) =>
    compareUtf8(left.at, right.at),
  );
};

/**
 * Newest first, as their RECORD tells them: without phases, progress and waits. Found through an index: what was begun or ended a moment ago may be missing or stand in another place.
 * A page may be shorter than `limit` and still have a cursor. @throws BrokenInput naming the field.
 */
export const listEvaluations = async (
  table: Table,
  filter: EvaluationFilter,
): Promise<EvaluationPage> => {
  const { targetId, status, from, to, ...paging } = filter;
  const partitionsByStatus =
    status === undefined
      ? [openEvaluationsPartition, closedEvaluationsPartition]
      : [evaluationsByStatus(status)];
  return listNewestFirst(table, {
    ...(targetId === undefined
      ? { index: "gsi1" as const, partitions: partitionsByStatus }
      : { index: "gsi2" as const, partitions: [evaluationsOfPartition(targetId)] }),
    ...(from !== undefined && { from: sortableInstant(from, "from") }),
    ...(to !== undefined && { to: `${sortableInstant(to, "to")}${afterAll}` }),
    scope: JSON.stringify([targetId ?? "", status ?? ""]),
    ...paging,
    select: (item) => {
      const evaluation = readEvaluation([item]);
      if (evaluation === undefined || (status ?? evaluation.status) !== evaluation.status) {
        return undefined;
      }
      return withAllLimits(evaluation);
    },
  });
};
