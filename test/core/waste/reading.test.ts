import { describe, expect, it } from "@jest/globals";
import {
  wasteKinds,
  type WasteFinding,
  type WasteKind,
} from "../../../core/model/waste/finding.ts";
import type { WasteSettings } from "../../../core/model/waste/settings.ts";
import {
  afterLookUp,
  areDaysOver,
  inOrder,
  isLookUpDue,
  judgeWaste,
  nextScan,
  type WasteChanges,
  type WasteReading,
} from "../../../core/waste/reading.ts";
import { judgeAttachments } from "../../../core/waste/volumes.ts";
import { day, iso, judge, place, settings, volume } from "./samples.ts";

const all: ReadonlySet<WasteKind> = new Set(wasteKinds);
const idle = volume();
const used = volume({ state: "in-use" });

interface At {
  readonly days: number;
  readonly shows?: typeof idle | undefined;
  readonly complete?: ReadonlySet<WasteKind>;
  readonly rest?: Partial<WasteReading>;
}

const read = (
  finding: WasteFinding | undefined,
  { days, shows, complete = all, rest = {} }: At,
): WasteChanges =>
  judgeWaste({
    place,
    findings: finding === undefined ? [] : [finding],
    seen: shows === undefined ? [] : judge({ volumes: [shows] }),
    complete,
    settings,
    idOf: () => "wst-0123456789abcdefghjk",
    now: day(days),
    ...rest,
  });

const after = (days: readonly number[], rest: Omit<At, "days"> = { shows: idle }): WasteFinding => {
  let finding: WasteFinding | undefined;
  for (const each of days) [finding] = read(finding, { days: each, ...rest }).write;
  if (finding === undefined) throw new Error("nothing was found");
  return finding;
};

const daily = (count: number): readonly number[] =>
  Array.from({ length: count + 1 }, (_, at) => at);

describe("days by our own first sight", () => {
  it("count by each complete reading that shows it as waste", () => {
    const finding = after(daily(14));
    expect(finding).toMatchObject({ status: "SEEN", firstSeenAt: iso(0), lastSeenAt: iso(14) });
    expect(areDaysOver(finding, settings)).toBe(true);
    expect(areDaysOver(after(daily(13)), settings)).toBe(false);
  });

  it("do not count for a hole in which nobody looked", () => {
    const finding = after([0, 30]);
    expect(finding.countedSeconds).toBe(25 * 3600);
  });

  it("are neither counted nor begun anew by a reading that is not complete", () => {
    const before = after(daily(10));
    const without = new Set(wasteKinds.filter((kind) => kind !== "UNATTACHED_VOLUME"));
    for (const shows of [undefined, used, idle]) {
      expect(read(before, { days: 11, shows, complete: without })).toEqual({
        write: [],
        forget: [],
      });
    }
    const [next] = read(before, { days: 12, shows: idle }).write;
    expect(next?.countedSeconds).toBe(before.countedSeconds + 25 * 3600);
  });

  it("begin anew once it was seen used", () => {
    const before = after(daily(10));
    expect(read(before, { days: 11, shows: used })).toEqual({ write: [], forget: [before] });
  });

  it("Volume attached for one hour between two daily readings: metric datapoint resets its days.", () => {
    const datapoint = judgeAttachments({
      kind: "MEASURED",
      datapoints: 1,
      sum: 3600,
      greatest: 3600,
      lastAt: iso(9),
    });
    const finding = afterLookUp(after(daily(14)), datapoint, day(14));
    expect(finding).toMatchObject({ status: "SEEN", countedSeconds: 0, firstSeenAt: iso(14) });
    expect(isLookUpDue(finding, settings, day(14))).toBe(false);
  });

  it.each<[string, Partial<WasteReading>]>([
    ["of another name", { tableName: "restored" }],
    ["under its own name, once its operator has said so", { voidUntil: iso(14) }],
  ])("begin anew in a table that was restored %s", (_, rest) => {
    const [finding] = read(
      { ...after(daily(14)), status: "OFFERED" },
      { days: 15, shows: idle, rest },
    ).write;
    expect(finding).toMatchObject({ status: "SEEN", countedSeconds: 0, firstSeenAt: iso(15) });
  });
});

