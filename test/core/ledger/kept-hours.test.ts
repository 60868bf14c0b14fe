import { describe, expect, it } from "@jest/globals";
import { keptHours, type KeptHoursInput } from "../../../core/ledger/kept-hours.ts";
import { at, book, day, endedAt, large, nextDay, span, spot } from "./samples.ts";

const hoursOf = (input: Partial<KeptHoursInput>) =>
  keptHours({
    day,
    spans: [],
    knownUntil: at("01:45", nextDay),
    prices: book(),
    reservations: [],
    ...input,
  });

const none = (count: number): readonly string[] => Array.from({ length: count }, () => "-");
const all = (count: number, cost: string): readonly string[] =>
  Array.from({ length: count }, () => cost);

/** At $0.0744 a GB-month of 744 hours: a ten-thousandth of a dollar an hour for each GiB. */
const volume = (volumeType = "gp3") => ({ volumeId: "vol-1", sizeGib: 30, volumeType });
const hourly = "3000000";

describe("what hangs on instances, hour by hour", () => {
  it("is a volume for as long as it is there, stopped or not, and once where it moves to a successor", () => {
    const volumes = [volume()];
    const stopped = span({
      state: "STOPPED",
      startedAt: at("06:00"),
      ...endedAt("09:00", "US"),
      volumes,
    });
    const spans = [
      span({ ...endedAt("06:00", "US"), volumes }),
      stopped,
      spot({ startedAt: at("08:30"), ...endedAt("12:30", "US"), volumes }),
    ];
    expect(hoursOf({ spans })).toEqual([
      {
        resourceId: "vol-1",
        kind: "VOLUME",
        hours: [...all(12, hourly), "1500000", ...none(11)],
      },
    ]);
  });

  it("is unknown of a volume whose performance is paid for, without a price, and where nobody knows when it went", () => {
    const hoursWith = (volumeType: string, prices = book()) =>
      hoursOf({ spans: [span({ volumes: [volume(volumeType)] })], prices })[0]?.hours;
    expect(hoursWith("io2")).toEqual(all(24, "?"));
    expect(hoursWith("gp3", book({ volume: () => undefined }))).toEqual(all(24, "?"));
    const end = { earliest: at("12:00"), latest: at("13:30"), by: "UNKNOWN" as const };
    const [gone] = hoursOf({ spans: [span({ end, volumes: [volume()] })] });
    expect(gone?.hours).toEqual([...all(12, hourly), "?", "?", ...none(10)]);
  });

  it("is an address that EC2 has lent, by the interface that has it, while the instance runs", () => {
    const lentAddressOf = "eni-1";
    const spans = [
      span({ ...endedAt("06:00", "OWNER"), hasLentAddress: true, lentAddressOf }),
      span({ state: "STOPPED", startedAt: at("06:00"), lentAddressOf }),
      spot({ startedAt: at("10:00"), hasLentAddress: true }),
    ];
    expect(hoursOf({ spans })).toEqual([
      { resourceId: "eni-1", kind: "ADDRESS", hours: [...all(6, "5000000"), ...none(18)] },
    ]);
  });

  it("is capacity while it stands empty", () => {
    const held = (from: string, to: string) => ({
      reservationId: "cr-1",
      kind: large,
      stretch: { from: Date.parse(at(from)), to: Date.parse(at(to)) },
    });
    const reservations = [held("02:00", "02:15"), held("02:45", "04:00")];
    expect(hoursOf({ reservations })).toEqual([
      {
        resourceId: "cr-1",
        kind: "RESERVATION",
        hours: [...none(2), "50000000", "100000000", ...none(20)],
      },
    ]);
  });
});
