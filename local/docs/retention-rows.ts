/** Every kind of item of the state table: how its keys begin, how long it is kept, and how many there are of a fleet after a year. */
import { keptSeconds } from "../../adapters/store/retention.ts";

/** Of the fleet for which the table is reckoned. */
export const fleet = {
  targets: 10_000,
  accounts: 20,
  regions: 4,
  /** An account in a region. */
  places: 40,
  /** Of each target in a year: EC2 takes some back, and Spot prices move. */
  switches: 12,
} as const;

/** `SIZE_OF_SWITCH`, `SIZE_OF_MARKET`: measured by the bench; otherwise the mean of the samples of stored items. */
type Measured = "SIZE_OF_SAMPLES" | "SIZE_OF_SWITCH" | "SIZE_OF_MARKET";

export interface RetentionRow {
  readonly what: string;
  /** How partition and sort key of its items begin: `LEDGER#` and `ENDED#`. */
  readonly keys: readonly (readonly [partition: string, sort: string])[];
  /** Words, or seconds after which DynamoDB clears it away. */
  readonly kept: string | number;
  /** From when the seconds count. */
  readonly after?: string;
  /** After a year, or as many as there ever are at once. */
  readonly count: number;
  readonly size?: Measured;
}

const { targets, accounts, regions, places, switches } = fleet;
const year = 365;
const perDay = (days: number): number => Math.min(days, year) * targets;

const ofTargets: readonly RetentionRow[] = [
  { what: "targets", keys: [["TARGET#", "RECORD"]], kept: "until deleted", count: targets },
  {
    what: "claims on instances and groups, maxima that are raised",
    keys: [
      ["INSTANCE#", ""],
      ["GROUP#", ""],
      ["NODE_GROUP#", ""],
    ],
    kept: "as long as the target",
    count: targets,
  },
  {
    what: "who set its policy",
    keys: [["POLICY_SETTER#", ""]],
    kept: "as long as the target",
    count: targets,
  },
  {
    what: "last verdicts, with what the sweep last saw",
    keys: [
      ["JUDGED#", ""],
      ["LOOK#", ""],
    ],
    kept: "as long as the target",
    count: 2 * targets,
  },
  {
    what: "runs of alike verdicts that have ended",
    keys: [["TARGET#", "RUN#"]],
    kept: "for good",
    count: switches * targets,
  },
  {
    what: "rows of the fleet's table, places of it, and what is new since a sweep",
    keys: [
      ["FLEET_ROWS#", ""],
      ["FLEET", ""],
    ],
    kept: "as long as an account is connected",
    count: places + targets / 100,
  },
  {
    what: "facts on which verdicts of sweeps rest",
    keys: [["JUDGED_ON#", ""]],
    kept: "for good",
    count: switches * targets,
  },
  {
    what: "back-offs, and targets that readings do not show",
    keys: [
      ["BACKOFF#", ""],
      ["ABSENT#", ""],
    ],
    kept: "until that is over",
    count: targets / 100,
  },
];

const ofSwitches: readonly RetentionRow[] = [
  {
    what: "evaluations: record, facts, offers, swaps, what its steps saw, intents, effects",
    keys: [["EVALUATION#", ""]],
    kept: "for good",
    count: switches * targets,
    size: "SIZE_OF_SWITCH",
  },
  { what: "leases, with their fences", keys: [["LEASE#", ""]], kept: "for good", count: targets },
  { what: "approvals", keys: [["APPROVAL#", ""]], kept: "for good", count: targets },
  { what: "audit trail", keys: [["AUDIT", ""]], kept: "for good", count: 5 * targets },
  {
    what: "Idempotency-Keys",
    keys: [["REQUEST#", ""]],
    kept: keptSeconds.requests,
    after: "the request",
    count: targets,
  },
  {
    what: "Spot Instances of targets",
    keys: [["SPOT#", ""]],
    kept: "as long as they run",
    count: targets,
  },
  {
    what: "what EventBridge told",
    keys: [["TOLD#", ""]],
    kept: keptSeconds.spotEvents,
    after: "it came",
    count: 5 * targets,
  },
  {
    what: "turns of a storm",
    keys: [["TURN#", ""]],
    kept: keptSeconds.launchTurns,
    after: "it was taken",
    count: targets,
  },
  {
    what: "shared readings of a storm",
    keys: [
      ["SHARED#", "ASKED#"],
      ["SHARED#", "HEALTHS"],
    ],
    kept: keptSeconds.sharedReadings,
    after: "they were read",
    count: targets,
  },
];

