/** The defaults of a limit for those who show them: one where all modes agree, else each with its modes. */
import type { PipelineMode } from "../model/pipeline-mode.ts";
import { atFirstUse } from "../at-first-use.ts";
import { canonicalJson } from "../canonical.ts";
import { everyMode } from "./limit.ts";
import { effectivePolicy, modesOf, type Policy } from "./policy.ts";

export interface LimitDefault {
  readonly modes: readonly PipelineMode[];
  readonly value: unknown;
}

/** A policy is parsed for it, and has some fifty limits. */
const defaults = atFirstUse(
  () => new Map(everyMode.map((mode): [PipelineMode, Policy] => [mode, effectivePolicy(mode)])),
);

/** In the order of the modes; only of those to which the limit applies. */
export const defaultsOfLimit = (key: keyof Policy): readonly LimitDefault[] => {
  const found = modesOf(key).map((mode) => ({ mode, value: defaults().get(mode)?.[key] }));
  const groups = Map.groupBy(found, ({ value }) => canonicalJson(value));
  return [...groups.values()].map((alike) => ({
    modes: alike.map(({ mode }) => mode),
    value: alike[0]?.value,
  }));
};
