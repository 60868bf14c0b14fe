/** What goes on in an account by way of switches: those that run, those that were rolled back, and whether new ones may begin. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { evaluationIdSchema } from "./ids.ts";
import { regionSchema } from "./partition.ts";

const runningSwitchSchema = atFirstUse(() =>
  z.strictObject({
    evaluationId: evaluationIdSchema,
    region: regionSchema,
    /** Of its subject: while the evaluation holds it, it is alive. */
    leaseResource: z.string(),
    takenAt: z.iso.datetime(),
    /** What runs or is reserved only while it goes on. */
    extraHourlyUsd: z.number().nonnegative(),
    /** The On-Demand Instance that it takes away: what is reserved for it is free then. Absent in switches of before. */
    leaves: z
      .strictObject({ instanceId: z.string(), instanceType: z.string(), product: z.string() })
      .exactOptional(),
  }),
);
export type RunningSwitch = Readonly<z.infer<ReturnType<typeof runningSwitchSchema>>>;

const rolledBackSchema = atFirstUse(() =>
  z.strictObject({
    evaluationId: evaluationIdSchema,
    at: z.iso.datetime(),
    /** Reason of the outcome: the name of the error. */
    error: z.string(),
    /** The load was down, or still is: the roll-back did not come to its end. */
    wasDown: z.boolean(),
  }),
);
export type RolledBack = Readonly<z.infer<ReturnType<typeof rolledBackSchema>>>;

const haltSchema = atFirstUse(() =>
  z.strictObject({
    at: z.iso.datetime(),
    error: z.string(),
    evaluationIds: z.array(evaluationIdSchema),
  }),
);
export type Halt = Readonly<z.infer<ReturnType<typeof haltSchema>>>;

export const switchingSchema = atFirstUse(() =>
  z.strictObject({
    running: z.array(runningSwitchSchema()),
    /** Those of the last hour. */
    rolledBack: z.array(rolledBackSchema()),
    /** Until a person resets it, no switch begins. */
    halt: haltSchema().exactOptional(),
    /** First switch in each region. */
    beganAt: z.record(regionSchema, z.iso.datetime()),
  }),
);
export type Switching = Readonly<z.infer<ReturnType<typeof switchingSchema>>>;

export const noSwitching: Switching = { running: [], rolledBack: [], beganAt: {} };
