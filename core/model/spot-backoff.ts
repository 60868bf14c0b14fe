/** What is remembered of a target whose Spot Instances EC2 has taken: it goes back to Spot by itself only after a while. It stands beside the target. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { evaluationIdSchema, targetIdSchema } from "./ids.ts";

export const spotBackoffSchema = atFirstUse(() =>
  z.strictObject({
    targetId: targetIdSchema,
    /** The last recovery. */
    evaluationId: evaluationIdSchema,
    /** From which the last one was taken. */
    lostPool: z.strictObject({ zoneId: z.string(), instanceType: z.string(), product: z.string() }),
    /** From when on the load was down, or would have been. */
    lostAt: z.iso.datetime(),
    /** How many were lost in a row, each within a day on Spot. */
    losses: z.int().positive(),
    /** When what was launched in its place served: the target's `lastSwitchAt`, as long as it has not been moved since. */
    recoveredAt: z.iso.datetime(),
    /** When the sweep has last begun to bring it back to Spot. */
    returnBegunAt: z.iso.datetime().exactOptional(),
  }),
);
export type SpotBackoff = Readonly<z.infer<ReturnType<typeof spotBackoffSchema>>>;

/** What is known of a target beside where it stands. */
export interface FactsBesideSpot {
  /** Why nothing can be launched On-Demand in the account, as far as its role was verified. Absent: it can, or that does not matter. */
  readonly noFallback?: string;
  /** EC2 has taken Spot Instances of the target. Absent: none, or none is remembered. */
  readonly backoff?: SpotBackoff;
  /** EC2 recommends leaving its Spot Instance, and policy heeds that. */
  readonly isRecommended?: true;
}
