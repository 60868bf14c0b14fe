import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { measure, type MeasureFacts } from "../../../core/decide/measures.ts";
import type { Evaluation } from "../../../core/model/evaluation.ts";
import { termNames, type Terms } from "../../../core/model/ledger/day.ts";
import { measureNames, type MeasureName } from "../../../core/model/measure.ts";
import type { PlaceStanding } from "../../../core/model/place-standing.ts";
import { ledgerMonth } from "../../adapters/store/stored-items/ledger-samples.ts";

const now = new Date("2026-03-02T12:00:00.000Z");
const before = (minutes: number): string =>
  new Date(now.getTime() - minutes * 60_000).toISOString();

const known = { nanoUsd: 0n, source: "priced", unknownNanoUsd: 0n, unboundedSeconds: 0 } as const;
const billion = 1_000_000_000n;

/** USD that would have been paid, and that may have been paid for what ran. */
const termsOf = (would: bigint, unknown: bigint): Terms => ({
  ...(Object.fromEntries(termNames.map((name) => [name, known])) as Terms),
  would: { ...known, nanoUsd: would * billion },
  ran: { ...known, unknownNanoUsd: unknown * billion },
});

/** As much of one as is measured. */
const evaluation = (members: Partial<Evaluation>): Evaluation => members as Evaluation;
const place = (members: Partial<PlaceStanding>): PlaceStanding => members as PlaceStanding;

const measured = (facts: Partial<MeasureFacts>) => {
  const measures = measure({
    now,
    since: new Date(now.getTime() - 15 * 60_000),
    open: [],
    recent: [],
    places: [],
    dueSince: undefined,
    expiries: [],
    pricesAsOf: [],
    leavingSince: [],
    months: [],
    ledgerReadAt: [],
    spot: { standing: [], losses: [], refused: [] },
    governance: { waste: [], enforced: [] },
    ...facts,
  });
  return (name: MeasureName) =>
    measures.filter((each) => each.name === name).map(({ value }) => value);
};

describe("what is measured", () => {
  it("is 0 where nothing waits, so that each alarm ends by itself", () => {
    const value = measured({});
    for (const name of ["NeedsOperator", "LastSweepSeconds", "PriceAgeHours"] as const) {
      expect(value(name)).toEqual([0]);
    }
    expect(value("Ended")).toEqual([]);
  });

  it("counts an evaluation once, in the period in which it ended", () => {
    const recent = [
      evaluation({
        status: "SWITCHED",
        startedAt: before(40),
        endedAt: before(10),
        downtimeSeconds: 90,
        estimatedSavings: { hourlyUsd: 0.1, monthlyUsd: 73, percent: 60 },
      }),
      evaluation({ status: "STAYED", startedAt: before(60), endedAt: before(20) }),
    ];
    const value = measured({ recent });
    expect(value("Ended")).toEqual([1]);
    expect(value("SwitchSeconds")).toEqual([1800]);
    expect(value("DowntimeSeconds")).toEqual([90]);
    expect(value("SavedMonthlyUsd")).toEqual([73]);
  });

  it("tells how long what waits for a person has waited, whenever it ended", () => {
    const recent = [
      evaluation({ status: "NEEDS_OPERATOR", startedAt: before(600), endedAt: before(500) }),
    ];
    const value = measured({ recent });
    expect(value("NeedsOperator")).toEqual([1]);
    expect(value("OldestNeedsOperatorSeconds")).toEqual([500 * 60]);
  });

  it("takes the sweep for alive while any place is swept, and names those that fail", () => {
    const failure = { error: "RetryableThrottled", cause: "Rate exceeded", since: before(90) };
    const places = [place({ sweptAt: before(3) }), place({ sweptAt: before(90), failure })];
    const value = measured({ places });
    expect(value("LastSweepSeconds")).toEqual([180]);
    expect(value("FailingPlaces")).toEqual([1]);
    expect(value("ThrottledPlaces")).toEqual([1]);
  });

  it("states what the month has saved, its lower end, beside what is unknown of it", () => {
    const months = [
      { ...ledgerMonth, terms: termsOf(4n, 1n) },
      { ...ledgerMonth, terms: termsOf(4n, 0n) },
    ];
    const value = measured({ months, ledgerReadAt: [before(5), before(90)] });
    expect(value("NetSavedUsd")).toEqual([7]);
    expect(value("UnknownSharePercent")).toEqual([12.5]);
    expect(value("LastLedgerReadingSeconds")).toEqual([90 * 60]);
  });

  it("counts approvals in their last four hours", () => {
    const value = measured({ expiries: [before(-239), before(-241)] });
    expect(value("ApprovalsExpiring")).toEqual([1]);
  });

  it("takes of what ended within the day how much fell back", () => {
    const recent = [
      evaluation({ status: "FELL_BACK", startedAt: before(90), endedAt: before(60) }),
      evaluation({ status: "SWITCHED", startedAt: before(90), endedAt: before(80) }),
      evaluation({ status: "SWITCHED", startedAt: before(1600), endedAt: before(1500) }),
    ];
    expect(measured({ recent })("FallbackSharePercent")).toEqual([50]);
  });
});

describe("the page of operations", () => {
  it("says of each metric what it is", () => {
    const page = readFileSync(new URL("../../../docs/operations.md", import.meta.url), "utf8");
    for (const name of measureNames) expect(page).toContain(`\`${name}\``);
  });
});
