/** What a mode adds to the record of how its evaluation ended. Each part may be done twice, without harm. */
import type { SwitchEnding } from "../../core/decide/switch/outcome.ts";
import type { EvaluationOf, Outcome } from "../../core/model/evaluation.ts";
import type { Intent } from "../../core/model/intent.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { TargetOf } from "../../core/model/target.ts";
import type { SwapChange } from "./evaluation-step.ts";
import type { EvaluationSession } from "./session.ts";

interface ClosingInput {
  readonly outcome: Outcome;
  readonly intents: readonly Intent[];
}

export interface Closing<Mode extends PipelineMode> {
  /** What became of the switch, where nothing failed. */
  readonly ending: (session: EvaluationSession<Mode>, intents: readonly Intent[]) => SwitchEnding;
  /** After a success: a roll-back leaves the switch alone from here on, and what has a due time is the janitor's. */
  readonly commit: (session: EvaluationSession<Mode>, intents: readonly Intent[]) => Promise<void>;
  /** What becomes of the target, beside the time of its last evaluation: how what is stored then is changed. */
  readonly follow: (
    session: EvaluationSession<Mode>,
    input: ClosingInput,
  ) => Promise<(target: TargetOf<Mode>) => TargetOf<Mode>>;
  /** Saving, downtime and the like. */
  readonly figures: (
    session: EvaluationSession<Mode>,
    input: ClosingInput,
  ) => Promise<Pick<EvaluationOf<Mode>, "estimatedSavings" | "downtimeSeconds">>;
  readonly swaps: (session: EvaluationSession<Mode>, input: ClosingInput) => readonly SwapChange[];
}
