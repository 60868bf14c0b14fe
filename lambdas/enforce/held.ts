/** The instances that we hold ourselves: of registered targets, and subjects and swaps of what goes on. */
import { listEvaluations, loadEvaluation } from "../../adapters/store/evaluations.ts";
import type { Table } from "../../adapters/store/table.ts";
import { listTargets } from "../../adapters/store/targets.ts";
import type { EvaluationStatus } from "../../core/model/evaluation.ts";
import type { AccountId, EvaluationId } from "../../core/model/ids.ts";
import type { Swap } from "../../core/model/swap.ts";

/** The largest page. */
const limit = 1000;

const openStatuses: readonly EvaluationStatus[] = ["PENDING", "RUNNING"];

interface Page<Entry> {
  readonly items: readonly Entry[];
  readonly cursor?: string;
}

const all = async <Entry>(
  read: (paging: { readonly limit: number; readonly cursor?: string }) => Promise<Page<Entry>>,
): Promise<readonly Entry[]> => {
  const found: Entry[] = [];
  let cursor: string | undefined;
  do {
    const page = await read({ limit, ...(cursor !== undefined && { cursor }) });
    found.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
};

const inSwap = ({ originalId, replacement, heldId }: Swap): readonly (string | undefined)[] => [
  originalId,
  replacement?.instanceId,
  heldId,
];

const inEvaluation = async (
  table: Table,
  evaluationId: EvaluationId,
): Promise<readonly (string | undefined)[]> => {
  const stored = await loadEvaluation(table, evaluationId);
  if (stored === undefined) return [];
  const { subject } = stored.evaluation;
  const ofSubject = "instanceId" in subject ? [subject.instanceId] : [];
  return [...ofSubject, ...stored.swaps.flatMap(inSwap)];
};

/** Of all regions of the account. What an ended evaluation has made, and an original that it keeps, carry our tags. */
export const readHeld = async (
  table: Table,
  accountId: AccountId,
): Promise<ReadonlySet<string>> => {
  const targets = await all((paging) => listTargets(table, { accountId, ...paging }));
  const held: (string | undefined)[] = targets.map(({ instanceId }) => instanceId);
  for (const status of openStatuses) {
    const open = await all((paging) => listEvaluations(table, { status, ...paging }));
    for (const { evaluationId } of open.filter((each) => each.accountId === accountId)) {
      held.push(...(await inEvaluation(table, evaluationId)));
    }
  }
  return new Set(held.filter((instanceId) => instanceId !== undefined));
};
