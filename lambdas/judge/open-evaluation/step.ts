/** Open evaluation: the lease is ours, the record says RUNNING, and the workflow learns where it begins. */
import * as z from "zod";
import { isResponse } from "../../../core/model/evaluation-kind.ts";
import { lastResolution, resolutionKinds } from "../../../core/model/resolution.ts";
import { nameOf } from "../../../core/model/subject.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { assertNotStopped } from "../../evaluation/perform.ts";
import type { EvaluationSession } from "../../evaluation/session.ts";

const outputSchema = z.object({
  kind: z.enum(["EVALUATE", "RESPOND", ...resolutionKinds]),
  summary: z.string(),
});
type Output = z.infer<typeof outputSchema>;

const forward: readonly Output["kind"][] = ["EVALUATE", "RESPOND", "RESUME"];

const opened = ({ evaluation }: EvaluationSession): Output => {
  const { accountId, isShadowMode, subject } = evaluation;
  const resolution = lastResolution(evaluation);
  if (resolution !== undefined) {
    const { by, kind, reason } = resolution;
    const summary = `${by} asked for ${kind} of ${nameOf(subject)}: ${reason}`;
    return { kind: kind === "RESUME" && isResponse(evaluation) ? "RESPOND" : kind, summary };
  }
  if (isResponse(evaluation)) {
    return { kind: "RESPOND", summary: `EC2 is said to take back ${nameOf(subject)}.` };
  }
  const manner = isShadowMode ? "in shadow mode" : "for real";
  return {
    kind: "EVALUATE",
    summary: `Evaluating ${nameOf(subject)} of account ${accountId} ${manner}.`,
  };
};

export const openEvaluationStep = defineEvaluationStep({
  name: "open-evaluation",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session) => {
    const output = opened(session);
    // What goes back, or leaves things as they are, is not stopped by it.
    if (forward.includes(output.kind)) await assertNotStopped(session);
    return { output, change: (record) => ({ ...record, status: "RUNNING" }) };
  },
});
