/** What the owner of a node group does with a node once another has joined for it: whom he protects from scale-in, or puts on standby, he keeps. */
import { describe, expect, it } from "@jest/globals";
import { createNodeLab, type NodeLab } from "../../../local/lab/node-lab.ts";

/** With all members that are On-Demand, right after our first call of the operation. */
const keepAfter = (
  { platform, account, before }: NodeLab,
  operation: string,
  act: { readonly call: string; readonly how: object },
): void => {
  const { accountId, region } = account;
  const { accessKeyId } = platform.cloud.identities.addUser({ accountId, name: "owner" });
  const { name } = before.own;
  let isDone = false;
  platform.cloud.faults.after(async (call) => {
    if (isDone || call.caller.sessionName === undefined || call.operation !== operation) return;
    isDone = true;
    const { members = [] } = platform.autoScaling.control.find({ accountId, region, name }) ?? {};
    const InstanceIds = members.flatMap(({ lifecycle, instanceId }) =>
      lifecycle === undefined ? [instanceId] : [],
    );
    const input = { AutoScalingGroupName: name, InstanceIds, ...act.how };
    await platform.cloud.call({
      service: "autoscaling",
      operation: act.call,
      region,
      accessKeyId,
      input,
    });
  });
};

const labOf = (): Promise<NodeLab> => createNodeLab({ nodes: { size: 2, max: 6, zones: 1 } });

const acts = [
  {
    does: "protects from scale-in",
    call: "SetInstanceProtection",
    how: { ProtectedFromScaleIn: true },
    told: "protected from scale-in",
  },
  {
    does: "puts on standby",
    call: "EnterStandby",
    how: { ShouldDecrementDesiredCapacity: false },
    told: "Standby",
  },
];

describe.each(acts)("a node that its owner $does", (act) => {
  it("once another has joined loses no pod: the new one goes again", async () => {
    const lab = await labOf();
    keepAfter(lab, "SetInstanceProtection", act);
    const { status, swaps, effects, after } = await lab.run();
    expect([status, swaps.map(({ stage }) => stage)]).toEqual(["ROLLED_BACK", ["UNDONE"]]);
    expect(swaps[0]?.sentence).toContain(act.told);
    expect(effects.map(({ action }) => action)).not.toContain("EvictPods");
    expect(after.own.members.map(({ instanceId }) => instanceId)).toEqual(
      expect.arrayContaining(lab.before.own.members.map(({ instanceId }) => instanceId)),
    );
  });

  it("once it is empty is not ended: both stay, and a person is told", async () => {
    const lab = await labOf();
    keepAfter(lab, "DescribeTargetGroups", act);
    const { status, swaps, effects, after } = await lab.run();
    expect(status).toBe("NEEDS_OPERATOR");
    expect(swaps[0]?.sentence).toContain(act.told);
    const actions = effects.map(({ action }) => action);
    expect(actions).toContain("EvictPods");
    expect(actions).not.toContain("TerminateInstanceInAutoScalingGroup");
    expect(after.own.members.map(({ instanceId }) => instanceId)).toEqual(
      expect.arrayContaining(lab.before.own.members.map(({ instanceId }) => instanceId)),
    );
  });
});
