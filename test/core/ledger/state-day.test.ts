import { describe, expect, it } from "@jest/globals";
import { instanceIdSchema } from "../../../core/model/ids.ts";
import { netOf } from "../../../core/ledger/terms.ts";
import {
  at,
  book,
  day,
  dollars,
  endedAt,
  facts,
  large,
  nextDay,
  since,
  span,
  spot,
  stated,
} from "./samples.ts";
import { stateDay } from "../../../core/ledger/state-day.ts";

const third = instanceIdSchema.parse("i-0000000000000000c");
/** The original is stopped at noon, and its replacement serves from then on. */
const switched = [
  span(endedAt("12:00", "US")),
  span({ state: "STOPPED", startedAt: at("12:00"), stoppedBy: "US" }),
  spot({ startedAt: at("12:00") }),
];

describe("what would have been paid", () => {
  it("is what is paid, while the original runs: nothing is saved", () => {
    const found = stated({ spans: [span()] });
    expect(dollars(found)).toEqual({ would: 2.4, ran: 2.4 });
    expect(found.wantedSeconds).toBe(86_400);
  });

  it("goes on at the original's type once it stands on Spot", () => {
    expect(dollars(stated({ spans: switched }))).toEqual({ would: 2.4, ran: 1.2 + 0.36 });
  });

  it("is of the type that ran before, however large the replacement is", () => {
    const spans = [
      span(endedAt("12:00", "US")),
      spot({ startedAt: at("12:00"), instanceType: "m5.xlarge" }),
    ];
    expect(dollars(stated({ spans })).would).toBe(2.4);
  });

  it("is nothing while its owner has stopped it", () => {
    const spans = [
      span(endedAt("20:00", "OWNER")),
      span({ state: "STOPPED", startedAt: at("20:00"), stoppedBy: "OWNER" }),
    ];
    const found = stated({ spans });
    expect(dollars(found)).toEqual({ would: 2, ran: 2 });
    expect(found.wantedSeconds).toBe(20 * 3600);
  });

  it("is nothing for an instance that was stopped days ago and is still so", () => {
    const spans = [
      span({ state: "STOPPED", startedAt: at("20:00", "2026-02-20"), stoppedBy: "OWNER" }),
    ];
    expect(dollars(stated({ spans }))).toEqual({});
  });

  it("goes on while EC2 has taken the replacement and none serves yet", () => {
    const spans = [
      spot({ startedAt: at("00:00", "2026-03-01"), ...endedAt("10:00", "EC2") }),
      spot({ instanceId: third, startedAt: at("10:10"), serves: { from: at("10:12") } }),
    ];
    const found = stated({ spans, downtimeSeconds: 720 });
    expect(dollars(found).would).toBe(2.4);
    expect(found.downtimeSeconds).toBe(720);
  });

  it("is unknown where nobody knows who has ended it, and none has come since", () => {
    const found = stated({ spans: [span(endedAt("18:00", "UNKNOWN"))] });
    expect(dollars(found)).toEqual({ would: 1.8, ran: 1.8 });
    expect(found.terms.would).toMatchObject({ source: "unknown", unknownNanoUsd: 600_000_000n });
    expect(netOf(found.terms).isRange).toBe(true);
  });

  it("follows the price list from the hour on that its new price holds", () => {
    const prices = book({ onDemand: () => [since("00:00", 0.1), since("12:00", 0.2)] });
    expect(dollars(stated({ spans: [span()], prices })).would).toBeCloseTo(3.6, 8);
  });

  it("is unknown before the first price that was read, and no later price is put in its place", () => {
    const prices = book({ onDemand: () => [since("12:00", 0.2)] });
    const { would } = stated({ spans: [span()], prices }).terms;
    expect(would).toEqual({
      nanoUsd: 2_400_000_000n,
      source: "unknown",
      unknownNanoUsd: 0n,
      unboundedSeconds: 43_200,
    });
  });

  it("is not claimed for a Spot Instance that its owner has launched", () => {
    expect(dollars(stated({ spans: [span({ purchase: "SPOT" })] }))).toEqual({});
  });

  it("is unknown for a Spot Instance that we launched and whose original nobody remembers", () => {
    const { baseline: _, ...rest } = spot({ startedAt: at("00:00") });
    const found = stated({ spans: [rest] });
    expect(found.terms.would).toMatchObject({ nanoUsd: 0n, unboundedSeconds: 86_400 });
    expect(netOf(found.terms).isBounded).toBe(false);
  });
});

