/** All evaluations of a target, page by page: what one has left counts however many came after it. */
import type { Evaluation, EvaluationStatus } from "../../core/model/evaluation.ts";
import type { TargetId } from "../../core/model/ids.ts";
import { listEvaluations } from "./evaluations.ts";
import type { Table } from "./table.ts";

const pageSize = 100;

/** A verdict and nothing else. */
const untouched: ReadonlySet<EvaluationStatus> = new Set(["SHADOWED", "AWAITING_APPROVAL"]);

/** May have begun something. */
export const mayHaveActed = ({ status }: Pick<Evaluation, "status">): boolean =>
  !untouched.has(status);

/** Newest first. `from`: of their beginning, ISO 8601; absent: from the first on. */
export const listAllEvaluationsOf = async (
  table: Table,
  asked: { readonly targetId: TargetId; readonly from?: string },
): Promise<readonly Evaluation[]> => {
  const all: Evaluation[] = [];
  let cursor: string | undefined;
  do {
    const page = await listEvaluations(table, {
      ...asked,
      limit: pageSize,
      ...(cursor !== undefined && { cursor }),
    });
    all.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return all;
};
