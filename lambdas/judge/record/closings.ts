/** The closing of each mode that has a workflow. */
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { PipelineMode } from "../../../core/model/target.ts";
import type { Closing } from "../../evaluation/closing.ts";
import { requireMode, type EvaluationSession } from "../../evaluation/session.ts";
import { linearClosing } from "../../linear/closing.ts";

const closings: { readonly [Mode in PipelineMode]?: Closing<Mode> } = { LINEAR: linearClosing };

export interface Closed<Mode extends PipelineMode> {
  readonly closing: Closing<Mode>;
  readonly session: EvaluationSession<Mode>;
}

/** Gives the session to the closing of its mode. @throws BrokenInput for a mode without a workflow */
export const withClosing = <Result>(
  session: EvaluationSession,
  use: <Mode extends PipelineMode>(closed: Closed<Mode>) => Promise<Result>,
): Promise<Result> => {
  const { mode, evaluationId } = session.evaluation;
  const give = <Mode extends PipelineMode>(of: Mode): Promise<Result> => {
    const closing: Closing<Mode> | undefined = closings[of];
    if (closing === undefined) {
      throw new SpotOptimizerError(
        "BrokenInput",
        `Evaluation ${evaluationId} is of ${mode}, which has no workflow in this version.`,
        { resource: evaluationId },
      );
    }
    return use({ closing, session: requireMode(session, of) });
  };
  return give(mode);
};
