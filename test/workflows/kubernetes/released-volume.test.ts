import { expect, it } from "@jest/globals";
import type { PersistentVolume } from "../../../local/cloud/kubernetes/objects.ts";
import { createNodeLab } from "../../../local/lab/node-lab.ts";

const affinityTo = (key: string, value: string): PersistentVolume["spec"]["nodeAffinity"] => ({
  required: {
    nodeSelectorTerms: [{ matchExpressions: [{ key, operator: "In", values: [value] }] }],
  },
});

/** Its claim was deleted and made anew, as where a StatefulSet has moved to another zone; by its policy Retain it stays, and names the claim that it had. */
it.each([
  ["of another zone", affinityTo("topology.kubernetes.io/zone", "us-east-1z")],
  ["on another machine", affinityTo("kubernetes.io/hostname", "long-gone")],
])(
  "a volume that was released says nothing of the pod that has a claim of its name: one %s",
  async (_, nodeAffinity) => {
    const lab = await createNodeLab({
      nodes: { size: 2, min: 1, max: 6, zones: 1 },
      scope: "ALL",
      workloads: [{ kind: "StatefulSet", name: "db", hasVolume: true }],
    });
    const { control } = lab.cluster.kubernetes;
    const [bound] = control.list("persistentvolumes");
    if (bound === undefined) throw new Error("There is no volume.");
    control.add("persistentvolumes", {
      metadata: { name: "pv-before" },
      spec: { ...bound.spec, ...(nodeAffinity === undefined ? {} : { nodeAffinity }) },
      status: { phase: "Released" },
    });
    const ending = await lab.run();
    expect(ending.evaluation.outcome?.sentence).toContain("2 of 2 nodes");
    expect(ending.status).toBe("SWITCHED");
    expect(lab.invariant.broken).toEqual([]);
  },
);
