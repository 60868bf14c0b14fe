/** Evaluations: the record, its large companions (facts, offers), and what was done (effects). */
import type {
  Effect,
  Evaluation,
  EvaluationOffers,
  EvaluationFacts,
  EvaluationStatus,
  StoredFacts,
} from "../../core/model/evaluation.ts";
import type { EvaluationId, TargetId } from "../../core/model/ids.ts";
import type { Offer } from "../../core/model/offer.ts";
import type { Swap } from "../../core/model/swap.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { effectivePolicy, type Policy } from "../../core/policy/policy.ts";
import { loadBlob, saveBlob } from "./blobs.ts";
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
  swapPrefix,
} from "./keys.ts";
import { effectsOfIntents } from "./intents.ts";
import { loadMarket } from "./markets.ts";
import { listNewestFirst } from "./newest-first.ts";
import { sortableInstant } from "./parsed-data.ts";
import type { Item, Table, WriteResult } from "./table.ts";
import { readSwap } from "./swaps.ts";
import { compareUtf8 } from "./table-query.ts";
import { updateItem, type Update } from "./update-item.ts";

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

/** Few at any time and asked for often (sweep, janitor): they have a partition of the index to themselves. */
const openStatuses: readonly EvaluationStatus[] = ["PENDING", "RUNNING"];

const partitionFor = (status: EvaluationStatus): string =>
  openStatuses.includes(status) ? openEvaluationsPartition : closedEvaluationsPartition;

const defaultsOf: Readonly<Record<PipelineMode, Policy>> = {
  LINEAR: effectivePolicy("LINEAR"),
  CLUSTER: effectivePolicy("CLUSTER"),
  KUBERNETES: effectivePolicy("KUBERNETES"),
};

/** A record of an earlier version lacks limits that came later: the default of its mode leaves things as they were. */
const read = (item: Item): Evaluation => {
  const stored = item.data as Evaluation;
  return {
    ...stored,
    policy: { ...defaultsOf[stored.mode], ...stored.policy },
    version: item.version,
  };
};

const toItem = (evaluation: Evaluation, version: number): Item => {
  const startedAt = sortableInstant(evaluation.startedAt, "startedAt");
  const order = `${startedAt}#${evaluation.evaluationId}`;
  return {
    ...evaluationKey(evaluation.evaluationId),
    version,
    gsi1pk: partitionFor(evaluation.status),
    gsi1sk: order,
    gsi2pk: evaluationsOfPartition(evaluation.targetId),
    gsi2sk: order,
    data: { ...evaluation, version },
  };
};

/** CONFLICT if the id exists. The record begins at the version that it carries. */
export const createEvaluation = async (
  table: Table,
  evaluation: Evaluation,
): Promise<WriteResult> => table.put(toItem(evaluation, evaluation.version), { ifAbsent: true });

export const getEvaluation = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<Evaluation | undefined> => {
  const item = await table.get(evaluationKey(evaluationId));
  return item === undefined ? undefined : read(item);
};

/** An evaluation with its swaps, as one consistent reading found them. */
export interface StoredEvaluation {
  readonly evaluation: Evaluation;
  readonly swaps: readonly Swap[];
  readonly items: readonly Item[];
}

export const loadEvaluation = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<StoredEvaluation | undefined> => {
  const { pk, sk } = evaluationKey(evaluationId);
  const { items } = await table.query({ partition: pk, from: sk, to: `${swapPrefix}${afterAll}` });
  const record = items.find((item) => item.sk === sk);
  if (record === undefined) return undefined;
  const swaps = items.filter((item) => item.sk.startsWith(swapPrefix)).map(readSwap);
  return { evaluation: read(record), swaps, items };
};

const updateOf = (
  evaluationId: EvaluationId,
  change: (evaluation: Evaluation) => Evaluation,
): Update<Evaluation> => ({ name: `evaluation ${evaluationId}`, read, change, toItem });

/**
 * Reads, changes, writes under the version read; again after a collision, so that `change` may run several times.
 * @throws BrokenNotFound, RetryableContention; both name the evaluation.
 */
export const updateEvaluation = (
  table: Table,
  evaluationId: EvaluationId,
  change: (evaluation: Evaluation) => Evaluation,
): Promise<Evaluation> =>
  updateItem(table, evaluationKey(evaluationId), updateOf(evaluationId, change));

