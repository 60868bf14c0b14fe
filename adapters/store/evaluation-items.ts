/**
 * How an evaluation lies in the table. A switch changes its record some thirty times, and each write is paid for by the
 * kilobyte of its whole item; so there is an item for what hardly changes (RECORD), one for what each step may change
 * (RECORD#PROGRESS), both packed, and one for each phase that ends while neither has anything else to say. Everyone else knows
 * one record.
 */
import type { KubernetesProgress } from "../../core/model/kubernetes/progress.ts";
import type {
  ClusterProgress,
  Evaluation,
  EvaluationStatus,
  LinearProgress,
  Phase,
} from "../../core/model/evaluation.ts";
import {
  closedEvaluationsPartition,
  evaluationKey,
  evaluationsOfPartition,
  openEvaluationsPartition,
  phaseKey,
  phasePrefix,
  progressKey,
} from "./keys.ts";
import { packed, unpacked } from "./packed-item.ts";
import { sortableInstant } from "./parsed-data.ts";
import { withPresentStatus } from "./present-status.ts";
import { nextPlace } from "./places.ts";
import type { Item, Table, WriteResult } from "./table.ts";
import { compareUtf8 } from "./table-query.ts";
import { untilWritten } from "./update-item.ts";

/** What each step may change. Of the phases those that this item holds: open ones, and ended ones that were written with others. */
interface Moving {
  readonly leases: Evaluation["leases"];
  readonly waits: Evaluation["waits"];
  readonly progress: LinearProgress | ClusterProgress | KubernetesProgress;
  readonly phases: readonly Phase[];
}

interface StoredPhase {
  readonly phase: Phase;
  /** Tells the order of those that ended at one instant. */
  readonly place: number;
}

/** Few at any time and asked for often (sweep, janitor): they have a partition of the index to themselves. */
const openStatuses: readonly EvaluationStatus[] = ["PENDING", "RUNNING"];

export const evaluationsByStatus = (status: EvaluationStatus): string =>
  openStatuses.includes(status) ? openEvaluationsPartition : closedEvaluationsPartition;

const hasEnded = (phase: Phase): boolean => phase.endedAt !== undefined;

const isOpen = (phase: Phase): boolean => !hasEnded(phase);

const movingOf = (evaluation: Evaluation): Moving => ({
  leases: evaluation.leases,
  waits: evaluation.waits,
  progress: evaluation.progress,
  phases: evaluation.phases,
});

/** Both are of one record, and that never changes its mode. */
const joined = (record: Evaluation, moving: Moving): Evaluation =>
  ({ ...record, ...moving }) as Evaluation;

const headOf = (evaluation: Evaluation): unknown => {
  const {
    leases: _leases,
    waits: _waits,
    phases: _phases,
    version: _version,
    ...head
  } = {
    ...evaluation,
    progress: undefined,
  };
  return head;
};

export const recordItem = (
  table: Pick<Table, "packing">,
  evaluation: Evaluation,
  version: number,
): Item => {
  const { evaluationId, status, targetId } = evaluation;
  const startedAt = sortableInstant(evaluation.startedAt, "startedAt");
  const order = `${startedAt}#${evaluationId}`;
  return packed(
    table,
    {
      ...evaluationKey(evaluationId),
      version,
      gsi1pk: evaluationsByStatus(status),
      gsi1sk: order,
      gsi2pk: evaluationsOfPartition(targetId),
      gsi2sk: order,
    },
    evaluation,
  );
};

const nameOf = ({ name, round }: Phase): string => `${name}#${String(round ?? "")}`;

/** A phase that was begun again after it had ended is open again; one that was left in the record when it ended is not. */
const isBegunAgain = (open: Phase, ended: Phase | undefined): boolean =>
  ended?.endedAt === undefined || compareUtf8(open.startedAt, ended.endedAt) > 0;

/** In the order in which they ended, and then those that are open. */
const joinPhases = (known: readonly Phase[], ended: readonly StoredPhase[]): readonly Phase[] => {
  const inOrder = [
    ...known.filter(hasEnded).map((phase) => ({ phase, place: 0 })),
    ...ended,
  ].toSorted(
    (left, right) =>
      compareUtf8(left.phase.endedAt ?? "", right.phase.endedAt ?? "") || left.place - right.place,
  );
  const byName = new Map<string, Phase>();
  for (const { phase } of inOrder) {
    byName.delete(nameOf(phase));
    byName.set(nameOf(phase), phase);
  }
  for (const phase of known.filter(isOpen)) {
    if (!isBegunAgain(phase, byName.get(nameOf(phase)))) continue;
    byName.delete(nameOf(phase));
    byName.set(nameOf(phase), phase);
  }
  return [...byName.values()];
};

interface Parts {
  readonly record: Item;
  readonly first: Evaluation;
  readonly progress: Item | undefined;
}

const partsOf = (items: readonly Item[]): Parts | undefined => {
  const record = items.find(({ sk }) => sk === evaluationKey("").sk);
  if (record === undefined) return undefined;
  const progress = items.find(({ sk }) => sk === progressKey("").sk);
  return { record, first: withPresentStatus(unpacked(record) as Evaluation), progress };
};

