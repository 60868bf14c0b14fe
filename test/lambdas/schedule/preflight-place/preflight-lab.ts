/** An account whose fleet is judged before anything of it is registered. */
import {
  preflightJsonSchema,
  preflightSubjectPageSchema,
  startedPreflightSchema,
} from "../../../../lambdas/api/schemas/preflight.ts";
import { openAccount, type LabAccount } from "../../../../local/lab/account.ts";
import { smallMarket } from "../../../../local/lab/small-market.ts";

export const region = "us-east-1";

const minuteMs = 60_000;

export const openFleet = (): Promise<LabAccount> =>
  openAccount({
    market: smallMarket,
    seed: 1,
    startMs: Date.parse("2026-03-02T09:00:00Z"),
    region,
    version: "0.0.0",
    name: "Fleet",
  });

/** A preflight and what it has found, with the calls that it made in the customer's account. @throws Error where its function failed */
export const runPreflight = async ({ api, accountId, clock, platform }: LabAccount) => {
  const before = platform.cloud.journal.length;
  const { preflight_id: id } = await api.post("/preflight", startedPreflightSchema, {
    account_id: accountId,
  });
  await clock.run({ atMostMs: clock.now() + 5 * minuteMs });
  const [failure] = platform.events.failures;
  if (failure !== undefined) throw new Error(JSON.stringify(failure));
  const shown = await api.get(`/preflight/${id}`, preflightJsonSchema);
  const { items } = await api.get(`/preflight/${id}/subjects`, preflightSubjectPageSchema);
  const calls = platform.cloud.journal
    .slice(before)
    .filter((entry) => entry.accountId === accountId);
  return { id, shown, items, calls };
};
