import { describe, expect, it } from "@jest/globals";
import {
  isPriceKnown,
  judgeReading,
  monthlyUsdOf,
  nextReading,
  tellUnclaimed,
  type Found,
  type UnclaimedChanges,
} from "../../../core/decide/unclaimed.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { evaluationTag } from "../../../core/model/tags.ts";
import { taggedKinds, type TaggedThing } from "../../../core/model/tagged-thing.ts";
import type { Claim, Unclaimed } from "../../../core/model/unclaimed.ts";

const place = { accountId: accountIdSchema.parse("444455556666"), region: "us-east-1" };
const all = new Set(taggedKinds);
const at = (hours: number): string =>
  new Date(Date.parse("2026-03-02T09:00:00Z") + hours * 3_600_000).toISOString();

const copied: Claim = { kind: "UNCLAIMED", reason: "NO_INTENT", since: at(0) };

const volume = (rest: Partial<TaggedThing> = {}): TaggedThing => ({
  kind: "volume",
  id: "vol-1",
  state: "available",
  tags: { [evaluationTag]: "evl-0123456789" },
  madeAt: at(0),
  ...rest,
});

const read = (
  hours: number,
  found: readonly Found[],
  { rows = [], kinds = all }: { rows?: readonly Unclaimed[]; kinds?: typeof all } = {},
): UnclaimedChanges => judgeReading({ place, rows, found, kinds, now: new Date(at(hours)) });

const row = (rest: Partial<Unclaimed> = {}): Unclaimed => ({
  ...place,
  kind: "volume",
  id: "vol-1",
  state: "available",
  reason: "NO_INTENT",
  evaluationTag: "evl-0123456789",
  madeAt: at(0),
  firstSeenAt: at(1),
  listedAt: at(1),
  ...rest,
});

const nothing = { write: [], forget: [] };

describe("an unclaimed thing", () => {
  it("comes into the list an hour after it was made, and not before", () => {
    const [young] = read(0.9, [{ thing: volume(), claim: copied }]).write;
    expect(young).not.toHaveProperty("listedAt");
    expect(read(1, [{ thing: volume(), claim: copied }]).write).toEqual([row()]);
  });

  it("comes an hour after its evaluation has ended, or what made it was undone", () => {
    const found = { thing: volume(), claim: { ...copied, since: at(5) } as Claim };
    expect(read(5.9, [found]).write[0]).not.toHaveProperty("listedAt");
    expect(read(6, [found]).write[0]).toMatchObject({ listedAt: at(6) });
  });

  it("of which AWS does not say when it was made comes an hour after it was seen first", () => {
    const { madeAt: _made, ...thing } = volume();
    const [seen] = read(6, [{ thing, claim: copied }]).write;
    expect(seen).toMatchObject({ firstSeenAt: at(6) });
    expect(seen).not.toHaveProperty("listedAt");
    const rows = seen === undefined ? [] : [seen];
    expect(read(12, [{ thing, claim: copied }], { rows }).write).toMatchObject([
      { firstSeenAt: at(6), listedAt: at(12) },
    ]);
  });

  it("is written once, as long as nothing of it changes", () => {
    expect(read(7, [{ thing: volume(), claim: copied }], { rows: [row()] })).toEqual(nothing);
    const attached = volume({ state: "in-use", instanceId: "i-1" });
    expect(read(7, [{ thing: attached, claim: copied }], { rows: [row()] }).write).toEqual([
      row({ state: "in-use", instanceId: "i-1" }),
    ]);
  });

  it("keeps the price that was told, until its state is another", () => {
    const rows = [row({ monthlyUsd: 10 })];
    const same = { thing: volume(), claim: copied, monthlyUsd: 11 };
    expect(read(7, [same], { rows })).toEqual(nothing);
    const changed = { ...same, thing: volume({ state: "in-use" }) };
    expect(read(7, [changed], { rows }).write).toMatchObject([{ monthlyUsd: 11 }]);
  });

  it.each<[string, Found]>([
    ["claimed", { thing: volume(), claim: { kind: "CLAIMED" } }],
    ["shown as going", { thing: volume({ state: "deleting" }), claim: copied }],
  ])("leaves the list at once when it is %s", (_, found) => {
    expect(read(7, [found], { rows: [row()] })).toEqual({ write: [], forget: [row()] });
    expect(read(7, [found])).toEqual(nothing);
  });

  it("leaves when two complete readings, an hour apart, don't show it", () => {
    const missing = row({ missingSince: at(7) });
    expect(read(7, [], { rows: [row()] })).toEqual({ write: [missing], forget: [] });
    expect(read(7.9, [], { rows: [missing] })).toEqual(nothing);
    expect(read(8, [], { rows: [missing] })).toEqual({ write: [], forget: [missing] });
    expect(read(8, [{ thing: volume(), claim: copied }], { rows: [missing] }).write).toEqual([
      row(),
    ]);
  });

  it("stays when its kind was not read", () => {
    const rows = [row({ missingSince: at(7) })];
    const kinds = new Set(taggedKinds.filter((kind) => kind !== "volume"));
    expect(read(20, [], { rows, kinds })).toEqual(nothing);
  });

  it("is told with what it is, where, and what to do next", () => {
    expect(tellUnclaimed(row())).toBe(
      "The volume vol-1 (available) in us-east-1 of account 444455556666 carries our tags, and nothing in the store says that its evaluation made it. " +
        'It is left as it is. Next: see in the runbook, "A thing that nothing claims", who made it, and delete it by hand if nobody needs it.',
    );
  });
});

describe("the price of a thing", () => {
  const market = {
    onDemand: [{ instanceType: "m5.large", hourlyUsd: 0.096 }],
    spotPrices: [
      { zoneId: "use1-az1", instanceType: "m5.large", hourlyUsd: 0.03, since: at(0) },
      { zoneId: "use1-az2", instanceType: "m5.large", hourlyUsd: 0.05, since: at(0) },
    ],
  };

  it.each([
    [{ instanceType: "m5.large", product: "Linux/UNIX" }, 70.08],
    [{ instanceType: "m5.large", product: "Linux/UNIX", spotZoneId: "use1-az2" }, 36.5],
    [{ instanceType: "m5.large", product: "Linux/UNIX", spotZoneId: "use1-az9" }, undefined],
    [{ instanceType: "x9.large", product: "Linux/UNIX" }, undefined],
  ])("of %j is %s", (charge, price) => {
    expect(monthlyUsdOf(charge, market)).toBe(price);
  });

  it("is not told from a market of yesterday", () => {
    expect(isPriceKnown(at(0), new Date(at(23)))).toBe(true);
    expect(isPriceKnown(at(0), new Date(at(24)))).toBe(false);
  });
});

it("a place is read again after six hours, one that could not be read after one", () => {
  expect(nextReading(new Date(at(0)), true)).toBe(at(6));
  expect(nextReading(new Date(at(0)), false)).toBe(at(1));
});
