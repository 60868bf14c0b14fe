/** Answers for a gate once it has judged a group or nodes: on to the market, or a verdict with what stands against it. The record keeps who was judged, as registered. */
import * as z from "zod";
import { currentJudgementVersion } from "../../core/model/judgement-version.ts";
import { notNow } from "../../core/decide/switch/not-now.ts";
import { refusal, type Objection } from "../../core/decide/switch/objection.ts";
import type { Evaluation, EvaluationOf } from "../../core/model/evaluation.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { Postponement, Verdict } from "../../core/model/verdict.ts";
import type { StepResult } from "./evaluation-step.ts";
import type { EvaluationSession } from "./session.ts";

export const gateOutputSchema = z.object({
  kind: z.enum(["ELIGIBLE", "STAY", "REFUSE"]),
  summary: z.string(),
});

type Barred =
  | { readonly kind: "INELIGIBLE"; readonly objections: readonly Objection[] }
  | { readonly kind: "NOT_NOW"; readonly delays: readonly Postponement[] };

const verdictOf = (
  { modelVersion, policyVersion }: Evaluation,
  judged: Barred,
  judgedAt: string,
): Verdict => {
  const by = { modelVersion, judgementVersion: currentJudgementVersion, policyVersion, judgedAt };
  return judged.kind === "NOT_NOW"
    ? notNow({ delays: judged.delays, ...by })
    : refusal({ objections: judged.objections, ...by });
};

type GateAnswer<Mode extends PipelineMode> = StepResult<z.infer<typeof gateOutputSchema>, Mode>;

interface Judgement {
  /** ISO 8601 */
  readonly judgedAt: string;
  /** What is told where nothing stands against it. */
  readonly eligible: string;
  /** Of one of many. Default: false. */
  readonly sharesReadings?: boolean;
}

export const answerOfGate = async <Mode extends PipelineMode>(
  session: EvaluationSession<Mode>,
  judged: Barred | { readonly kind: "ELIGIBLE" },
  { judgedAt, eligible, sharesReadings = false }: Judgement,
): Promise<GateAnswer<Mode>> => {
  const { externalId: _withheld, ...account } = await session.account();
  const registered = { account, target: await session.target() };
  const note = (record: EvaluationOf<Mode>): EvaluationOf<Mode> => ({
    ...record,
    registered,
    ...(sharesReadings && { sharesReadings }),
  });
  if (judged.kind === "ELIGIBLE") {
    return { output: { kind: "ELIGIBLE", summary: eligible }, change: note };
  }
  const verdict = verdictOf(session.evaluation, judged, judgedAt);
  return {
    output: { kind: verdict.kind === "STAY" ? "STAY" : "REFUSE", summary: verdict.sentence },
    change: (record) => ({ ...note(record), verdict }),
  };
};
