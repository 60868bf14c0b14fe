import { describe, expect, it } from "@jest/globals";
import { dearMarket } from "../../../../local/lab/dear-market.ts";
import { startMs } from "../../../../local/lab/lab.ts";
import { smallMarket } from "../../../../local/lab/small-market.ts";
import { addGroupTarget } from "./members.ts";
import { minuteMs, openSweepLab, passMinutes, type SweepLab } from "./place-lab.ts";

const dayMs = 24 * 60 * minuteMs;

/** A group whose members sweeps have put on Spot. */
const convertedGroup = async (lab: SweepLab) => {
  const registration = { isShadowMode: false, policy: { batch_size: 3, fallback_percent: 0 } };
  const targetId = await addGroupTarget(lab, { name: "web", size: 3 }, registration);
  await lab.sweep();
  await passMinutes(lab, 2 * 60);
  await lab.sweep();
  return targetId;
};

const runOf = async (lab: SweepLab, targetId: string) =>
  (await lab.runs()).find((run) => run.targetId === targetId);

/** How each member was bought; undefined: On-Demand. */
const lifecyclesIn = ({ account: { platform }, place }: SweepLab) => {
  const members = platform.autoScaling.control.find({ ...place, name: "web" })?.members ?? [];
  const running = platform.ec2.control.running(place.accountId);
  return members.map(
    ({ instanceId: id }) => running.find(({ instanceId }) => instanceId === id)?.lifecycle,
  );
};

describe("a group that stands on Spot by one of its switches", () => {
  it("is judged by the sweep as what it is, and goes back to On-Demand by itself once every pool is dearer than that", async () => {
    const market = dearMarket(smallMarket, () => ({
      fromMs: startMs + dayMs,
      share: 1.2,
      isDear: () => true,
    }));
    const lab = await openSweepLab({ market });
    const targetId = await convertedGroup(lab);
    const before = await runOf(lab, targetId);
    expect(lifecyclesIn(lab)).toEqual(["spot", "spot", "spot"]);
    expect(before?.kind).toBe("STAY");
    expect(before?.sentence).not.toContain("of its owner's");
    await passMinutes(lab, 26 * 60);
    await lab.sweep();
    await passMinutes(lab, 3 * 60);
    expect(lifecyclesIn(lab)).toEqual([undefined, undefined, undefined]);
    expect(await lab.started()).toEqual([targetId, targetId]);
  });
});
