/** On-Demand prices of one product in a region, each with the day from which it holds: the list tells those of now alone. */
import * as z from "zod";
import { atFirstUse } from "../../at-first-use.ts";

const datedUsdSchema = z.strictObject({
  since: z.iso.datetime(),
  hourlyUsd: z.number().positive(),
});

/** By type, oldest first. */
export const keptPricesSchema = atFirstUse(() =>
  z.strictObject({ types: z.record(z.string(), z.array(datedUsdSchema)) }),
);
export type KeptPrices = Readonly<z.infer<ReturnType<typeof keptPricesSchema>>>;
