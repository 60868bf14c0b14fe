/** A record from before a limit was there: the default of its mode leaves things as they were. */
import type { Evaluation } from "../../core/model/evaluation.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import { effectivePolicy, type Policy } from "../../core/policy/policy.ts";

const known = new Map<PipelineMode, Policy>();

const defaultsOf = (mode: PipelineMode): Policy => {
  const defaults = known.get(mode) ?? effectivePolicy(mode);
  known.set(mode, defaults);
  return defaults;
};

/**
 * For readers of ended evaluations. Steps need it not: an execution keeps the version of its functions, which wrote the record with
 * all limits that they know.
 */
export const withAllLimits = (evaluation: Evaluation): Evaluation => ({
  ...evaluation,
  policy: { ...defaultsOf(evaluation.mode), ...evaluation.policy },
});
