/** An account that is on its way out: what its owner has decided about it, and what that still waits for. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { accountIdSchema } from "./ids.ts";

export const offBoardingSchema = atFirstUse(() =>
  z.strictObject({
    accountId: accountIdSchema,
    /** Hash of the plan that was agreed to. */
    plan: z.string(),
    /** ARN of who has agreed to it. */
    by: z.string(),
    at: z.iso.datetime(),
    /** Ids of the originals and images that are ended; all others are kept. */
    end: z.array(z.string()),
    /** False: its role could not be assumed, so that nothing is done in the account. */
    isReachable: z.boolean(),
    /** In sentences, as it was worked on last. */
    waitsFor: z.array(z.string()),
    workedAt: z.iso.datetime().exactOptional(),
  }),
);
export type OffBoarding = Readonly<z.infer<ReturnType<typeof offBoardingSchema>>>;
