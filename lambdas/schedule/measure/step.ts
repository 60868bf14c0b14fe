/** Measure: reads from the table how evaluations have ended since the last time, and how long what waits has waited. */
import * as z from "zod";
import { listAllEvaluations } from "../../../adapters/store/all-evaluations.ts";
import { listAllAccounts } from "../../../adapters/store/accounts.ts";
import { listApprovals } from "../../../adapters/store/approvals.ts";
import { listDueIntents } from "../../../adapters/store/intents.ts";
import { listLedgerMonths } from "../../../adapters/store/ledger-days.ts";
import { listLedgerPlaces } from "../../../adapters/store/ledger-places.ts";
import { currentMarket } from "../../../adapters/store/markets.ts";
import { listOffBoardings } from "../../../adapters/store/off-boardings.ts";
import { listPlaceStandings } from "../../../adapters/store/place-standings.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { standingOf } from "../../../core/approval/standing.ts";
import { measure, type MeasureFacts } from "../../../core/decide/measures.ts";
import { monthOf } from "../../../core/ledger/sum-month.ts";
import type { Account } from "../../../core/model/account.ts";
import { dueTimeOf } from "../../../core/model/intent.ts";
import { measureDimensions, measureNames } from "../../../core/model/measure.ts";
import { approvalView } from "../../evaluation/approval-record.ts";
import type { Step } from "../../runtime/step.ts";
import { readGovernance } from "./governance.ts";
import { readSpot } from "./spot.ts";

/** As often as it is called. */
const periodMs = 15 * 60_000;
/** No evaluation takes longer, and none that waits for a person is forgotten within a week. */
const recentMs = 7 * 24 * 3_600_000;
const largestPage = 100;

/** The newest page: approvals hold for days, and those that are waited for are few. */
const readExpiries = async (table: Table, now: Date): Promise<readonly string[]> => {
  const view = await approvalView(table, now);
  const { items } = await listApprovals(table, { limit: largestPage });
  return items
    .filter((approval) => standingOf(approval, view) === "PENDING")
    .map(({ expiresAt }) => expiresAt);
};

/** Of Linux, which is what most of a region's evaluations rest on. */
const readPricesAsOf = async (
  table: Table,
  accounts: readonly Account[],
): Promise<readonly string[]> => {
  const regions = [...new Set(accounts.flatMap((account) => account.regions))];
  const markets = await Promise.all(
    regions.map((region) => currentMarket(table, { region, product: "Linux/UNIX" })),
  );
  return markets.flatMap((market) => market?.asOf ?? []);
};

/** Of what is connected: of nothing else anything is read any longer. */
const readLedgerAges = async (
  table: Table,
  accounts: readonly Account[],
): Promise<readonly string[]> =>
  (await listLedgerPlaces(table))
    .filter((place) =>
      accounts.some(
        ({ accountId, regions }) => accountId === place.accountId && regions.includes(place.region),
      ),
    )
    .map(({ readAt }) => readAt);

const readFacts = async (table: Table, now: Date): Promise<MeasureFacts> => {
  const accounts = (await listAllAccounts(table)).filter(({ status }) => status === "ACTIVE");
  const places = accounts.map(({ accountId }) => listPlaceStandings(table, accountId));
  const from = new Date(now.getTime() - recentMs).toISOString();
  const [due] = await listDueIntents(table, { now, limit: 1 });
  const leaving = await listOffBoardings(table);
  const since = new Date(now.getTime() - periodMs);
  const recent = await listAllEvaluations(table, { from });
  return {
    now,
    since,
    open: [
      ...(await listAllEvaluations(table, { status: "PENDING" })),
      ...(await listAllEvaluations(table, { status: "RUNNING" })),
    ],
    recent,
    places: (await Promise.all(places)).flat(),
    dueSince: due === undefined ? undefined : dueTimeOf(due.intent),
    expiries: await readExpiries(table, now),
    pricesAsOf: await readPricesAsOf(table, accounts),
    leavingSince: leaving.map(({ at }) => at),
    months: await listLedgerMonths(table, { month: monthOf(now.toISOString()) }),
    ledgerReadAt: await readLedgerAges(table, accounts),
    spot: await readSpot(table, { accounts, recent, since, now }),
    governance: await readGovernance(table, accounts),
  };
};

const outputSchema = z.object({
  kind: z.literal("MEASURED"),
  measures: z.array(
    z.object({
      name: z.enum(measureNames),
      value: z.number(),
      by: z.object({ name: z.enum(measureDimensions), value: z.string() }).exactOptional(),
    }),
  ),
});

export const measureStep: Step<unknown, z.infer<typeof outputSchema>> = {
  name: "measure",
  clients: [],
  input: z.unknown(),
  output: outputSchema,
  run: async ({ table, now }) => ({
    kind: "MEASURED",
    measures: [...measure(await readFacts(table, now()))],
  }),
};
