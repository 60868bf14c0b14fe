/** Bad days of a drain that only the whole workflow shows; docs/workflows/kubernetes-days.md tells them. */
import { describe, expect, it } from "@jest/globals";
import { refuse } from "../../../local/cloud/kubernetes/refusals.ts";
import { isOurCall } from "../../../local/lab/cluster-mirror.ts";
import { complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import { createNodeLab } from "../../../local/lab/node-lab.ts";

describe("a cluster that does not answer as it should, in the middle of a drain", () => {
  it("401 for 60 s mid-drain: the run goes on, and nothing is rolled back", async () => {
    const lab = await createNodeLab({});
    let since: number | undefined;
    let refused = 0;
    lab.cluster.kubernetes.faults.before((call) => {
      if (!isOurCall(call)) return;
      if (call.verb === "create" && call.resource === "pods/eviction" && !call.isDryRun) {
        since ??= call.at;
      }
      if (since === undefined || call.at - since > 60_000 || call.at === since) return;
      refused += 1;
      throw refuse(401, "Unauthorized", { message: "Unauthorized" });
    });
    const ending = await lab.run();
    expect(refused).toBeGreaterThan(0);
    expect(ending.status).toBe("SWITCHED");
    expect(complaintsAboutNodes(lab, ending)).toEqual([]);
  });
});

describe("an interruption that EC2 announces for the new node, in the middle of a drain", () => {
  it("is seen before the next eviction: the pods that are left stay where they are", async () => {
    const lab = await createNodeLab({
      nodes: { size: 2, min: 1, max: 6, zones: 1 },
      workloads: [
        {
          kind: "Deployment",
          name: "web",
          replicas: 8,
          cpu: "50m",
          budget: { maxUnavailable: 1 },
        },
      ],
    });
    const { cluster, platform } = lab;
    let evictions = 0;
    cluster.kubernetes.faults.after((call) => {
      if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
      if (ended) return;
      evictions += 1;
      if (evictions > 1) return;
      const { members = [] } =
        platform.autoScaling.control.find({ ...cluster.place, name: cluster.groupName }) ?? {};
      const fresh = members.find(({ instanceId }) => !cluster.instanceIds.includes(instanceId));
      platform.ec2.control.interrupt(fresh?.instanceId ?? "", { noticeSeconds: 120 });
    });
    // What the roll-back evicts leaves the new node.
    let ended = false;
    cluster.kubernetes.faults.before((call) => {
      ended ||= call.resource === "nodes" && call.verb === "patch" && evictions > 0;
    });
    const ending = await lab.run();
    expect(evictions).toBe(1);
    expect(ending.status).toBe("ROLLED_BACK");
    expect(lab.invariant.broken).toEqual([]);
  });
});
