/** A node whose kubelet falls silent in the middle of its drain: what EC2 says of it decides. */
import { describe, expect, it } from "@jest/globals";
import { isOurCall } from "../../../local/lab/cluster-mirror.ts";
import { complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import { createNodeLab, type NodeLab } from "../../../local/lab/node-lab.ts";
import type { WorkloadDescription } from "../../../local/platform/customer-workloads.ts";

/** Its kubelet falls silent as the first pod is evicted. Its group looks away: what EC2 shows is all that is known. */
const silenceOriginal = (lab: NodeLab, isDead: boolean): void => {
  const { kubernetes, place, groupName } = lab.cluster;
  const release = kubernetes.faults.before((call) => {
    if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
    release();
    const { spec } = kubernetes.control.get("pods", call) ?? {};
    const node = kubernetes.control.get("nodes", { name: spec?.nodeName ?? "" });
    if (node === undefined) throw new Error("The pod is on no node.");
    const instanceId = node.spec.providerID?.split("/").at(-1);
    lab.platform.autoScaling.control.suspendAdministratively({ ...place, name: groupName }, [
      "HealthCheck",
    ]);
    kubernetes.control.stopKubelet(node.metadata.name);
    const lastTransitionTime = new Date(call.at).toISOString();
    const conditions = [{ type: "Ready", status: "Unknown" as const, lastTransitionTime }];
    kubernetes.control.change("nodes", { ...node, status: { ...node.status, conditions } });
    if (isDead) lab.platform.ec2.control.failChecks(({ id }) => id === instanceId);
  });
};

describe("a node whose kubelet falls silent in the middle of its drain", () => {
  const workloads: readonly WorkloadDescription[] = [
    { kind: "Deployment", name: "web", replicas: 4, cpu: "50m", budget: { maxUnavailable: 1 } },
  ];

  it("is waited for, and not ended, while EC2's checks of it pass", async () => {
    const lab = await createNodeLab({ workloads });
    silenceOriginal(lab, false);
    const ending = await lab.run();
    expect(ending.status).toBe("NEEDS_OPERATOR");
    expect(ending.after.nodes.map(({ metadata }) => metadata.name)).toEqual(
      expect.arrayContaining(lab.before.nodes.map(({ metadata }) => metadata.name)),
    );
  });

  it("is ended after five minutes where EC2's checks of it have failed: what hangs there is not waited for", async () => {
    const lab = await createNodeLab({ workloads });
    silenceOriginal(lab, true);
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    const { beganAt = "", emptySince = "" } = ending.evaluation.progress.drain ?? {};
    expect(Date.parse(emptySince) - Date.parse(beganAt)).toBeGreaterThan(5 * 60_000);
    // The server knows nothing of a node that does not speak: its pods stand there to the last.
    const complaints = complaintsAboutNodes(lab, ending).filter(
      (sentence) => !sentence.includes("still runs on"),
    );
    expect(complaints).toEqual(['suspended was [] and is ["HealthCheck"].']);
  });
});
