/**
 * The launch that is kept ready for an evaluation whose original can't be read any longer once it has ended: written before that, read by
 * whoever must launch anew. What it says is the launcher's.
 */
import type { EvaluationId } from "../../core/model/ids.ts";
import { loadSettledBlob, saveBlob } from "./blobs.ts";
import { keptLaunchKey } from "./keys.ts";
import type { Table } from "./table.ts";

/** The last writer wins. @throws BrokenInput on a body that JSON cannot hold */
export const saveKeptLaunch = (
  table: Table,
  evaluationId: EvaluationId,
  body: object,
): Promise<void> => saveBlob(table, keptLaunchKey(evaluationId), { info: null, body });

/** Undefined: none was kept. @throws BrokenFacts naming the item if it is damaged. */
export const loadKeptLaunch = async (table: Table, evaluationId: EvaluationId): Promise<unknown> =>
  (await loadSettledBlob(table, keptLaunchKey(evaluationId)))?.body;