/** Undefined without its RECORD. */
export const readEvaluation = (items: readonly Item[]): Evaluation | undefined => {
  const parts = partsOf(items);
  if (parts === undefined) return undefined;
  const { record, first, progress } = parts;
  const moving = progress === undefined ? movingOf(first) : (unpacked(progress) as Moving);
  const ended = items
    .filter(({ sk }) => sk.startsWith(phasePrefix))
    .map((item) => item.data as StoredPhase);
  return {
    ...joined(first, moving),
    phases: joinPhases([...first.phases, ...moving.phases], ended),
    version: record.version + (progress?.version ?? 0),
  };
};

/** Keeps the begin of a phase that had ended before and was begun again. */
const writeEnded = async (table: Table, evaluationId: string, phase: Phase): Promise<void> => {
  const key = phaseKey(evaluationId, nameOf(phase));
  let before: Item | undefined;
  await untilWritten(`${key.pk}/${key.sk}`, async () => {
    const earlier = (before?.data as StoredPhase | undefined)?.phase.startedAt;
    const startedAt = earlier ?? phase.startedAt;
    const data: StoredPhase = { phase: { ...phase, startedAt }, place: nextPlace(table) };
    const { kind } = await table.put(
      { ...key, version: (before?.version ?? 0) + 1, data },
      before === undefined ? { ifAbsent: true } : { ifVersion: before.version },
    );
    if (kind === "WRITTEN") return kind;
    before = await table.get(key);
    return undefined;
  });
};

type Members = Readonly<Record<string, unknown>>;

/** Members that are undefined are not stored, and make no difference. */
const isChanged = (before: unknown, after: unknown): boolean => {
  if (before === after) return false;
  if (typeof before !== "object" || typeof after !== "object") return true;
  if (before === null || after === null || Array.isArray(before) !== Array.isArray(after)) {
    return true;
  }
  const [was, is] = [before as Members, after as Members];
  return (
    Object.keys(is).some((name) => isChanged(was[name], is[name])) ||
    Object.keys(was).some((name) => was[name] !== undefined && !(name in is))
  );
};

const isMoved = (before: Evaluation, after: Evaluation): boolean => {
  const [{ phases: _were, ...was }, { phases, ...is }] = [movingOf(before), movingOf(after)];
  const isBegun = phases.some((phase) => isOpen(phase) && !before.phases.includes(phase));
  return isBegun || isChanged(was, is);
};

export interface EvaluationChange {
  /** As read: what `before` was made of. */
  readonly items: readonly Item[];
  readonly before: Evaluation;
  readonly after: Evaluation;
}

type Write = (table: Table, parts: Parts, change: EvaluationChange) => Promise<WriteResult>;

const endedBetween = ({ before, after }: EvaluationChange): readonly Phase[] =>
  after.phases.filter((phase) => hasEnded(phase) && !before.phases.includes(phase));

/** Phases that stand in the record need not stand here too. */
const writeProgress: Write = (table, { first, progress }, { after }) => {
  const version = (progress?.version ?? 0) + 1;
  const phases = after.phases.filter((phase) =>
    first.phases.every((stored) => isChanged(stored, phase)),
  );
  return table.put(
    packed(table, { ...progressKey(after.evaluationId), version }, { ...movingOf(after), phases }),
    progress === undefined ? { ifAbsent: true } : { ifVersion: progress.version },
  );
};

const recordWith = ({ first }: Parts, after: Evaluation, phases: readonly Phase[]): Evaluation => ({
  ...joined(after, movingOf(first)),
  phases,
});

/** What moves stays in it as it was at the beginning. */
const writeRecord: Write = (table, parts, { after }) => {
  const { first, record } = parts;
  const next = recordItem(table, recordWith(parts, after, first.phases), record.version + 1);
  return table.put(next, { ifVersion: record.version });
};

/** The same, where there is no other item to which phases go that have ended. */
const writeRecordWithPhases: Write = (table, parts, change) => {
  const ended = endedBetween(change);
  const others = parts.first.phases.filter(
    (stored) => !ended.some((phase) => nameOf(stored) === nameOf(phase)),
  );
  const after = recordWith(parts, change.after, [...others, ...ended]);
  const { record } = parts;
  return table.put(recordItem(table, after, record.version + 1), { ifVersion: record.version });
};

/** What has changed, in the order in which it is written. Phases that have ended go along with what is written anyway. */
const writesOf = ({ before, after }: EvaluationChange): readonly Write[] => {
  const isHeadChanged = isChanged(headOf(before), headOf(after));
  if (isMoved(before, after)) return [writeProgress, ...(isHeadChanged ? [writeRecord] : [])];
  return isHeadChanged ? [writeRecordWithPhases] : [];
};

/** Writes the items that differ; undefined when somebody else wrote one of them since it was read. */
export const writeEvaluation = async (
  table: Table,
  change: EvaluationChange,
): Promise<Evaluation | undefined> => {
  const { after, before, items } = change;
  const parts = partsOf(items);
  if (parts === undefined) return undefined;
  const writes = writesOf(change);
  for (const write of writes) {
    const { kind } = await write(table, parts, change);
    if (kind === "CONFLICT") return undefined;
  }
  if (writes.length === 0) {
    for (const phase of endedBetween(change)) await writeEnded(table, after.evaluationId, phase);
  }
  return { ...after, version: before.version + writes.length };
};
