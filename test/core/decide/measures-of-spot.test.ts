import { describe, expect, it } from "@jest/globals";
import { measuresOfSpot, type SpotFacts } from "../../../core/decide/measures-of-spot.ts";
import { targetIdSchema } from "../../../core/model/ids.ts";
import type { Measure, MeasureName } from "../../../core/model/measure.ts";
import type { FailedOffer } from "../../../core/model/swap.ts";

const inPool = (zoneId: string, target?: number) => ({
  zoneId,
  instanceType: "m5.large",
  product: "Linux/UNIX",
  ...(target !== undefined && {
    targetId: targetIdSchema.parse(`tgt-00000000000${String(target)}`),
  }),
});

const refusal = (instanceType: string, kind: FailedOffer["kind"] = "QUOTA"): FailedOffer => ({
  pool: { region: "us-east-1", ...inPool("use1-az1"), instanceType },
  kind,
  code: "MaxSpotInstanceCountExceeded",
  at: "2026-03-02T11:55:00.000Z",
});

const measured = (facts: Partial<SpotFacts>): ((name: MeasureName) => readonly Measure[]) => {
  const measures = measuresOfSpot({ standing: [], losses: [], refused: [], ended: [], ...facts });
  return (name) => measures.filter((each) => each.name === name);
};

const valueOf = (facts: Partial<SpotFacts>, name: MeasureName) => measured(facts)(name)[0]?.value;

describe("what is measured of Spot", () => {
  it("counts interruptions of a day by the hours of each pool in which something stands or was lost", () => {
    const standing = [inPool("use1-az1"), inPool("use1-az1"), inPool("use1-az2")];
    const losses = [inPool("use1-az2"), inPool("use1-az3"), inPool("use1-az3")];
    expect(valueOf({ standing, losses }, "InterruptionsPerPoolHour")).toBeCloseTo(3 / (3 * 24), 10);
    expect(valueOf({}, "InterruptionsPerPoolHour")).toBe(0);
  });

  it("tells of the target that has most of its instances in one pool, and of none that has one", () => {
    const standing = [
      ...[inPool("use1-az1", 1), inPool("use1-az1", 1), inPool("use1-az2", 1)],
      ...[inPool("use1-az1", 2), inPool("use1-az2", 2)],
      ...[inPool("use1-az3", 3), inPool("use1-az4"), inPool("use1-az4")],
    ];
    expect(valueOf({ standing }, "LargestPoolSharePercent")).toBeCloseTo(200 / 3, 10);
  });

  it("tells how many of those that moved fell back", () => {
    const ended = (["FELL_BACK", "SWITCHED", "PARTLY_SWITCHED", "STAYED", "SWITCHED"] as const).map(
      (status) => ({ status }),
    );
    expect(valueOf({ ended }, "FallbackSharePercent")).toBe(25);
  });

  it("tells quotas apart by the class of types, and a pool without room is not one", () => {
    const refused = [
      refusal("m5.large"),
      refusal("c6i.large"),
      refusal("p3.2xlarge"),
      refusal("m5.large", "NO_CAPACITY"),
    ];
    expect(measured({ refused })("QuotaRefusals")).toEqual([
      { name: "QuotaRefusals", value: 3 },
      { name: "QuotaRefusals", value: 2, by: { name: "QuotaClass", value: "standard" } },
      { name: "QuotaRefusals", value: 1, by: { name: "QuotaClass", value: "p" } },
    ]);
    expect(measured({})("QuotaRefusals")).toEqual([{ name: "QuotaRefusals", value: 0 }]);
  });
});
