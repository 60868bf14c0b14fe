import { describe, expect, it } from "@jest/globals";
import { isReady } from "../../../local/cloud/kubernetes/objects.ts";
import { createNodeLab } from "../../../local/lab/node-lab.ts";

describe("the laboratory with a cluster", () => {
  it.each([
    { group: "its owner's own", isManaged: false },
    { group: "a managed", isManaged: true },
  ])("has nodes of $group group that are registered, and pods that run", async ({ isManaged }) => {
    const lab = await createNodeLab({ isManaged, scope: "ALL" });
    expect(lab.targetId).toMatch(/^tgt-/);
    expect(lab.before.nodes).toHaveLength(3);
    expect(lab.before.own).toMatchObject({ desired: 3 });
    expect(lab.before.spot).toMatchObject({ desired: 0 });
    const pods = lab.mirror.pods();
    expect(pods.filter(isReady)).toHaveLength(10);
    expect(lab.capacity.samples()).toMatchObject([{ desired: 3, asked: 3, serving: 3 }]);
  });

  it("has the workloads that it is given", async () => {
    const lab = await createNodeLab({
      workloads: [
        { kind: "Job", name: "report", replicas: 2, runSeconds: 30 },
        { kind: "Pod", name: "alone" },
        { kind: "StatefulSet", name: "cache", replicas: 2, budget: { minAvailable: "50%" } },
      ],
    });
    const phases = lab.mirror
      .pods()
      .map(({ metadata, status }) => `${metadata.labels?.app ?? ""} ${status.phase}`);
    expect(phases.toSorted()).toEqual([
      "alone Running",
      "cache Running",
      "cache Running",
      "report Succeeded",
      "report Succeeded",
    ]);
    expect(lab.pods.budgets()).toMatchObject([
      { budget: "default/cache", samples: [{ healthy: 2, desired: 1, expected: 2 }] },
    ]);
  });
});
