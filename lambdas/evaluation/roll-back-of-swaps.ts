/** The roll-back of what consists of swaps: undoes what the intents say and the world shows. Swaps that are done stay done. */
import { lastResolution } from "../../core/model/resolution.ts";
import type { Sight } from "../../core/model/course.ts";
import type { EvaluationOf } from "../../core/model/evaluation.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { ClientName } from "../runtime/context.ts";
import { defineEvaluationStep, evaluationInputSchema, type SwapChange } from "./evaluation-step.ts";
import { caughtSchema, withFirstFailure } from "./failure.ts";
import type { EvaluationSession } from "./session.ts";
import { leftToOperator, undoOutputSchema, type Undone } from "./undo-loop.ts";
import { lastRoundSchema, type LastRound } from "./undo-wait.ts";

/** What became of an undo, and of the swaps. */
export interface SwapsUndone<Mode extends PipelineMode> extends Pick<Undone, "output"> {
  readonly change?: (record: EvaluationOf<Mode>) => EvaluationOf<Mode>;
  readonly swaps: readonly SwapChange[];
  /** What was seen of the subject meanwhile. */
  readonly sight?: Sight;
}

interface RollBack<Mode extends PipelineMode, Name extends ClientName> {
  readonly mode: Mode;
  readonly clients: readonly Name[];
  /** What is told where it was to be adopted. */
  readonly leftForAdoption: string;
  readonly undo: (
    session: EvaluationSession<Mode, Name>,
    phase: { readonly phase: string },
    last: LastRound | undefined,
  ) => Promise<SwapsUndone<Mode>>;
}

const phase = "roll-back";

/** The workflow's whole state. */
const stateSchema = caughtSchema.unwrap().extend({ rollback: lastRoundSchema }).optional();

export const defineRollBackOfSwaps = <Mode extends PipelineMode, Name extends ClientName>({
  mode,
  clients,
  leftForAdoption,
  undo,
}: RollBack<Mode, Name>) =>
  defineEvaluationStep({
    name: phase,
    clients,
    mode,
    input: evaluationInputSchema.extend({ state: stateSchema }),
    output: undoOutputSchema,
    keepsReadings: false,
    needsLease: false,
    run: async (session: EvaluationSession<Mode, Name>, { state }) => {
      const resolution = lastResolution(session.evaluation);
      // It came here because the adoption could not be begun: what is to be left as it is must not be undone.
      const undone: SwapsUndone<Mode> =
        resolution?.kind === "ADOPT"
          ? { ...leftToOperator(leftForAdoption), swaps: [] }
          : await undo(session, { phase }, state?.rollback);
      const { output, change, swaps, sight } = undone;
      return {
        output,
        swaps,
        ...(sight !== undefined && { sight }),
        change: (record: EvaluationOf<Mode>) => withFirstFailure(state, change?.(record) ?? record),
      };
    },
  });
