/** Reads what the store knows of one account: its targets, and what its evaluations have left to be ended or put back. */
import { getEvaluation } from "../../adapters/store/evaluations.ts";
import { listAllDue, type DueIntent } from "../../adapters/store/intents.ts";
import type { Table } from "../../adapters/store/table.ts";
import { listTargets } from "../../adapters/store/targets.ts";
import type { Evaluation } from "../../core/model/evaluation.ts";
import type { AccountId, EvaluationId } from "../../core/model/ids.ts";
import type { Target } from "../../core/model/target.ts";

const largestPage = 100;

export const listTargetsOf = async (
  table: Table,
  accountId: AccountId,
): Promise<readonly Target[]> => {
  const targets: Target[] = [];
  let cursor: string | undefined;
  do {
    const page = await listTargets(table, {
      accountId,
      limit: largestPage,
      ...(cursor === undefined ? {} : { cursor }),
    });
    targets.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return targets;
};

export type DueOfAccount = DueIntent & { readonly evaluation: Evaluation };

/** Each evaluation is read once. */
export const listDueOf = async (
  table: Table,
  accountId: AccountId,
): Promise<readonly DueOfAccount[]> => {
  const known = new Map<EvaluationId, Evaluation | undefined>();
  const due: DueOfAccount[] = [];
  for (const each of await listAllDue(table)) {
    const { evaluationId } = each;
    const evaluation = known.get(evaluationId) ?? (await getEvaluation(table, evaluationId));
    known.set(evaluationId, evaluation);
    if (evaluation?.accountId === accountId) due.push({ ...each, evaluation });
  }
  return due;
};
