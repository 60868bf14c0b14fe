/** A roll-back in a cluster that has become full meanwhile. */
import { expect, it } from "@jest/globals";
import { refuse } from "../../../local/cloud/kubernetes/refusals.ts";
import { isOurCall } from "../../../local/lab/cluster-mirror.ts";
import { createNodeLab, type NodeLab } from "../../../local/lab/node-lab.ts";

const running = ({ cluster: { kubernetes } }: NodeLab, app: string): number =>
  kubernetes.control
    .list("pods")
    .filter(({ metadata, status }) => metadata.labels?.app === app && status.phase === "Running")
    .length;

/** Its owner takes the rest of the room, in the instant in which an eviction is refused to us. */
const fillWhenRefused = ({ cluster: { kubernetes } }: NodeLab, replicas: number): void => {
  let evictions = 0;
  kubernetes.faults.before((call) => {
    if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
    evictions += 1;
    if (evictions !== 2) return;
    const batch = kubernetes.control.get("deployments", { namespace: "default", name: "batch" });
    if (batch === undefined) throw new Error("There is no Deployment batch.");
    kubernetes.control.change("deployments", { ...batch, spec: { ...batch.spec, replicas } });
    throw refuse(403, "Forbidden", {
      message: 'User "us" cannot create resource "pods/eviction" in API group ""',
    });
  });
};

const open = (): Promise<NodeLab> =>
  createNodeLab({
    nodes: { size: 2, min: 1, max: 6, zones: 1 },
    workloads: [
      { kind: "Deployment", name: "web", replicas: 6, cpu: "500m" },
      { kind: "Deployment", name: "batch", replicas: 0, cpu: "500m" },
    ],
  });

it("sends no pod away from the new node for which there is no other: both nodes stay, and a person is told", async () => {
  const lab = await open();
  fillWhenRefused(lab, 4);
  const ending = await lab.run();
  expect(running(lab, "web")).toBe(6);
  expect(ending.status).toBe("NEEDS_OPERATOR");
  expect(ending.evaluation.outcome?.sentence).toContain("No other node has room for pod default/");
  expect(ending.after.nodes).toHaveLength(3);
});

it("empties and ends the new node where there is room for all", async () => {
  const lab = await open();
  fillWhenRefused(lab, 0);
  const ending = await lab.run();
  expect(running(lab, "web")).toBe(6);
  expect(ending.status).toBe("ROLLED_BACK");
  expect(ending.after.nodes).toHaveLength(2);
});
