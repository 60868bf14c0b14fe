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

it("takes no node from a group while EC2 is about to take another one back, for that one no longer counts as serving", async () => {
  const lab = await createNodeLab({
    scope: "ALL",
    nodes: { size: 2, min: 1, max: 6, zones: 1 },
    workloads: [{ kind: "Deployment", name: "web", replicas: 3, cpu: "50m" }],
  });
  const { cluster, platform } = lab;
  const newMembers = (): readonly string[] => {
    const { members = [] } =
      platform.autoScaling.control.find({ ...cluster.place, name: cluster.groupName }) ?? {};
    return members
      .map(({ instanceId }) => instanceId)
      .filter((id) => !cluster.instanceIds.includes(id));
  };
  let first = "";
  let taken = "";
  cluster.kubernetes.faults.after((call) => {
    if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
    if (first === "") [first = ""] = newMembers();
    // The second node is drained: what has taken over from the first is to go.
    if (taken !== "" || newMembers().length < 2) return;
    taken = first;
    platform.ec2.control.interrupt(taken, { noticeSeconds: 120 });
  });
  const ending = await lab.run();
  expect(taken).not.toBe("");
  expect(lab.capacity.broken()).toEqual([]);
  expect(ending.swaps.map(({ stage }) => stage)).toContain("DONE");
});
