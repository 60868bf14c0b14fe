/** What happens to a converted group by itself, as the simulated Auto Scaling has it: what the verdict and the docs tell before the first swap. */
import { describe, expect, it } from "@jest/globals";
import { asOwner, labOf, membersOf, onSpot, type DayLab } from "./group-days.ts";

/** Two of its four members stand on Spot, and two are On-Demand, launched from the group's template. */
const halfConverted = async (): Promise<DayLab> => {
  const lab = await labOf({ size: 4, max: 8, policy: { on_demand_base: 2 } });
  const ending = await lab.run();
  expect(onSpot(ending.group)).toBe(2);
  return lab;
};

const pass = ({ account: { clock } }: DayLab, minutes: number) =>
  clock.run({ atMostMs: clock.now() + minutes * 60_000 });

describe("a group of which a part stands on Spot", () => {
  it("loses that part to an instance refresh with skip matching: it shows neither the group's template nor its type", async () => {
    const lab = await halfConverted();
    const before = membersOf(lab.group());
    lab.platform.autoScaling.control.startRefresh(lab.name, {
      Preferences: { SkipMatching: true },
    });
    await pass(lab, 60);
    const after = lab.group();
    expect(onSpot(after)).toBe(0);
    expect(membersOf(after).filter((id) => before.includes(id))).toHaveLength(2);
  });

  it("loses that part first to a scale-in by the default termination policy", async () => {
    const lab = await halfConverted();
    await asOwner(lab)("SetDesiredCapacity", { DesiredCapacity: 2 });
    await pass(lab, 15);
    const { members = [] } = lab.group() ?? {};
    expect(members).toHaveLength(2);
    expect(onSpot(lab.group())).toBe(0);
  });

  it("gets On-Demand at a scale-out, from the group's template", async () => {
    const lab = await halfConverted();
    await asOwner(lab)("SetDesiredCapacity", { DesiredCapacity: 5 });
    await pass(lab, 15);
    expect(lab.group()?.members).toHaveLength(5);
    expect(onSpot(lab.group())).toBe(2);
  });
});
