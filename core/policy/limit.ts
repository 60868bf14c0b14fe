/** One limit that an operator may set: its schema with the default, and unit, reason and modes in `meta`. */
import type * as z from "zod";
import type { PipelineMode } from "../model/pipeline-mode.ts";

export const everyMode = ["LINEAR", "CLUSTER", "KUBERNETES"] as const satisfies PipelineMode[];

/** Many instances that are alike. */
export const fleetModes = ["CLUSTER", "KUBERNETES"] as const satisfies PipelineMode[];

interface LimitMeta {
  readonly unit: string;
  readonly reason: string;
  /** In which the limit is read; in the others an override is refused. */
  readonly modes: readonly PipelineMode[];
}

export const limit = <T extends z.ZodType>(schema: T, { unit, reason, modes }: LimitMeta): T =>
  schema.meta({ unit, description: reason, modes });
