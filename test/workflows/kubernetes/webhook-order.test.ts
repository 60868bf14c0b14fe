/** Pods that the API server asks before it admits others leave their node late, where our group may see which they are. */
import { describe, expect, it } from "@jest/globals";
import { optionalRole, ourGroup } from "../../../adapters/kubernetes/rights.ts";
import { isOurCall } from "../../../local/lab/cluster-mirror.ts";
import { complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import { createNodeLab, type NodeLab } from "../../../local/lab/node-lab.ts";
import type { WorkloadDescription } from "../../../local/platform/customer-workloads.ts";

/** Each node has a pod of all of them; by name those of the webhook would be the first to go. */
const withWebhook: readonly WorkloadDescription[] = [
  { kind: "Deployment", name: "admission", replicas: 6, cpu: "50m" },
  { kind: "Deployment", name: "web", replicas: 6, cpu: "50m", budget: { maxUnavailable: 1 } },
];

const addWebhook = ({ cluster: { kubernetes } }: NodeLab): void => {
  const service = { namespace: "default", name: "admission" };
  kubernetes.control.add("services", {
    metadata: service,
    spec: { selector: { app: "admission" } },
  });
  kubernetes.control.add("validatingwebhookconfigurations", {
    metadata: { name: "admission" },
    webhooks: [{ name: "admission.example.com", clientConfig: { service } }],
  });
};

/** Apps of the pods that were evicted, in order. */
const evictedFrom = ({ cluster: { kubernetes } }: NodeLab): readonly string[] => {
  const apps: string[] = [];
  kubernetes.faults.before((call) => {
    if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
    const pod = kubernetes.control.get("pods", call);
    apps.push(pod?.metadata.labels?.["app"] ?? "");
  });
  return apps;
};

const takeAway = ({ cluster: { kubernetes } }: NodeLab, resource: string): void => {
  const role = kubernetes.control.get("clusterroles", { name: ourGroup });
  if (role === undefined) throw new Error("Our group has no role.");
  const rules = (role.rules ?? []).filter(
    ({ resources }) => resources?.includes(resource) !== true,
  );
  kubernetes.control.change("clusterroles", { ...role, rules });
};

describe("a webhook that is asked about new pods, on the node that goes", () => {
  it("has its pods evicted when all others are gone, where our group may see whose pods they are", async () => {
    const lab = await createNodeLab({ workloads: withWebhook });
    addWebhook(lab);
    const apps = evictedFrom(lab);
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(apps.length).toBeGreaterThan(2);
    const first = apps.indexOf("admission");
    expect(first).toBeGreaterThan(0);
    expect(apps.slice(first)).toEqual(apps.slice(first).map(() => "admission"));
    expect(complaintsAboutNodes(lab, ending)).toEqual([]);
    expect(ending.evaluation.verdict?.sentence).not.toContain("webhooks was not checked");
  });

  it("is not known without the optional right, and the verdict says so: nothing is refused", async () => {
    const lab = await createNodeLab({ workloads: withWebhook });
    addWebhook(lab);
    takeAway(lab, "validatingwebhookconfigurations");
    const apps = evictedFrom(lab);
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(apps[0]).toBe("admission");
    expect(ending.evaluation.verdict?.sentence).toContain("webhooks was not checked");
    expect(ending.evaluation.verdict?.sentence).toContain(optionalRole);
  });
});
