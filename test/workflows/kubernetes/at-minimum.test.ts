/** A cluster autoscaler takes another node of a managed node group, which is at its minimum by that: none may leave it any longer. */
import { describe, expect, it } from "@jest/globals";
import { isOurCall } from "../../../local/lab/cluster-mirror.ts";
import { createNodeLab, type NodeLab, type NodeLabOptions } from "../../../local/lab/node-lab.ts";

const atTwo = (replicas: number): NodeLabOptions => ({
  isManaged: true,
  nodes: { size: 3, min: 2, max: 6, zones: 1 },
  policy: { spot_node_group: "spot" },
  workloads: [
    {
      kind: "Deployment",
      name: "web",
      replicas,
      cpu: "50m",
      budget: { maxUnavailable: 1 },
      readySeconds: 20,
    },
  ],
});

/** Another one than the oldest, which goes first. Source: Cluster Autoscaler, cloudprovider/aws, DeleteInstances. */
const takeAnother = async ({ platform, cluster }: NodeLab): Promise<void> => {
  const { accountId, region } = cluster.place;
  const { accessKeyId } = platform.cloud.identities.addUser({ accountId, name: "autoscaler" });
  await platform.cloud.call({
    service: "autoscaling",
    operation: "TerminateInstanceInAutoScalingGroup",
    region,
    accessKeyId,
    input: { InstanceId: cluster.instanceIds[1], ShouldDecrementDesiredCapacity: true },
  });
};

/** When they were sent. */
const watchEvictions = (
  lab: NodeLab,
  onFirst: () => Promise<void> = () => Promise.resolve(),
): readonly number[] => {
  const evictedAt: number[] = [];
  lab.cluster.kubernetes.faults.after(async (call) => {
    if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
    evictedAt.push(call.at);
    if (evictedAt.length === 1) await onFirst();
  });
  return evictedAt;
};

describe("a managed node group that has come to its minimum", () => {
  it("while the Spot node boots: no pod leaves the old one, and the Spot node ends", async () => {
    const lab = await createNodeLab(atTwo(6));
    const evictedAt = watchEvictions(lab);
    const release = lab.platform.cloud.faults.after(async ({ operation, caller }) => {
      if (operation !== "UpdateNodegroupConfig" || caller.sessionName === undefined) return;
      release();
      await takeAnother(lab);
    });
    const ending = await lab.run();
    expect(ending.status).toBe("ROLLED_BACK");
    expect(ending.evaluation.outcome?.sentence).toContain("is at its minimum of 2 by now");
    expect(evictedAt).toEqual([]);
    expect(ending.after.spot.members).toEqual([]);
    expect(lab.invariant.broken).toEqual([]);
  });

  it("in the middle of the drain: no more pods leave after that tick, and those that have go back", async () => {
    const lab = await createNodeLab(atTwo(30));
    const evictedAt = watchEvictions(lab, () => takeAnother(lab));
    const ending = await lab.run();
    expect(ending.status).toBe("ROLLED_BACK");
    expect(ending.evaluation.outcome?.sentence).toContain("is at its minimum of 2 by now");
    expect(ending.after.spot.members).toEqual([]);
    expect(lab.invariant.broken).toEqual([]);
    expect(evictedAt).not.toEqual([]);
  });
});
