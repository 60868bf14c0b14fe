/**
 * The original that a recovery has started is not proved in time, or is lost again, before it was verified: what it was given is taken from it, it is
 * given back, and something else is launched.
 */
import { keptDeadlineMinutes, standsKept } from "../../core/decide/linear/kept-original.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { LinearEvaluation } from "../../core/model/evaluation.ts";
import { isLostReplacement } from "./guards.ts";
import { withProgress, type LinearSession } from "./session.ts";

/** Nobody waits long for it: something else can be launched. */
export const minutesForKept = ({ evaluation }: LinearSession<never>, minutes: number): number => {
  const { keptOriginal: kept } = evaluation.progress;
  return standsKept(kept) && kept?.isLast !== true
    ? Math.min(keptDeadlineMinutes, minutes)
    : minutes;
};

/** What is launched in its place is waited for anew, and the load counts as down until that serves. */
const waitedForAnew = (record: LinearEvaluation): LinearEvaluation => {
  const { servedFrom: _from, servingAt: _at, ...progress } = record.progress;
  return { ...record, progress, waits: {} };
};

interface GivenUp {
  readonly output: { readonly kind: "GIVEN_UP"; readonly summary: string };
  readonly change: (record: LinearEvaluation) => LinearEvaluation;
}

const isLate = (error: unknown): error is SpotOptimizerError =>
  error instanceof SpotOptimizerError && error.name === "BrokenDeadline";

type Is = (error: unknown) => error is SpotOptimizerError;

const orGiveUp =
  (...reasons: readonly Is[]) =>
  async <Result>(
    session: LinearSession<never>,
    run: () => Promise<Result>,
  ): Promise<Result | GivenUp> => {
    try {
      return await run();
    } catch (error) {
      const { keptOriginal: kept } = session.evaluation.progress;
      const reason = reasons.find((is) => is(error));
      const mayPass = kept !== undefined && standsKept(kept) && kept.isLast !== true;
      if (!mayPass || reason?.(error) !== true) throw error;
      const { message: refusal } = error;
      const note = withProgress({ keptOriginal: { ...kept, refusal } });
      return {
        output: { kind: "GIVEN_UP", summary: `${refusal} Something else is launched.` },
        // With it in one write: a launch that dies between the swap's and the record's does not come by here again.
        change: (record) => note(waitedForAnew(record)),
      };
    }
  };

/** Throws what says nothing of the original, and all where none was started. */
export const orGiveUpKept = orGiveUp(isLate, isLostReplacement);

/** Once it is verified, what else is waited for says nothing of it. */
export const orGiveUpLost = orGiveUp(isLostReplacement);
