/** Somebody sets the size of a self-managed group between our last look and our call that lets a node leave it: AWS takes no condition with that call. */
import { describe, expect, it } from "@jest/globals";
import { refuse } from "../../../local/cloud/kubernetes/refusals.ts";
import { isOurCall } from "../../../local/lab/cluster-mirror.ts";
import { refusals } from "../../../local/lab/harm.ts";
import { complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import { createNodeLab, type NodeLab, type NodeLabOptions } from "../../../local/lab/node-lab.ts";

const three = { nodes: { size: 3, min: 1, max: 8, zones: 1 } } as const satisfies NodeLabOptions;

/** Once. Which node our call names. */
const setAtOurCall = ({ platform, cluster }: NodeLab, desired: number) => {
  const name = { ...cluster.place, name: cluster.groupName };
  let taken = "";
  platform.cloud.faults.before(({ operation, caller, input }) => {
    const isOurs = caller.sessionName !== undefined;
    if (operation !== "TerminateInstanceInAutoScalingGroup" || !isOurs || taken !== "") return;
    taken = (input as { readonly InstanceId: string }).InstanceId;
    platform.autoScaling.control.applyPolicy(name, { desired });
  });
  return { taken: () => taken };
};

const sentence = ({ cluster }: NodeLab, wanted: number, taken: string): string =>
  `Somebody set the desired capacity of group ${cluster.groupName} to ${String(wanted)} in the instant in which ${taken} was asked to leave, which has lowered it by one.`;

describe("a size that is set in the instant in which a node is asked to leave", () => {
  // Three are asked for, and four stand there with ours: a cluster autoscaler that remembers three sets three.
  it.each([2, 3, 5])("is told to its owner where no other node follows: %i", async (wanted) => {
    const lab = await createNodeLab(three);
    const { taken } = setAtOurCall(lab, wanted);
    const ending = await lab.run();
    const [swap] = ending.swaps;
    expect(swap).toMatchObject({ stage: "DONE", originalId: taken() });
    expect(swap?.sentence).toContain(sentence(lab, wanted, taken()));
    expect(swap?.sentence).toContain(`set it to ${String(wanted)} if as many are still wanted`);
    expect(ending.after.own.desired).toBe(wanted - 1);
    expect(complaintsAboutNodes(lab, ending, { isDisturbed: true })).toEqual([]);
    const untold = { ...ending, swaps: [] };
    expect(complaintsAboutNodes(lab, untold, { isDisturbed: true })).toEqual([
      "Nobody is told that 1 of what is asked for is not there.",
    ]);
  });

  it.each([3, 6])("is given back by the next node that joins: %i", async (wanted) => {
    const lab = await createNodeLab({ ...three, scope: "ALL" });
    const { taken } = setAtOurCall(lab, wanted);
    const ending = await lab.run();
    const [first, second] = ending.swaps;
    expect(first?.sentence).toContain(sentence(lab, wanted, taken()));
    expect(second).toMatchObject({ stage: "ABSORBED" });
    expect(second?.sentence).not.toContain("in the instant");
    expect(ending.after.own.desired).toBe(wanted);
    expect(ending.status).not.toBe("NEEDS_OPERATOR");
    expect(lab.capacity.broken()).toEqual([]);
  });

  it("is told where the answer of our call is lost", async () => {
    const lab = await createNodeLab(three);
    const { taken } = setAtOurCall(lab, 5);
    let isLost = false;
    lab.platform.cloud.faults.after(({ operation, caller }) => {
      const isOurs = caller.sessionName !== undefined;
      if (operation !== "TerminateInstanceInAutoScalingGroup" || !isOurs || isLost) return;
      isLost = true;
      throw refusals.unavailable();
    });
    const ending = await lab.run();
    expect(isLost).toBe(true);
    expect(ending.swaps[0]?.sentence).toContain(sentence(lab, 5, taken()));
    expect(complaintsAboutNodes(lab, ending, { isDisturbed: true })).toEqual([]);
  });

  it("is told where a roll-back lets the replacement leave", async () => {
    const lab = await createNodeLab(three);
    lab.cluster.kubernetes.faults.before((call) => {
      if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
      throw refuse(403, "Forbidden", { message: "No right to create pods/eviction." });
    });
    const { taken } = setAtOurCall(lab, 5);
    const ending = await lab.run();
    const [swap] = ending.swaps;
    expect(ending.status).toBe("ROLLED_BACK");
    expect(swap).toMatchObject({ stage: "UNDONE", replacement: { instanceId: taken() } });
    expect(swap?.sentence).toContain(sentence(lab, 5, taken()));
    expect(lab.capacity.broken()).toEqual([]);
  });

  it("is not told of where nobody has set one", async () => {
    const lab = await createNodeLab(three);
    const ending = await lab.run();
    expect(complaintsAboutNodes(lab, ending)).toEqual([]);
    expect(ending.swaps[0]?.sentence).not.toContain("in the instant");
  });
});
