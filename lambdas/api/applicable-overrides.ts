/** Refuses overrides that would change nothing, each by the name of its field. */
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import { limitName } from "../../core/policy/limit-name.ts";
import { inapplicableOverrides, type PolicyOverrides } from "../../core/policy/policy.ts";
import { invalid } from "./problem.ts";

/** Throws the problem 422 naming every limit that does not apply to the mode. */
export const requireApplicable = (
  mode: PipelineMode,
  overrides: PolicyOverrides,
): PolicyOverrides => {
  const faults = inapplicableOverrides(mode, overrides).map((key) => ({
    field: `policy_overrides.${limitName(key)}`,
    message: `does not apply to pipeline_mode ${mode}`,
  }));
  if (faults.length > 0) throw invalid("body", faults);
  return overrides;
};
