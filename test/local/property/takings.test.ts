import { describe, expect, it } from "@jest/globals";
import { createGroupLab } from "../../../local/lab/group-lab.ts";
import { missedWithOriginal, type Taking } from "../../../local/property/cluster/takings.ts";

const labWith = (min: number) =>
  createGroupLab({ size: 2, min, zones: 1, isBehindLoadBalancer: false });

const takenBefore = (nowMs: number, seconds: number): Taking => {
  const atMs = nowMs - seconds * 1000;
  return { fromMs: atMs, toMs: atMs, instanceId: "i-1", zoneName: "us-east-1a", wasMissed: false };
};

describe("a replacement that EC2 has taken beside its original, whom the owner ends then", () => {
  it("is missing in both runs where his minimum forbids that without our surplus", async () => {
    const lab = await labWith(2);
    const nowMs = lab.account.clock.now();
    expect(missedWithOriginal(lab, [takenBefore(nowMs, 5)])).toEqual([
      expect.objectContaining({ fromMs: nowMs, wasMissed: true }),
    ]);
  });

  it("counts against us where he may end it without us, or the group has replaced ours by then", async () => {
    const [free, bound] = await Promise.all([labWith(1), labWith(2)]);
    const nowMs = free.account.clock.now();
    expect(missedWithOriginal(free, [takenBefore(nowMs, 5)])).toEqual([]);
    expect(missedWithOriginal(bound, [takenBefore(nowMs, 60)])).toEqual([]);
    expect(missedWithOriginal(bound, [])).toEqual([]);
  });
});
