import { describe, expect, it } from "@jest/globals";
import { createEvaluation, getEvaluation } from "../../../adapters/store/evaluations.ts";
import type { LinearEvaluation } from "../../../core/model/evaluation.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { linearEvaluation } from "./stored-items/samples.ts";

/** As the release before there were approvals wrote it. */
const before = {
  ...linearEvaluation,
  status: "APPROVAL_REQUIRED",
  outcome: { ...linearEvaluation.outcome, status: "APPROVAL_REQUIRED" },
} as unknown as LinearEvaluation;

describe("an evaluation that had ended for want of an approval before there were any", () => {
  it("is read as one that awaits it", async () => {
    const table = createMemoryTable();
    await createEvaluation(table, before);
    expect(await getEvaluation(table, before.evaluationId)).toMatchObject({
      status: "AWAITING_APPROVAL",
      outcome: { status: "AWAITING_APPROVAL", reason: linearEvaluation.outcome.reason },
    });
  });
});