describe("what ran", () => {
  it("costs each hour of the instance what Spot cost at its beginning, and the other rule is kept beside", () => {
    const prices = book({ spot: () => [since("00:00", 0.03), since("13:10", 0.06)] });
    const spans = [
      span(endedAt("12:30", "US")),
      spot({ startedAt: at("12:30"), ...endedAt("14:30", "US") }),
    ];
    const found = stated({ spans, prices });
    // 12:30 to 13:30 at 0.03, 13:30 to 14:30 at 0.06; by the other rule 20 minutes more at 0.06.
    expect(dollars(found).ran).toBeCloseTo(1.25 + 0.03 + 0.06, 9);
    expect(found.spotDriftNanoUsd).toBe(10_000_000n);
  });

  it("is neither On-Demand nor nothing while Spot has no price: three hours are unknown, and the day a range", () => {
    const prices = book({ spot: () => [since("03:00", 0.03)] });
    const found = stated({ spans: [spot({ startedAt: at("00:00") })], prices });
    expect(found.terms.ran).toEqual({
      nanoUsd: 630_000_000n,
      source: "unknown",
      unknownNanoUsd: 300_000_000n,
      unboundedSeconds: 0,
    });
    const { lowNanoUsd, highNanoUsd, isRange } = netOf(found.terms);
    expect(isRange).toBe(true);
    expect(highNanoUsd - lowNanoUsd).toBe(300_000_000n);
  });

  it("is nothing where EC2 takes it at minute 40, and 40 minutes where we end it then", () => {
    const of = (by: "EC2" | "US") =>
      dollars(stated({ spans: [spot({ startedAt: at("10:00"), ...endedAt("10:40", by) })] })).ran ??
      0;
    expect(of("EC2")).toBe(0);
    expect(of("US")).toBe(0.02);
  });

  it("is billed by the second where EC2 takes it after its first hour", () => {
    const spans = [spot({ startedAt: at("10:00"), ...endedAt("11:00:36", "EC2") })];
    expect(dollars(stated({ spans })).ran).toBeCloseTo(0.0303, 9);
  });

  it("is a minute at the least, at each start", () => {
    const spans = [
      span({ startedAt: at("10:00"), ...endedAt("10:00:20", "OWNER") }),
      span({ startedAt: at("10:05"), ...endedAt("10:05:20", "OWNER") }),
    ];
    expect(dollars(stated({ spans })).ran).toBeCloseTo((0.1 * 2) / 60, 8);
  });

  it("is whole hours of SUSE where it is ended, and whole hours without the last where EC2 takes it", () => {
    const of = (by: "EC2" | "US") =>
      dollars(
        stated({
          spans: [spot({ product: "SUSE Linux", startedAt: at("10:00"), ...endedAt("12:30", by) })],
        }),
      ).ran;
    expect(of("US")).toBe(0.09);
    expect(of("EC2")).toBe(0.06);
  });

  it("is cut at the end of the day, in the middle of an hour of the instance", () => {
    const spans = [spot({ startedAt: at("23:30"), ...endedAt("00:30", "US", nextDay) })];
    expect(dollars(stated({ spans })).ran).toBe(0.015);
    const next = stated({ spans, day: nextDay, knownUntil: at("12:00", nextDay) });
    expect(dollars(next).ran).toBe(0.015);
  });

  it("is unknown from the last reading on that showed it", () => {
    const end = { earliest: at("12:00"), latest: at("12:15"), by: "OWNER" as const };
    const { ran } = stated({ spans: [span({ end })] }).terms;
    expect(ran).toMatchObject({
      nanoUsd: 1_200_000_000n,
      unknownNanoUsd: 25_000_000n,
      source: "unknown",
    });
  });

  it("is unknown for the rest of a day of which there is no reading yet", () => {
    const found = stated({ spans: [span()], knownUntil: at("12:00"), statedAt: at("18:00") });
    expect(found.isFinal).toBe(false);
    expect(found.terms.ran).toMatchObject({
      nanoUsd: 1_200_000_000n,
      unknownNanoUsd: 600_000_000n,
    });
  });

  it("is nothing of a target that was registered later, and begins in the middle of the day on which it was", () => {
    expect(stateDay(facts({ spans: [span()], since: at("00:00", nextDay) }))).toBeUndefined();
    expect(dollars(stated({ spans: [span()], since: at("12:00") }))).toEqual({
      would: 1.2,
      ran: 1.2,
    });
  });

  it("has EBS by the hours of the very month: a day of February costs more than one of March", () => {
    const volumes = [{ volumeId: "vol-1", sizeGib: 100, volumeType: "gp3" }];
    const spans = [
      span({ startedAt: at("00:00", "2026-02-01") }),
      spot({ startedAt: at("00:00", "2026-02-01"), serves: "NEVER", volumes }),
    ];
    const keptOn = (on: string, until: string) =>
      dollars(
        stated({
          spans,
          day: on,
          since: at("00:00", "2026-02-01"),
          knownUntil: at("02:00", until),
          statedAt: at("02:00", until),
        }),
      ).kept ?? 0;
    expect(keptOn("2026-02-28", "2026-03-01")).toBeCloseTo(7.44 / 28, 6);
    expect(keptOn("2026-03-01", "2026-03-02")).toBeCloseTo(7.44 / 31, 6);
  });

  it("is not known before the first reading", () => {
    expect(
      stateDay(facts({ spans: [span()], knownUntil: at("00:00", "2026-03-01") })),
    ).toBeUndefined();
  });
});

