/**
 * What AWS tells of Spot in a customer's account, as it is kept. It is read from an event's `detail`, `account`, `region` and `time` alone:
 * its resources are spelled in several ways, and nothing irreversible rests on an event by itself.
 */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { accountIdSchema, instanceIdSchema } from "./ids.ts";
import { regionSchema } from "./partition.ts";

/** What EC2 does at the end of the notice. Of what hibernates the notice comes as it begins. */
export const interruptionActionSchema = z.enum(["terminate", "stop", "hibernate"]);

/** So far AWS's clock and ours are ever thought to differ. */
export const clocksApartMs = 15 * 60_000;

const head = {
  accountId: accountIdSchema,
  region: regionSchema,
  /** When it happened, ISO 8601, by AWS's clock: the event's own time. */
  at: z.iso.datetime(),
  /** When it was stored, by ours. */
  receivedAt: z.iso.datetime(),
};

export const spotEventSchema = atFirstUse(() =>
  z.discriminatedUnion("kind", [
    z.strictObject({
      ...head,
      kind: z.literal("INTERRUPTION_WARNING"),
      instanceId: instanceIdSchema,
      action: interruptionActionSchema,
    }),
    z.strictObject({
      ...head,
      kind: z.literal("REBALANCE_RECOMMENDATION"),
      instanceId: instanceIdSchema,
    }),
    z.strictObject({
      ...head,
      kind: z.literal("STATE_CHANGE"),
      instanceId: instanceIdSchema,
      state: z.enum(["shutting-down", "terminated"]),
    }),
    z.strictObject({
      ...head,
      kind: z.literal("TERMINATE_HOOK"),
      instanceId: instanceIdSchema,
      asgName: z.string().min(1),
      hookName: z.string().min(1),
      /** By which the hook's action is completed. */
      token: z.string().min(1),
    }),
    z.strictObject({
      ...head,
      kind: z.literal("FIS_EXPERIMENT"),
      experimentId: z.string().min(1),
      /** As FIS spells it: `running`, `completed` … */
      status: z.string().min(1),
    }),
  ]),
);

export type SpotEvent = Readonly<z.infer<ReturnType<typeof spotEventSchema>>>;
export type SpotEventOf<Kind extends SpotEvent["kind"]> = Extract<
  SpotEvent,
  { readonly kind: Kind }
>;
