/** What is reserved is paid whether it is used or not: a group keeps as many On-Demand members as that pays for. */
import { describe, expect, it } from "@jest/globals";
import { createGroupLab, type GroupEnding, type GroupLab } from "../../../local/lab/group-lab.ts";

const labOf = async (
  count: number,
  policy: Readonly<Record<string, unknown>> = {},
): Promise<GroupLab> => {
  const lab = await createGroupLab({ size: 4, policy: { batch_size: 2, ...policy } });
  const { accountId, region } = lab.name;
  const instanceType = "m5.large";
  lab.platform.ec2.control.addReservedInstances({ accountId, region, instanceType, count });
  return lab;
};

const onSpot = ({ group }: GroupEnding): number =>
  group?.members.filter(({ lifecycle }) => lifecycle === "spot").length ?? 0;

describe("a group whose members Reserved Instances cover", () => {
  it("Reserved Instances and Savings Plans go on after the victim is gone: refused with the number where all are covered", async () => {
    const ending = await (await labOf(4)).run();
    expect(ending.evaluation.verdict).toMatchObject({
      kind: "REFUSE",
      reason: "COVERED_BY_RESERVATION",
    });
    expect(ending.evaluation.verdict?.sentence).toMatch(
      /^4 Reserved Instances of m5.large cover all 4 running: for each of 4 members of group web that could be converted Spot would add at least \$/,
    );
    expect(onSpot(ending)).toBe(0);
  });

  it("keeps as many as are covered, over all of its batches, and says so", async () => {
    const ending = await (await labOf(1)).run();
    expect(ending.status).toBe("SWITCHED");
    expect(onSpot(ending)).toBe(3);
    expect(ending.evaluation.verdict?.sentence).toMatch(
      /^3 of 4 members .*1 member more stays On-Demand, for .*1 Reserved Instance of m5.large for 4 running/,
    );
  });

  it("looked at again, it is refused for the rest", async () => {
    const lab = await labOf(1);
    await lab.run();
    const ending = await lab.run();
    expect(onSpot(ending)).toBe(3);
    expect(ending.evaluation.verdict?.kind).not.toBe("SWITCH");
  });

  it("goes back to On-Demand as a whole, however many Reserved Instances there are", async () => {
    const lab = await labOf(4, { respect_reservations: false });
    await lab.run();
    const back = await lab.run("ON_DEMAND");
    expect([back.status, onSpot(back)]).toEqual(["FELL_BACK", 0]);
  });

  it("goes as a whole where its owner does not respect what is reserved", async () => {
    const ending = await (await labOf(4, { respect_reservations: false })).run();
    expect(onSpot(ending)).toBe(4);
  });

  it("saves less by what a Savings Plan pays of each member, and stays where nothing is left", async () => {
    const ending = await (await labOf(0, { covered_hourly_usd: 0.08 })).run();
    expect(ending.evaluation.verdict).toMatchObject({
      kind: "STAY",
      reason: "SAVINGS_BELOW_MINIMUM",
    });
    expect(onSpot(ending)).toBe(0);
  });
});
