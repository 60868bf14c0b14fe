/** The phases of an evaluation: those that it has passed, and those that are still to come. */
import * as z from "../zod.ts";
import { phasesToCome } from "../../../core/decide/story.ts";
import type { Evaluation, Phase } from "../../../core/model/evaluation.ts";
import { knownPhase, phaseStages } from "../../../core/model/phase.ts";
import { snakeKeys } from "../letter-case.ts";
import { timeField } from "./common.ts";
import { text } from "./verdict.ts";

const stageField = z.enum(phaseStages).meta({
  description:
    "JUDGE: nothing is changed. PREPARE: a replacement is made ready. HAND_OVER: from one to the other. CLOSE: what is over is put away.",
});

const expectedField = z.number().meta({
  description:
    "How long such a phase usually takes: the median of the demo's evaluations, in the simulated cloud. Absent: under two seconds, or not measured.",
});

export const phaseSchema = z
  .strictObject({
    name: text("Step of the workflow."),
    stage: stageField.exactOptional(),
    round: z.int().exactOptional().meta({ description: "Batch, from 1, where there are several." }),
    started_at: timeField("Begin."),
    ended_at: timeField("End; absent while it runs.").exactOptional(),
    seconds: z.number().exactOptional().meta({ description: "Duration of an ended phase." }),
    expected_seconds: expectedField.exactOptional(),
    summary: text("What came of it.").exactOptional(),
  })
  .meta({ id: "Phase", description: "One step with its times." });

export const expectedPhaseSchema = z
  .strictObject({
    name: text("Step of the workflow."),
    stage: stageField.exactOptional(),
    expected_seconds: expectedField.exactOptional(),
  })
  .meta({ id: "ExpectedPhase", description: "One step that is still to come." });

const knownOf = (
  { mode }: Evaluation,
  name: string,
): Pick<z.infer<typeof expectedPhaseSchema>, "stage" | "expected_seconds"> => {
  const { stage, usualSeconds } = knownPhase(mode, name) ?? {};
  return {
    ...(stage !== undefined && { stage }),
    ...(usualSeconds !== undefined && { expected_seconds: usualSeconds }),
  };
};

export const phaseJson = (evaluation: Evaluation, phase: Phase): z.infer<typeof phaseSchema> => ({
  ...snakeKeys(phase),
  ...knownOf(evaluation, phase.name),
  ...(phase.endedAt === undefined
    ? {}
    : { seconds: (Date.parse(phase.endedAt) - Date.parse(phase.startedAt)) / 1000 }),
});

export const expectedPhasesJson = (evaluation: Evaluation): z.infer<typeof expectedPhaseSchema>[] =>
  phasesToCome(evaluation).map((name) => ({ name, ...knownOf(evaluation, name) }));
