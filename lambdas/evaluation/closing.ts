/** What a mode adds to the record of how its evaluation ended. Each part may be done twice, without harm. */
import type { CauseReader } from "../../core/model/cause-reader.ts";
import type { SwitchEnding } from "../../core/decide/switch/outcome.ts";
import type { EvaluationOf, Failure, Outcome } from "../../core/model/evaluation.ts";
import type { Intent, RecordedCalls } from "../../core/model/intent.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { TargetOf } from "../../core/model/target.ts";
import type { SwapChange } from "./evaluation-step.ts";
import type { EvaluationSession } from "./session.ts";

interface ClosingInput {
  readonly intents: readonly Intent[];
  readonly calls: RecordedCalls;
  /** What sent the workflow to its roll-back, if anything did. */
  readonly failure?: Failure;
}

export interface EndedInput extends ClosingInput {
  readonly ending: SwitchEnding;
  readonly outcome: Outcome;
}

/** The session in which a record is closed: what serves is looked at once more. */
export type ClosingSession<Mode extends PipelineMode> = EvaluationSession<Mode, "ec2">;

/** A switch that was carried out, and whose replacement is no longer what it was: it is undone, while it still can be. */
export interface Lost {
  readonly kind: "LOST";
  readonly failure: Failure;
}

export interface Closing<Mode extends PipelineMode> {
  /** What became of the switch. Where nothing failed, what serves is read anew. */
  readonly ending: (
    session: ClosingSession<Mode>,
    input: ClosingInput,
  ) => Promise<SwitchEnding | Lost>;
  /** After a success: a roll-back leaves the switch alone from here on, and what has a due time is the janitor's. */
  readonly commit: (session: ClosingSession<Mode>, intents: readonly Intent[]) => Promise<void>;
  /** What becomes of the target, beside the time of its last evaluation: how what is stored then is changed. */
  readonly follow: (
    session: ClosingSession<Mode>,
    input: EndedInput,
  ) => Promise<(target: TargetOf<Mode>) => TargetOf<Mode>>;
  /** Saving, downtime and the like. */
  readonly figures: (
    session: ClosingSession<Mode>,
    input: EndedInput,
  ) => Promise<Pick<EvaluationOf<Mode>, "estimatedSavings" | "downtimeSeconds" | "returnCapacity">>;
  /** What is remembered of a failed attempt. */
  readonly attempt: (
    session: ClosingSession<Mode>,
  ) => Promise<{ readonly hadDowntime: boolean; readonly reader: CauseReader }>;
  readonly swaps: (session: ClosingSession<Mode>, input: EndedInput) => readonly SwapChange[];
}
