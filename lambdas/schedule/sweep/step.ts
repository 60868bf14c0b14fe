/**
 * Sweep: hands each account and region that is to be looked at to a run of "sweep-place" of its own, tells which accounts are halted, and ends
 * evaluations whose start was cut off. It judges nothing itself, so that no place waits for another.
 */
import type { LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { invokeLater } from "../../../adapters/aws/lambda.ts";
import { listAllAccounts } from "../../../adapters/store/accounts.ts";
import type { Place } from "../../../core/model/place.ts";
import type { StartContext } from "../../evaluation/start.ts";
import type { Log } from "../../runtime/log.ts";
import type { Step } from "../../runtime/step.ts";
import { oneByOne, type OneByOne } from "../one-by-one.ts";
import { settleCutOff } from "./cut-off.ts";
import { tellHalted } from "./halted.ts";
import { findPlaces } from "./places.ts";

export interface SweepContext extends StartContext {
  readonly log: Log;
  readonly lambda: LambdaClient;
  /** ARN of the function that sweeps one place. */
  readonly placeSweeperArn: string;
}

const outputSchema = z.object({
  kind: z.literal("SWEPT"),
  summary: z.string(),
  /** Accounts and regions that were handed on. */
  places: z.int(),
  failed: z.int(),
  /** Cut off before their workflow was started. */
  ended: z.int(),
});
type Output = z.infer<typeof outputSchema>;

const handOn = async (
  { lambda, placeSweeperArn: functionArn }: SweepContext,
  { places, turns }: { readonly places: readonly Place[]; readonly turns: OneByOne },
): Promise<number> => {
  let handed = 0;
  for (const place of places) {
    const { accountId, region } = place;
    const name = `${region} of account ${accountId} is not swept before the next sweep`;
    const done = await turns.attempt({ name, keys: { accountId, region } }, async () => {
      await invokeLater(lambda, { functionArn, event: place });
      return true;
    });
    if (done === true) handed += 1;
  }
  return handed;
};

const summaryOf = ({ places, failed, ended }: Omit<Output, "kind" | "summary">): string =>
  `${String(places)} places handed on, ${String(failed)} failed` +
  (ended === 0 ? "." : `, ${String(ended)} evaluations that were cut off ended.`);

export const sweepStep: Step<unknown, Output, SweepContext> = {
  name: "sweep",
  clients: [],
  input: z.unknown(),
  output: outputSchema,
  run: async (context) => {
    const turns = oneByOne(context);
    const accounts = await listAllAccounts(context.table);
    const places = await findPlaces(context, accounts);
    const handed = await handOn(context, { places, turns });
    await tellHalted(context, accounts, turns);
    const ended = await settleCutOff(context, turns);
    turns.finish();
    const counts = { places: handed, failed: places.length - handed, ended };
    return { kind: "SWEPT", summary: summaryOf(counts), ...counts };
  },
};
