/** Auto Scaling does not show the group of the nodes for some minutes, though it is there: not visible is not absent. */
import { expect, it } from "@jest/globals";
import { createNodeLab } from "../../../local/lab/node-lab.ts";

it("ends no new node that EC2 shows as a member of a group which Auto Scaling does not show", async () => {
  const lab = await createNodeLab({ nodes: { size: 2, max: 4, zones: 1 } });
  const { clock, faults } = lab.platform.cloud;
  let untilMs: number | undefined;
  faults.after(({ operation, caller }, output) => {
    if (operation === "SetInstanceProtection" && caller.sessionName !== undefined) {
      untilMs ??= clock.now() + 10 * 60_000;
    }
    if (operation !== "DescribeAutoScalingGroups" || clock.now() >= (untilMs ?? 0)) return;
    (output as { readonly AutoScalingGroups: unknown[] }).AutoScalingGroups.length = 0;
  });
  const { status, effects, after } = await lab.run();
  const actions = effects.map(({ action }) => action);
  expect(status).toBe("ROLLED_BACK");
  expect(actions).not.toContain("TerminateInstances");
  expect(after.own.desired).toBe(lab.before.own.desired);
  const ids = (members: typeof after.own.members) =>
    members.map(({ instanceId }) => instanceId).toSorted();
  expect(ids(after.own.members)).toEqual(ids(lab.before.own.members));
  expect(after.own.tags).toEqual(lab.before.own.tags);
});
