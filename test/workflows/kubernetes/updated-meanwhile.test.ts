import { expect, it } from "@jest/globals";
import { isOurCall } from "../../../local/lab/cluster-mirror.ts";
import { complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import { createNodeLab } from "../../../local/lab/node-lab.ts";

const updateMs = 4 * 60_000;

it("evicts nothing from a managed node group while EKS updates it, and goes on afterwards", async () => {
  const lab = await createNodeLab({
    isManaged: true,
    policy: { spot_node_group: "spot" },
    workloads: [
      { kind: "Deployment", name: "web", replicas: 8, cpu: "50m", budget: { maxUnavailable: 1 } },
    ],
  });
  const { cluster, platform, account } = lab;
  const named = { ...cluster.place, name: cluster.name };
  const [instanceId = ""] = cluster.instanceIds;
  const evictedAt: number[] = [];
  let updatedAt: number | undefined;
  cluster.kubernetes.faults.after((call) => {
    if (!isOurCall(call)) return;
    if (call.resource === "pods/eviction" && !call.isDryRun) evictedAt.push(call.at);
    const isCordoned = lab.mirror.nodeOf(instanceId)?.spec.unschedulable === true;
    if (updatedAt !== undefined || !isCordoned) return;
    updatedAt = call.at;
    platform.eks.control.setNodegroupStatus(named, cluster.nodeGroup, "UPDATING");
    account.clock.schedule(call.at + updateMs, () => {
      platform.eks.control.setNodegroupStatus(named, cluster.nodeGroup, "ACTIVE");
    });
  });
  const ending = await lab.run();
  expect(evictedAt).not.toEqual([]);
  expect(Math.min(...evictedAt)).toBeGreaterThan((updatedAt ?? Infinity) + updateMs);
  expect(ending.status).toBe("SWITCHED");
  expect(complaintsAboutNodes(lab, ending)).toEqual([]);
});