describe("what is taken off", () => {
  it("is what runs beside, from its launch until the original is stopped, with its address and its disk", () => {
    const spans = [
      span(endedAt("12:30", "US")),
      spot({
        startedAt: at("12:00"),
        serves: { from: at("12:20") },
        hasLentAddress: true,
        volumes: [{ volumeId: "vol-1", sizeGib: 100, volumeType: "gp3" }],
      }),
    ];
    const found = dollars(stated({ spans }));
    // The replacement for 20 minutes, then the original for 10.
    expect(found.doubleRunning).toBeCloseTo(0.01 + 0.1 / 6, 8);
    expect(found.extras).toBeCloseTo(0.005 / 3, 8);
    // 100 GB at 0.0744 for a third of an hour of March's 744.
    expect(found.kept).toBeCloseTo((0.0001 * 100) / 3, 7);
    expect(found.ran).toBeCloseTo(12 * 0.1 + 0.1 / 3 + 0.03 * (11 + 2 / 3), 7);
  });

  it("is what never served, its minimum of a minute included", () => {
    const failed = spot({ startedAt: at("12:00"), serves: "NEVER", ...endedAt("12:00:05", "US") });
    expect(dollars(stated({ spans: [span(), failed] })).doubleRunning).toBeCloseTo(0.03 / 60, 8);
  });

  it("is the second of two launches after a lost answer", () => {
    const twice = [
      spot({ startedAt: at("12:00") }),
      spot({
        instanceId: third,
        startedAt: at("12:00"),
        serves: "NEVER",
        ...endedAt("12:30", "US"),
      }),
    ];
    const spans = [span(endedAt("12:00", "US")), ...twice];
    expect(dollars(stated({ spans })).doubleRunning).toBe(0.015);
  });

  it("is the disk of the original that is kept stopped, and no disk that moved to its successor", () => {
    const own = { volumeId: "vol-1", sizeGib: 100, volumeType: "gp3" };
    const moved = { volumeId: "vol-2", sizeGib: 500, volumeType: "gp3" };
    const [first, kept, second] = switched;
    if (first === undefined || kept === undefined || second === undefined) throw new Error("three");
    const spans = [first, { ...kept, volumes: [own, moved] }, { ...second, volumes: [moved] }];
    expect(dollars(stated({ spans })).kept).toBeCloseTo(100 * 0.0001 * 12, 9);
  });

  it("is not the disk of a target that its owner has stopped: he would pay it anyway", () => {
    const volumes = [{ volumeId: "vol-1", sizeGib: 100, volumeType: "gp3" }];
    const spans = [
      span({ volumes, ...endedAt("20:00", "OWNER") }),
      span({ volumes, state: "STOPPED", startedAt: at("20:00"), stoppedBy: "OWNER" }),
    ];
    expect(dollars(stated({ spans })).kept).toBeUndefined();
  });

  it("is a roll-back: the replacement, while the load is down and wanted", () => {
    const spans = [
      span(endedAt("12:00", "US")),
      spot({ startedAt: at("11:50"), serves: "NEVER", ...endedAt("12:10", "US") }),
      span({ startedAt: at("12:08") }),
    ];
    const found = dollars(stated({ spans }));
    expect(found.doubleRunning).toBe(0.01);
    expect(found.would).toBeCloseTo(2.4, 8);
    expect(found.ran).toBeCloseTo(2.4 - (0.1 * 8) / 60, 8);
  });

  it("is capacity that was held, at the On-Demand price", () => {
    const stretch = { from: Date.parse(at("12:00")), to: Date.parse(at("12:30")) };
    const reservations = [{ reservationId: "cr-1", stretch, kind: large }];
    expect(dollars(stated({ spans: [span()], reservations })).reservations).toBe(0.05);
  });

  it("is an image: as much as AWS tells that is written, and where it tells nothing nobody knows but a most", () => {
    const stretch = { from: Date.parse(at("12:00")), to: Date.parse(at("12:00", "2026-03-09")) };
    const keptOf = (image: { readonly writtenGib?: number }) =>
      stated({ spans: [span()], images: [{ stretch, sizeGib: 744, ...image }] }).terms.kept;
    expect(keptOf({})).toMatchObject({
      nanoUsd: 0n,
      unknownNanoUsd: 600_000_000n,
      source: "unknown",
    });
    expect(keptOf({ writtenGib: 372 })).toMatchObject({
      nanoUsd: 300_000_000n,
      unknownNanoUsd: 0n,
      source: "priced",
    });
  });

  it("is of several images at a time the largest at the least, and all of them at the most", () => {
    const from = Date.parse(at("12:00"));
    const images = [
      { stretch: { from, to: Infinity }, sizeGib: 900, writtenGib: 744 },
      {
        stretch: { from: Date.parse(at("06:00")), to: Date.parse(at("18:00")) },
        sizeGib: 900,
        writtenGib: 372,
      },
    ];
    const { kept } = stated({ spans: [span()], images }).terms;
    // Half of it for six hours, all of it for twelve; for six of these the half besides.
    expect(kept).toMatchObject({ nanoUsd: 750_000_000n, unknownNanoUsd: 150_000_000n });
  });

  it("is what a Savings Plan would have paid, only while it stands on Spot", () => {
    const spans = switched;
    const { covered } = stated({ spans, coveredNanoPerHour: 50_000_000n }).terms;
    expect(covered).toMatchObject({ nanoUsd: 600_000_000n, source: "estimated" });
  });

  it("is not known of bytes between zones once it stands in another zone than its original", () => {
    const spans = [
      span(endedAt("12:00", "US")),
      spot({ startedAt: at("12:00"), zoneId: "use1-az2" }),
    ];
    const found = stated({ spans });
    expect(found.terms.crossZone).toMatchObject({ source: "unknown", unboundedSeconds: 43_200 });
    expect(netOf(found.terms).isBounded).toBe(false);
  });

  it("is the product itself, by the hours and evaluations of the target", () => {
    const { tool } = stated({ spans: [span()], evaluations: 2 }).terms;
    expect(tool).toMatchObject({ source: "estimated", nanoUsd: 24n * 6_850n + 20_000_000n });
  });
});

