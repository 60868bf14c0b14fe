/** The defaults of a limit for those who show them: one where all modes agree, else each with its modes. */
import type { PipelineMode } from "../model/pipeline-mode.ts";
import { canonicalJson } from "../canonical.ts";
import { effectivePolicy, modesOf, type Policy } from "./policy.ts";

export interface LimitDefault {
  readonly modes: readonly PipelineMode[];
  readonly value: unknown;
}

/** In the order of the modes; only of those to which the limit applies. */
export const defaultsOfLimit = (key: keyof Policy): readonly LimitDefault[] => {
  const found = modesOf(key).map((mode) => ({ mode, value: effectivePolicy(mode)[key] }));
  const groups = Map.groupBy(found, ({ value }) => canonicalJson(value));
  return [...groups.values()].map((alike) => ({
    modes: alike.map(({ mode }) => mode),
    value: alike[0]?.value,
  }));
};
