/** All evaluations that a filter leaves, page by page, in the order of `listEvaluations`. */
import type { Evaluation } from "../../core/model/evaluation.ts";
import { listEvaluations } from "./evaluations.ts";
import type { Table } from "./table.ts";

const largestPage = 100;

type Filter = Omit<Parameters<typeof listEvaluations>[1], "limit" | "cursor">;

export const listAllEvaluations = async (
  table: Table,
  filter: Filter,
): Promise<readonly Evaluation[]> => {
  const evaluations: Evaluation[] = [];
  let cursor: string | undefined;
  do {
    const page = await listEvaluations(table, {
      ...filter,
      limit: largestPage,
      ...(cursor === undefined ? {} : { cursor }),
    });
    evaluations.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return evaluations;
};
