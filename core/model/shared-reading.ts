/** What one of many recoveries has read of EC2 for all of its account and region. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { evaluationIdSchema } from "./ids.ts";
import type { CheckStatus, InstanceHealth, InstanceState } from "./instance.ts";

const states = [
  "pending",
  "running",
  "stopping",
  "stopped",
  "shutting-down",
  "terminated",
] as const satisfies readonly InstanceState[];

const checks = [
  "ok",
  "impaired",
  "initializing",
  "insufficient-data",
  "not-applicable",
  "unknown",
] as const satisfies readonly CheckStatus[];

/** The health of one, and since when its Spot request has its status. */
export interface SharedHealth extends InstanceHealth {
  /** ISO 8601; absent where EC2 does not say. */
  readonly spotStatusSince?: string;
}

export const sharedReadingSchema = atFirstUse(() => {
  const check = z.enum(checks);
  return z.strictObject({
    /** Right before its first call: what was caused by then it may show, and nothing that came after its end. ISO 8601 */
    beganAt: z.iso.datetime(),
    /** Of all that were asked for, those too that EC2 does not show: they have no state. */
    healths: z.array(
      z.strictObject({
        instanceId: z.string(),
        state: z.enum(states).exactOptional(),
        stateReason: z.string().exactOptional(),
        system: check,
        instance: check,
        attachedEbs: check,
        spotStatus: z.string().exactOptional(),
        spotStatusSince: z.iso.datetime().exactOptional(),
      }),
    ),
  });
});
export interface SharedReading {
  readonly beganAt: string;
  readonly healths: readonly SharedHealth[];
}

/** Who reads for all at present. */
export const readingLeadSchema = atFirstUse(() =>
  z.strictObject({
    evaluationId: evaluationIdSchema,
    /** From then on another may, whether this one has come to its end or not. ISO 8601 */
    until: z.iso.datetime(),
  }),
);
export type ReadingLead = Readonly<z.infer<ReturnType<typeof readingLeadSchema>>>;
