/** What is measured of the product every quarter of an hour: how its evaluations end, and how long what waits has waited. */
import { nanoPerUsd } from "../ledger/money.ts";
import { addAllTerms, netOf, unknownShareOf } from "../ledger/terms.ts";
import type { Evaluation } from "../model/evaluation.ts";
import type { LedgerMonth } from "../model/ledger/day.ts";
import type { Measure } from "../model/measure.ts";
import type { PlaceStanding } from "../model/place-standing.ts";
import { measuresOfGovernance, type GovernanceFacts } from "./measures-of-governance.ts";
import { measuresOfSpot, type SpotFacts } from "./measures-of-spot.ts";

export interface MeasureFacts {
  readonly now: Date;
  /** Evaluations that ended after that are counted. */
  readonly since: Date;
  /** Begun of late, and not ended. */
  readonly open: readonly Evaluation[];
  readonly recent: readonly Evaluation[];
  /** Of accounts that are ACTIVE. */
  readonly places: readonly PlaceStanding[];
  /** Since when the longest due intent is due. ISO 8601; undefined: nothing is. */
  readonly dueSince: string | undefined;
  /** When approvals that are waited for expire. ISO 8601 */
  readonly expiries: readonly string[];
  /** When the oldest part of each market was fetched. ISO 8601 */
  readonly pricesAsOf: readonly string[];
  /** Since when accounts are on their way out. ISO 8601 */
  readonly leavingSince: readonly string[];
  /** The current month of every target. */
  readonly months: readonly LedgerMonth[];
  /** When the last reading of what runs began in each place. ISO 8601 */
  readonly ledgerReadAt: readonly string[];
  /** What ended within the last day is taken of `recent`. */
  readonly spot: Omit<SpotFacts, "ended">;
  readonly governance: GovernanceFacts;
}

/** Time enough to be asked for anew within a working day. */
const expiringMs = 4 * 3_600_000;
const secondsPerHour = 3600;
const dayMs = 24 * secondsPerHour * 1000;

const secondsSince = (at: string, now: Date): number =>
  Math.max(0, Math.round((now.getTime() - Date.parse(at)) / 1000));

/** 0 where nothing waits: an alarm that is fed by it ends by itself. */
const oldest = (instants: readonly string[], now: Date): number =>
  Math.max(0, ...instants.map((at) => secondsSince(at, now)));

const ofEnded = (evaluation: Evaluation, endedAt: string): readonly Measure[] => {
  const { status, startedAt, downtimeSeconds, estimatedSavings } = evaluation;
  const took = Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000);
  return [
    { name: "Ended", value: 1, by: { name: "Status", value: status } },
    ...(downtimeSeconds === undefined
      ? []
      : [{ name: "DowntimeSeconds" as const, value: downtimeSeconds }]),
    ...(status === "SWITCHED"
      ? [
          { name: "SwitchSeconds" as const, value: took },
          { name: "SavedMonthlyUsd" as const, value: estimatedSavings?.monthlyUsd ?? 0 },
        ]
      : []),
  ];
};

const ofWaiting = ({ recent, open, now }: MeasureFacts): readonly Measure[] => {
  const waiting = recent.filter(({ status }) => status === "NEEDS_OPERATOR");
  const since = waiting.map(({ endedAt, startedAt }) => endedAt ?? startedAt);
  const begun = open.map(({ startedAt }) => startedAt);
  return [
    { name: "OpenEvaluations", value: open.length },
    { name: "OldestOpenEvaluationSeconds", value: oldest(begun, now) },
    { name: "NeedsOperator", value: waiting.length },
    { name: "OldestNeedsOperatorSeconds", value: oldest(since, now) },
  ];
};

/** Of whichever place was swept last: one that fails is told by its account, and all of them stand still only where the sweep does. */
const ofPlaces = ({ places, now }: MeasureFacts): readonly Measure[] => {
  const errors = places.flatMap(({ failure }) => failure?.error ?? []);
  const ages = places.map(({ sweptAt }) => secondsSince(sweptAt, now));
  return [
    { name: "LastSweepSeconds", value: ages.length === 0 ? 0 : Math.min(...ages) },
    { name: "FailingPlaces", value: errors.length },
    {
      name: "ThrottledPlaces",
      value: errors.filter((error) => error === "RetryableThrottled").length,
    },
  ];
};

/** Of this month so far: the lower end, where it is a range. */
const ofSavings = ({ months, ledgerReadAt, now }: MeasureFacts): readonly Measure[] => {
  const terms = addAllTerms(months.map((month) => month.terms));
  return [
    { name: "NetSavedUsd", value: Number(netOf(terms).lowNanoUsd) / nanoPerUsd },
    { name: "UnknownSharePercent", value: unknownShareOf(terms) * 100 },
    { name: "OwnCostUsd", value: Number(terms.tool.nanoUsd) / nanoPerUsd },
    { name: "LastLedgerReadingSeconds", value: oldest(ledgerReadAt, now) },
  ];
};

export const measure = (facts: MeasureFacts): readonly Measure[] => {
  const { now, since, recent, dueSince, expiries, pricesAsOf, leavingSince } = facts;
  const dayAgo = new Date(now.getTime() - dayMs).toISOString();
  const ended = recent.flatMap((evaluation) => {
    const { endedAt } = evaluation;
    const isNew = endedAt !== undefined && endedAt > since.toISOString();
    return isNew ? ofEnded(evaluation, endedAt) : [];
  });
  const expiring = expiries.filter((at) => Date.parse(at) - now.getTime() < expiringMs);
  return [
    ...ended,
    ...ofWaiting(facts),
    ...ofPlaces(facts),
    { name: "OldestDueSeconds", value: oldest(dueSince === undefined ? [] : [dueSince], now) },
    { name: "ApprovalsExpiring", value: expiring.length },
    { name: "PriceAgeHours", value: oldest(pricesAsOf, now) / secondsPerHour },
    { name: "OldestOffBoardingSeconds", value: oldest(leavingSince, now) },
    ...ofSavings(facts),
    ...measuresOfSpot({
      ...facts.spot,
      ended: recent.filter(({ endedAt = "" }) => endedAt > dayAgo),
    }),
    ...measuresOfGovernance(facts.governance, now),
  ];
};
