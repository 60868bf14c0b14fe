/** Notes in the record that a person's adoption has come to its end. */
import type { Evaluation } from "../../core/model/evaluation.ts";

/** @param doneAt ISO 8601 */
export const adopted =
  (doneAt: string) =>
  <Stored extends Evaluation>(record: Stored): Stored => ({
    ...record,
    resolutions: (record.resolutions ?? []).map((each, index, all) =>
      index === all.length - 1 ? { ...each, doneAt } : each,
    ),
  });