const ofLedger: readonly RetentionRow[] = [
  {
    what: "spans that go on",
    keys: [["LEDGER#", "OPEN#"]],
    kept: "as long as they go on",
    count: targets,
  },
  {
    what: "spans that have ended",
    keys: [["LEDGER#", "ENDED#"]],
    kept: keptSeconds.ledgerSpans,
    after: "their end",
    count: switches * targets,
  },
  {
    what: "what is written in our snapshots",
    keys: [["LEDGER#", "SNAPSHOT#"]],
    kept: keptSeconds.ledgerSnapshots,
    after: "it was read",
    count: 2 * switches * targets,
  },
  {
    what: "days of the savings ledger",
    keys: [["LEDGER_OF#", "DAY#"]],
    kept: keptSeconds.ledgerDays,
    after: "it was stated",
    count: perDay(400),
  },
  {
    what: "months of the savings ledger",
    keys: [["LEDGER_MONTH#", ""]],
    kept: keptSeconds.ledgerDays,
    after: "it was stated",
    count: 12 * targets,
  },
  {
    what: "hours of the savings ledger, a day in one",
    keys: [["LEDGER_HOURS#", ""]],
    kept: keptSeconds.ledgerHours,
    after: "the day",
    count: perDay(130),
  },
  {
    what: "months of shadow mode",
    keys: [["LEDGER_SHADOW#", ""]],
    kept: "for good",
    count: 12 * targets,
  },
  {
    what: "standings of the ledger, and its prices",
    keys: [
      ["LEDGER_PLACES", ""],
      ["LEDGER_PRICES#", ""],
    ],
    kept: "as long as a target is there",
    count: places + regions,
  },
];

const ofMarkets: readonly RetentionRow[] = [
  {
    what: "markets, of which a replay needs each",
    keys: [["MARKET#", ""]],
    kept: "for good",
    // At most: one for each sweep, every 15 minutes, in which a Spot price has changed.
    count: 96 * year * regions,
    size: "SIZE_OF_MARKET",
  },
  { what: "risk models", keys: [["MODEL#", ""]], kept: "for good", count: 10 },
  {
    what: "losses and refusals of pools",
    keys: [
      ["POOL#", "LOSS#"],
      ["POOL#", "REFUSAL#"],
      ["POOL#", "REPORT#"],
    ],
    kept: "for good",
    count: 2 * switches * targets,
  },
  {
    what: "quarantines, and what commitments cover of pools",
    keys: [
      ["POOL#", "QUARANTINE#"],
      ["POOL#", "COST#"],
    ],
    kept: "until lifted, or read anew",
    count: 500 * regions,
  },
];

const ofAccounts: readonly RetentionRow[] = [
  {
    what: "accounts, with settings, standings and budgets of calls",
    keys: [["ACCOUNT#", ""]],
    kept: "until the account leaves",
    count: 9 * places,
  },
  {
    what: "switches that go on, accounts that leave, watched Spot requests, who leads a reading",
    keys: [
      ["SWITCHING#", ""],
      ["OFF_BOARDING", ""],
      ["WATCHED", ""],
      ["SHARED#", "LEAD"],
    ],
    kept: "until the account leaves",
    count: 4 * places,
  },
  {
    what: "preflights",
    keys: [["PREFLIGHT#", ""]],
    kept: "for good",
    count: 36 * accounts,
  },
  {
    what: "findings of waste and scans",
    keys: [["WASTE#", ""]],
    kept: keptSeconds.wasteFindings,
    after: "it was closed; until then for good",
    count: targets,
  },
  {
    what: "findings of the enforcer, and its standings",
    keys: [
      ["ENFORCER#", ""],
      ["ENFORCER_PLACES", ""],
    ],
    kept: "until it has an owner, or is gone",
    count: targets / 20,
  },
  {
    what: "what nothing claims, and when a place was read",
    keys: [
      ["UNCLAIMED#", ""],
      ["UNCLAIMED_READINGS", ""],
    ],
    kept: "until it is claimed or gone",
    count: targets / 100,
  },
  {
    what: "messages of notices",
    keys: [["NOTICE#", ""]],
    kept: keptSeconds.messages,
    after: "it was told last",
    count: 3 * targets,
  },
  {
    what: "what is to be told",
    keys: [["OUTBOX", ""]],
    kept: "until it is in a message",
    count: targets / 100,
  },
  {
    what: "one of each: deployment, kill switches, restore, void approvals, ends to be told",
    keys: [
      ["DEPLOYMENT", ""],
      ["KILL_SWITCH#", ""],
      ["RESTORE", ""],
      ["APPROVALS_VOID", ""],
      ["ENDS_TOLD", ""],
    ],
    kept: "for good",
    count: 5 + accounts,
  },
];

export const retentionRows: readonly RetentionRow[] = [
  ...ofTargets,
  ...ofSwitches,
  ...ofLedger,
  ...ofMarkets,
  ...ofAccounts,
];