describe("a finding", () => {
  const offered = afterLookUp(after(daily(14)), { kind: "CLEAR" }, day(14));

  it("is offered once its days are over and AWS was asked about it", () => {
    expect(isLookUpDue(after(daily(14)), settings, day(14))).toBe(true);
    expect(offered).toMatchObject({ status: "OFFERED", checkedAt: iso(14), monthlyUsd: 8 });
  });

  it("of a kind that is never deleted is reported", () => {
    const kind = "STOPPED_INSTANCE";
    expect(afterLookUp({ ...offered, kind }, { kind: "CLEAR" }, day(14)).status).toBe("REPORTED");
  });

  it("stays offered from day to day, and is asked about again each week", () => {
    const [next] = read(offered, { days: 15, shows: idle }).write;
    expect(next?.status).toBe("OFFERED");
    expect(isLookUpDue(offered, settings, day(20))).toBe(false);
    expect(isLookUpDue(offered, settings, day(21))).toBe(true);
  });

  it("is not offered where something could not be read, and is asked about by the next reading", () => {
    const unread = judgeAttachments({ kind: "UNKNOWN", because: "throttled" });
    const finding = afterLookUp(after(daily(14)), unread, day(14));
    expect(finding).toMatchObject({ status: "SEEN", reasons: [{ code: "NOT_READ" }] });
    expect(isLookUpDue(finding, settings, day(14))).toBe(true);
  });

  it("is no longer offered once its owner has raised the days", () => {
    const longer: WasteSettings = { ...settings, days: { UNATTACHED_VOLUME: 60 } };
    const [next] = read(offered, { days: 15, shows: idle, rest: { settings: longer } }).write;
    expect(next?.status).toBe("SEEN");
  });

  it.each<[string, At, string]>([
    ["is used", { days: 15, shows: used }, "It is in-use."],
    ["is gone", { days: 15 }, "AWS no longer shows it."],
    [
      "belongs to somebody by now",
      { days: 15, shows: volume({ tags: { CSIVolumeName: "pvc-1" } }) },
      "It belongs to a Kubernetes cluster (CSIVolumeName=pvc-1).",
    ],
  ])("that was shown is closed with the reason once it %s", (_, at, why) => {
    expect(read(offered, at)).toMatchObject({
      write: [{ status: "CLOSED", closed: { at: iso(15), why } }],
      forget: [],
    });
  });

  it("that was dismissed stays so until its time, and begins anew then", () => {
    const dismissal = { reason: "kept", by: "ada", at: iso(14), until: iso(20) };
    const dismissed: WasteFinding = { ...offered, status: "DISMISSED", dismissal };
    expect(read(dismissed, { days: 19, shows: idle }).write).toMatchObject([
      { status: "DISMISSED" },
    ]);
    const [next] = read(dismissed, { days: 20, shows: idle }).write;
    expect(next).toMatchObject({ status: "SEEN", countedSeconds: 0 });
    expect(next).not.toHaveProperty("dismissal");
  });

  it("names its owner by the first tag that is there", () => {
    const [finding] = read(undefined, { days: 0, shows: volume({ tags: { team: "shop" } }) }).write;
    expect(finding?.owner).toBe("shop");
  });

  it("of the dearest sort is asked about first", () => {
    const one = { ...offered, kind: "FAST_SNAPSHOT_RESTORE" as const };
    const cheap = { ...offered, resourceId: "vol-b", monthlyUsd: 1 };
    expect(inOrder([cheap, offered, one])).toEqual([one, offered, cheap]);
  });
});

describe("the next scan", () => {
  it.each([
    ["comes a day later", { wasRead: true, hasMore: false }, 24],
    [
      "comes soon where something was left for want of time",
      { wasRead: true, hasMore: true },
      0.25,
    ],
    [
      "comes an hour later where something could not be read",
      { wasRead: false, hasMore: false },
      1,
    ],
  ])("%s", (_, outcome, hours) => {
    expect(nextScan(day(0), outcome)).toBe(iso(hours / 24));
  });
});
