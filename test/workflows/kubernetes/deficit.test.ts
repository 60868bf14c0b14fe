import { expect, it } from "@jest/globals";
import { isOurCall } from "../../../local/lab/cluster-mirror.ts";
import { createNodeLab } from "../../../local/lab/node-lab.ts";

it("takes no node from a group that is short of another one already, and goes on once that is made up for", async () => {
  const lab = await createNodeLab({
    workloads: [{ kind: "Deployment", name: "web", replicas: 3, cpu: "50m" }],
  });
  const { cluster, platform } = lab;
  const release = cluster.kubernetes.faults.after((call) => {
    if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
    release();
    // Another node than the one that is drained.
    platform.ec2.control.terminateByOwner(cluster.instanceIds[1] ?? "");
  });
  const ending = await lab.run();
  expect(lab.capacity.broken()).toEqual([]);
  expect(ending.status).toBe("SWITCHED");
  expect(ending.after.own.members).toHaveLength(3);
});
