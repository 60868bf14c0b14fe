/** Auto Scaling does not show a group for some minutes, though it is there: not visible is not absent. */
import { expect, it } from "@jest/globals";
import { after, callsOf, labOf, onSpot, stagesOf } from "./group-days.ts";

it("ends no replacement that EC2 shows as a member of a group which Auto Scaling does not show", async () => {
  const lab = await labOf({ size: 3, max: 6, zones: 1, policy: { batch_size: 1 } });
  const { clock, faults } = lab.platform.cloud;
  let untilMs = 0;
  after(lab, "TerminateInstanceInAutoScalingGroup", 1, () => {
    untilMs = clock.now() + 10 * 60_000;
  });
  faults.after(({ operation }, output) => {
    if (operation !== "DescribeAutoScalingGroups" || clock.now() >= untilMs) return;
    (output as { readonly AutoScalingGroups: unknown[] }).AutoScalingGroups.length = 0;
  });
  const ending = await lab.run();
  expect(stagesOf(ending.swaps)).toEqual(["DONE"]);
  expect([ending.group?.desired, onSpot(ending.group)]).toEqual([3, 1]);
  expect(callsOf(ending, "TerminateInstances")).toBe(0);
  expect(lab.capacity.broken).toEqual([]);
  const left = ending.group?.members.filter(({ isProtected }) => isProtected) ?? [];
  expect([left, ending.group?.tags]).toEqual([[], lab.before.tags]);
});
