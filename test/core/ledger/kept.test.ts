import { describe, expect, it } from "@jest/globals";
import { imagesOf, reservationsOf } from "../../../core/ledger/kept-by-evaluation.ts";
import { keepPrices } from "../../../core/ledger/kept-prices.ts";
import { usdOf } from "../../../core/ledger/money.ts";
import type { Intent, IntentChange } from "../../../core/model/intent.ts";
import { at, span } from "./samples.ts";

const ms = (time: string): number => Date.parse(at(time));

const intent = (change: IntentChange, rest: Partial<Intent> = {}): Intent => ({
  id: "intent-1",
  status: "ACTED",
  fence: 1,
  plannedAt: at("10:00"),
  actedAt: at("10:01"),
  change,
  ...rest,
});

const reserved: IntentChange = {
  kind: "RESERVE_CAPACITY",
  clientToken: "token",
  instanceType: "m5.large",
  zoneName: "us-east-1a",
  platform: "Linux/UNIX",
  tenancy: "default",
  endsAt: at("16:00"),
  dueAt: at("11:00"),
  reservationId: "cr-1",
};

const settled = (of: "RESERVE_CAPACITY" | "EXPIRE_IMAGE", resource: string) => ({
  settlements: [{ of, resource, kind: "REMOVED" as const, sentence: "Gone.", at: at("11:00") }],
});

describe("capacity that is held for the way back", () => {
  it("costs until the janitor has cancelled it, a roll-back has, or EC2 ends it", () => {
    const until = (found: ReturnType<typeof reservationsOf>) =>
      found.map(({ stretch }) => stretch.to);
    expect(
      until(reservationsOf(settled("RESERVE_CAPACITY", "cr-1"), [intent(reserved)], [])),
    ).toEqual([ms("11:00")]);
    expect(until(reservationsOf({}, [intent(reserved, { undoneAt: at("10:30") })], []))).toEqual([
      ms("10:30"),
    ]);
    expect(until(reservationsOf({}, [intent(reserved)], []))).toEqual([ms("16:00")]);
  });

  it("costs nothing while the original runs in it again: that is paid for itself", () => {
    const again = span({
      startedAt: at("10:20"),
      end: { earliest: at("12:00"), latest: at("12:00"), by: "OWNER" },
    });
    const undone = intent(reserved, { undoneAt: at("10:30") });
    expect(reservationsOf({}, [undone], [span(), again])).toMatchObject([
      { stretch: { from: ms("10:01"), to: ms("10:20") }, kind: { instanceType: "m5.large" } },
    ]);
  });

  it("costs nothing where EC2 refused it", () => {
    const { reservationId: _, ...refused } = reserved;
    expect(reservationsOf({}, [intent(refused)], [])).toEqual([]);
  });
});

describe("an image", () => {
  const image: IntentChange = {
    kind: "CREATE_IMAGE",
    purpose: "warm",
    imageName: "a",
    imageId: "ami-1",
  };

  it("costs until it has expired", () => {
    const made = { sizeGib: 30, snapshots: [] };
    const [found] = imagesOf(settled("EXPIRE_IMAGE", "ami-1"), [intent(image)], made);
    expect(found).toEqual({ stretch: { from: ms("10:01"), to: ms("11:00") }, sizeGib: 30 });
    expect(imagesOf({}, [intent(image)], made)[0]?.stretch.to).toBe(Infinity);
  });

  it("has what AWS tells of its snapshots: those that EC2 made for it, and the one that it was registered from", () => {
    const snapshots = [
      { snapshotId: "snap-1", imageId: "ami-1", writtenGib: 8 },
      { snapshotId: "snap-2", imageId: "ami-1", writtenGib: 4 },
      { snapshotId: "snap-3", writtenGib: 1 },
      { snapshotId: "snap-4", imageId: "ami-2", writtenGib: 16 },
    ];
    const writtenOf = (change: IntentChange) =>
      imagesOf({}, [intent(change)], { sizeGib: 30, snapshots })[0]?.writtenGib;
    expect(writtenOf(image)).toBe(12);
    expect(writtenOf({ ...image, imageId: "ami-3", snapshotIds: ["snap-3"] })).toBe(1);
    expect(writtenOf({ ...image, imageId: "ami-3" })).toBeUndefined();
  });
});

describe("On-Demand prices", () => {
  const price = (hourlyUsd: number, since: string, instanceType = "m5.large") => ({
    hourlyUsd,
    since,
    instanceType,
  });
  const wanted = new Set(["m5.large"]);

  it("are kept with the day from which each holds, of the types that are asked for", () => {
    const first = keepPrices(
      undefined,
      [price(0.1, at("00:00")), price(1, at("00:00"), "c5.large")],
      wanted,
    );
    expect(first.types).toEqual({ "m5.large": [{ since: at("00:00"), hourlyUsd: 0.1 }] });
    const changed = keepPrices(first, [price(0.2, at("12:00"))], wanted);
    expect(changed.types["m5.large"]?.map(({ hourlyUsd }) => hourlyUsd)).toEqual([0.1, 0.2]);
  });

  it("stay where the list is published anew with the same price, or an older one is read", () => {
    const first = keepPrices(undefined, [price(0.1, at("06:00"))], wanted);
    expect(keepPrices(first, [price(0.1, at("12:00"))], wanted)).toBe(first);
    expect(keepPrices(first, [price(0.3, at("00:00"))], wanted)).toBe(first);
  });
});

describe("dollars", () => {
  it.each<[bigint, string]>([
    [1_234_567_890n, "1.234568"],
    [-1_500n, "-0.000002"],
    [-400n, "0.000000"],
    [0n, "0.000000"],
  ])("of %s billionths are %s", (nano, usd) => {
    expect(usdOf(nano)).toBe(usd);
  });
});