describe("a group", () => {
  const second = instanceIdSchema.parse("i-0000000000000000d");

  it("would have paid for those it asked for, never for the one more while one is replaced", () => {
    const spans = [
      span(),
      span({ instanceId: second, ...endedAt("12:30", "US") }),
      spot({ startedAt: at("12:00"), replaces: second, serves: { from: at("12:10") } }),
    ];
    const found = dollars(stated({ spans, isSingle: false }));
    expect(found.would).toBe(4.8);
    // The replacement for 10 minutes, and the member for 20.
    expect(found.doubleRunning).toBeCloseTo(0.005 + 0.1 / 3, 8);
  });

  it("would have paid for a member as long as it was there", () => {
    const spans = [
      span(),
      span({ instanceId: second, startedAt: at("06:00"), ...endedAt("12:00", "OWNER") }),
    ];
    expect(dollars(stated({ spans, isSingle: false }))).toEqual({ would: 3, ran: 3 });
  });

  it("wants nobody in the stead of a member that EC2 took, until the group has another", () => {
    const spans = [
      spot({ startedAt: at("00:00"), replaces: second, ...endedAt("12:00", "EC2") }),
      span({ instanceId: third, startedAt: at("12:05") }),
    ];
    const found = stated({ spans, isSingle: false });
    expect(found.wantedSeconds).toBe(86_400 - 300);
  });
});

describe("a day", () => {
  it("is settled once a reading is an hour later than its end", () => {
    const isFinal = (knownUntil: string) => stated({ spans: [span()], knownUntil }).isFinal;
    expect(isFinal(at("00:59", nextDay))).toBe(false);
    expect(isFinal(at("01:00", nextDay))).toBe(true);
  });

  it("adds up: net is what would have been paid, less all that was", () => {
    const { terms } = stated({ day, spans: switched, evaluations: 1 });
    const { lowNanoUsd, highNanoUsd, isRange } = netOf(terms);
    expect(isRange).toBe(false);
    expect(lowNanoUsd).toBe(highNanoUsd);
    expect(lowNanoUsd).toBe(2_400_000_000n - 1_560_000_000n - terms.tool.nanoUsd);
  });
});
