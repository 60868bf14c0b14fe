/** Who waits to launch in an account's region after EC2 has announced what it takes, and which calls were made there: items of one queue. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { evaluationIdSchema } from "./ids.ts";

/** Calls that launch, each with a bucket of its own in an account and region. */
const launchCalls = ["CreateFleet", "RunInstances"] as const;
export type LaunchCall = (typeof launchCalls)[number];

const waiterSchema = z.strictObject({
  kind: z.literal("WAITER"),
  evaluationId: evaluationIdSchema,
  /** When the evaluation began. ISO 8601 */
  at: z.iso.datetime(),
  /** Nothing else of its load serves: one instance, or the last members of a group. */
  standsAlone: z.boolean(),
  /** From its last launch until its checks had passed; 0 where nobody saw that. */
  bootSeconds: z.number().nonnegative(),
});

const callSchema = z.strictObject({
  kind: z.literal("CALL"),
  evaluationId: evaluationIdSchema,
  /** Right before it was made. ISO 8601 */
  at: z.iso.datetime(),
  call: z.enum(launchCalls),
});

export const launchTurnSchema = atFirstUse(() =>
  z.discriminatedUnion("kind", [waiterSchema, callSchema]),
);
export type LaunchTurn = Readonly<z.infer<ReturnType<typeof launchTurnSchema>>>;
export type LaunchWaiter = Readonly<z.infer<typeof waiterSchema>>;
