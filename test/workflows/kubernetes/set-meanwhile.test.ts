/** Somebody sets the size of a self-managed group between our last look and our call that lets a node leave it: AWS takes no condition with that call. */
import { describe, expect, it } from "@jest/globals";
import { getEvaluation } from "../../../adapters/store/evaluations.ts";
import { evaluationIdSchema } from "../../../core/model/ids.ts";
import { refuse } from "../../../local/cloud/kubernetes/refusals.ts";
import { isOurCall } from "../../../local/lab/cluster-mirror.ts";
import { createKiller, refusals } from "../../../local/lab/harm.ts";
import { complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import { createNodeLab, type NodeLab, type NodeLabOptions } from "../../../local/lab/node-lab.ts";
import { startEvaluation } from "../../../local/lab/subject.ts";

const three = { nodes: { size: 3, min: 1, max: 8, zones: 1 } } as const satisfies NodeLabOptions;

/** Nothing else happens before. */
const untilOneLeaves = {
  undisturbedUntil: { calls: "TerminateInstanceInAutoScalingGroup" },
} as const satisfies NodeLabOptions;
const untilPodsLeave = {
  undisturbedUntil: { begins: "kubernetes-drain-poll" },
} as const satisfies NodeLabOptions;

const managed = {
  isManaged: true,
  nodes: { size: 3, min: 1, max: 6, zones: 1 },
  policy: { spot_node_group: "spot" },
} as const satisfies NodeLabOptions;

/** Once. Which node our call names. */
const setAtOurCall = (
  { platform, cluster }: NodeLab,
  desired: number,
  groupName = cluster.groupName,
) => {
  const name = { ...cluster.place, name: groupName };
  let taken = "";
  platform.cloud.faults.before(({ operation, caller, input }) => {
    const isOurs = caller.sessionName !== undefined;
    if (operation !== "TerminateInstanceInAutoScalingGroup" || !isOurs || taken !== "") return;
    taken = (input as { readonly InstanceId: string }).InstanceId;
    platform.autoScaling.control.applyPolicy(name, { desired });
  });
  return { taken: () => taken };
};

/** No pod may be evicted: what was launched is given up, and leaves with its place. */
const refuseEvictions = ({ cluster }: NodeLab): void => {
  cluster.kubernetes.faults.before((call) => {
    if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
    throw refuse(403, "Forbidden", { message: "No right to create pods/eviction." });
  });
};

/** Once: AWS has acted, and the function dies before it can note so. `meanwhile` happens before it is tried again. */
const dieAfterOurCall = (
  { platform }: NodeLab,
  meanwhile: () => void | Promise<void> = () => undefined,
  ofOurs = "TerminateInstanceInAutoScalingGroup",
) => {
  const killer = createKiller();
  platform.cloud.faults.after(async ({ operation, caller }) => {
    const isOurs = caller.sessionName !== undefined;
    if (operation !== ofOurs || !isOurs || killer.deaths > 0) return;
    await meanwhile();
    await killer.die();
  });
  return killer;
};

const sentence = ({ cluster }: NodeLab, wanted: number, taken: string): string =>
  `Somebody set the desired capacity of group ${cluster.groupName} to ${String(wanted)} in the instant in which ${taken} was asked to leave, which has lowered it by one.`;

describe("a size that is set in the instant in which a node is asked to leave", () => {
  // Three are asked for, and four stand there with ours: a cluster autoscaler that remembers three sets three.
  it.each([2, 3, 5])("is told to its owner where no other node follows: %i", async (wanted) => {
    const lab = await createNodeLab({ ...three, ...untilOneLeaves });
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
    const lab = await createNodeLab({ ...three, ...untilOneLeaves, scope: "ALL" });
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

  it("is given back by the next node that joins, and by none that is ours where its owner sets one more meanwhile", async () => {
    const lab = await createNodeLab({ ...three, ...untilOneLeaves, scope: "ALL" });
    setAtOurCall(lab, 6);
    const name = { ...lab.cluster.place, name: lab.cluster.groupName };
    const { control } = lab.platform.autoScaling;
    let attaches = 0;
    lab.platform.cloud.faults.after(({ operation }) => {
      if (operation !== "AttachInstances") return;
      attaches += 1;
      // The second has made six of the five that our call had left.
      if (attaches === 2) control.applyPolicy(name, { desired: 7 });
    });
    const ending = await lab.run();
    expect(ending.swaps[1]).toMatchObject({ stage: "ABSORBED" });
    expect(ending.swaps[1]?.sentence).not.toContain("in the instant");
    expect(ending.after.own.desired).toBe(7);
    expect(lab.capacity.broken()).toEqual([]);
  });

  it("is told where the answer of our call is lost", async () => {
    const lab = await createNodeLab({ ...three, ...untilOneLeaves });
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
    const lab = await createNodeLab({ ...three, ...untilPodsLeave });
    refuseEvictions(lab);
    const { taken } = setAtOurCall(lab, 5);
    const ending = await lab.run();
    const [swap] = ending.swaps;
    expect(ending.status).toBe("ROLLED_BACK");
    expect(swap).toMatchObject({ stage: "UNDONE", replacement: { instanceId: taken() } });
    expect(swap?.sentence).toContain(sentence(lab, 5, taken()));
    expect(lab.capacity.broken()).toEqual([]);
  });

  it.each([2, 3, 5])(
    "is told where a roll-back lets the replacement leave, and dies before it can note what its call met: %i",
    async (wanted) => {
      const lab = await createNodeLab({ ...three, ...untilPodsLeave });
      refuseEvictions(lab);
      const { taken } = setAtOurCall(lab, wanted);
      const killer = dieAfterOurCall(lab);
      const ending = await lab.run();
      const [swap] = ending.swaps;
      expect(killer.deaths).toBe(1);
      expect(ending.status).toBe("ROLLED_BACK");
      expect(swap).toMatchObject({ stage: "UNDONE", replacement: { instanceId: taken() } });
      expect(swap?.sentence).toContain(sentence(lab, wanted, taken()));
      expect(swap?.sentence).toContain(`set it to ${String(wanted)} if as many are still wanted`);
      expect(ending.after.own.desired).toBe(wanted - 1);
      expect(complaintsAboutNodes(lab, ending, { isDisturbed: true })).toEqual([]);
    },
  );

  it("is told where the function that asked an original to leave dies, and its execution is rolled back", async () => {
    const lab = await createNodeLab({ ...three, ...untilOneLeaves });
    const { account, platform, targetId } = lab;
    const { taken } = setAtOurCall(lab, 5);
    const started = await startEvaluation(account, targetId);
    const id = evaluationIdSchema.parse(started.evaluation_id);
    const killer = dieAfterOurCall(lab, async () => {
      const { executionArn = "" } = (await getEvaluation(account.table, id)) ?? {};
      await platform.interpreter.stop({ executionArn });
    });
    await account.clock.run({ atMostMs: account.clock.now() + 90 * 60_000 });
    expect(killer.deaths).toBe(1);
    const path = `/evaluations/${id}/roll-back`;
    const answer = await account.api.send({ method: "POST", path, body: { reason: "drill" } });
    expect(answer.status).toBe(202);
    const ending = await lab.finish(id);
    expect(ending.swaps[0]).toMatchObject({ stage: "DONE", originalId: taken() });
    expect(ending.swaps[0]?.sentence).toContain(sentence(lab, 5, taken()));
    expect(complaintsAboutNodes(lab, ending, { isDisturbed: true })).toEqual([]);
  });

  it("is not told of where nobody has set one", async () => {
    const lab = await createNodeLab(three);
    const ending = await lab.run();
    expect(complaintsAboutNodes(lab, ending)).toEqual([]);
    expect(ending.swaps[0]?.sentence).not.toContain("in the instant");
  });
});

describe("a size of the Spot node group that is set in the instant in which a roll-back lets its node leave", () => {
  it.each([false, true])("is told to its owner, where the function dies then: %s", async (dies) => {
    const lab = await createNodeLab({ ...managed, ...untilPodsLeave });
    refuseEvictions(lab);
    const { taken } = setAtOurCall(lab, 3, lab.cluster.spotGroupName);
    const killer = dies ? dieAfterOurCall(lab) : undefined;
    const ending = await lab.run();
    expect(killer?.deaths).toBe(dies ? 1 : undefined);
    expect(ending.status).toBe("ROLLED_BACK");
    expect(ending.swaps[0]?.sentence).toContain(
      `Somebody set the desired capacity of group ${lab.cluster.spotGroupName} to 3 in the instant in which ${taken()} was asked to leave`,
    );
    expect(ending.after.spot.desired).toBe(2);
    expect(complaintsAboutNodes(lab, ending, { isDisturbed: true })).toEqual([]);
  });
});

describe("a function that dies right after it has let a replacement leave", () => {
  it.each([
    ["nobody has set another size", undefined],
    ["the owner has set a lower size since", 1],
    ["the owner has set the size that it had with the replacement", 4],
    ["the owner has set a higher size since", 6],
  ])("leaves the size that its owner wants where %s", async (_when, wanted) => {
    const lab = await createNodeLab({ ...three, ...untilPodsLeave });
    refuseEvictions(lab);
    const name = { ...lab.cluster.place, name: lab.cluster.groupName };
    const killer = dieAfterOurCall(lab, () => {
      if (wanted === undefined) return;
      lab.platform.autoScaling.control.applyPolicy(name, { desired: wanted });
    });
    const ending = await lab.run();
    expect(killer.deaths).toBe(1);
    expect(ending.status).toBe("ROLLED_BACK");
    expect(ending.swaps[0]).toMatchObject({ stage: "UNDONE" });
    expect(ending.swaps[0]?.sentence).not.toContain("in the instant");
    expect(ending.after.own.desired).toBe(wanted ?? 3);
    expect(complaintsAboutNodes(lab, ending, { isDisturbed: wanted !== undefined })).toEqual([]);
  });

  it.each([
    ["nobody has set another size", undefined],
    ["the owner has set the size that it had with the replacement", 4],
    ["the owner has set a lower size since", 2],
  ])("leaves it where EC2 takes the replacement back, and %s", async (_when, wanted) => {
    const lab = await createNodeLab({ ...three, ...untilPodsLeave });
    const { platform, cluster } = lab;
    const name = { ...cluster.place, name: cluster.groupName };
    // Nobody goes over to a node that is about to be taken: it leaves at once, by a detach.
    cluster.kubernetes.faults.before((call) => {
      if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
      const fresh = platform.autoScaling.control
        .find(name)
        ?.members.find(({ lifecycle }) => lifecycle === "spot");
      if (fresh !== undefined) {
        platform.ec2.control.interrupt(fresh.instanceId, { noticeSeconds: 120 });
      }
      throw refuse(403, "Forbidden", { message: "No right to create pods/eviction." });
    });
    const killer = dieAfterOurCall(
      lab,
      () => {
        if (wanted !== undefined)
          platform.autoScaling.control.applyPolicy(name, { desired: wanted });
      },
      "DetachInstances",
    );
    const ending = await lab.run();
    expect(killer.deaths).toBe(1);
    expect(ending.status).toBe("ROLLED_BACK");
    expect(ending.after.own.desired).toBe(wanted ?? 3);
    expect(complaintsAboutNodes(lab, ending, { isDisturbed: true })).toEqual([]);
  });

  it("never takes for its own what the Spot node group launches for somebody else since", async () => {
    const lab = await createNodeLab({ ...managed, ...untilPodsLeave });
    refuseEvictions(lab);
    const name = { ...lab.cluster.place, name: lab.cluster.spotGroupName };
    const { control } = lab.platform.autoScaling;
    const killer = dieAfterOurCall(lab, () => {
      control.applyPolicy(name, { desired: lab.before.spot.desired + 1 });
    });
    const ending = await lab.run();
    expect(killer.deaths).toBe(1);
    expect(ending.status).toBe("ROLLED_BACK");
    const { desired, members } = ending.after.spot;
    expect(desired).toBe(lab.before.spot.desired + 1);
    const staying = members.filter(({ state }) => state === "InService");
    expect(staying).toHaveLength(desired);
    expect(complaintsAboutNodes(lab, ending, { isDisturbed: true })).toEqual([]);
  });
});