/** The same on top of what was read already; that is read anew only where somebody else has written since. */
export const updateLoaded = (
  table: Table,
  { evaluation, items }: StoredEvaluation,
  change: (evaluation: Evaluation) => Evaluation,
): Promise<Evaluation> => {
  const { evaluationId } = evaluation;
  const key = evaluationKey(evaluationId);
  const record = items.find(({ sk }) => sk === key.sk);
  return updateItem(table, record ?? key, updateOf(evaluationId, change));
};

export const saveFacts = (
  table: Table,
  evaluationId: EvaluationId,
  facts: StoredFacts,
): Promise<void> => saveBlob(table, factsKey(evaluationId), { info: null, body: facts });

/** @throws BrokenFacts naming the item if it is damaged. */
export const loadFacts = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<StoredFacts | undefined> =>
  (await loadBlob(table, factsKey(evaluationId)))?.body as StoredFacts | undefined;

/** Facts with the region's market in its place. @throws BrokenFacts naming the item if one is damaged or absent. */
export const loadJudgedFacts = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<EvaluationFacts | undefined> => {
  const facts = await loadFacts(table, evaluationId);
  if (facts?.market === undefined) return facts as EvaluationFacts | undefined;
  const { stored, ...view } = facts.market;
  return { ...facts, market: { ...(await loadMarket(table, stored)), ...view } };
};

export const saveOffers = async (
  table: Table,
  evaluationId: EvaluationId,
  offers: readonly Offer[],
): Promise<void> => {
  const body: EvaluationOffers = { offers };
  await saveBlob(table, offersKey(evaluationId), { info: null, body });
};

/** @throws BrokenFacts naming the item if it is damaged. */
export const loadOffers = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<readonly Offer[] | undefined> => {
  const blob = await loadBlob(table, offersKey(evaluationId));
  return (blob?.body as EvaluationOffers | undefined)?.offers;
};

const isSame = (one: Effect, other: Effect): boolean =>
  (["action", "resource", "at", "requestId"] as const).every((key) => one[key] === other[key]);

/** More effects than one evaluation has calls in one millisecond. */
const maxAtOnce = 10_000;

/**
 * The same effect (action, resource, time, request id) appended again is not repeated. Takes the first free place of its
 * millisecond, so that effects stand in the order in which they were appended.
 */
export const appendEffect = async (
  table: Table,
  evaluationId: EvaluationId,
  effect: Effect,
): Promise<void> => {
  const pk = evaluationPartition(evaluationId);
  const at = sortableInstant(effect.at, "at");
  for (let place = 0; place < maxAtOnce; place += 1) {
    const sk = `${effectPrefix}${at}#${String(place).padStart(4, "0")}`;
    const { kind } = await table.put({ pk, sk, version: 1, data: effect }, { ifAbsent: true });
    if (kind === "WRITTEN") return;
    const there = await table.get({ pk, sk });
    if (there !== undefined && isSame(there.data as Effect, effect)) return;
  }
  throw new SpotOptimizerError(
    "BrokenInput",
    `Evaluation ${evaluationId} has too many effects at ${at}.`,
    {
      resource: evaluationId,
    },
  );
};

/** In order of time: those that stand alone, and those that were noted with their intents. */
export const listEffects = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<readonly Effect[]> => {
  const partition = evaluationPartition(evaluationId);
  const [{ items }, ofIntents] = await Promise.all([
    table.query({ partition, prefix: effectPrefix }),
    effectsOfIntents(table, evaluationId),
  ]);
  return [...items.map((item) => item.data as Effect), ...ofIntents].toSorted((left, right) =>
    compareUtf8(left.at, right.at),
  );
};

/**
 * Newest first. Found through an index: what was begun or ended a moment ago may be missing or stand in another place.
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
      : [partitionFor(status)];
  return listNewestFirst(table, {
    ...(targetId === undefined
      ? { index: "gsi1" as const, partitions: partitionsByStatus }
      : { index: "gsi2" as const, partitions: [evaluationsOfPartition(targetId)] }),
    ...(from !== undefined && { from: sortableInstant(from, "from") }),
    ...(to !== undefined && { to: `${sortableInstant(to, "to")}${afterAll}` }),
    scope: JSON.stringify([targetId ?? "", status ?? ""]),
    ...paging,
    select: (item) => {
      const evaluation = read(item);
      return status === undefined || evaluation.status === status ? evaluation : undefined;
    },
  });
};
