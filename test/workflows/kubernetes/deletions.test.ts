/** Pods past their budgets at the deadline of a node: only where its owner has agreed, by policy and by a ClusterRole of its own. */
import { describe, expect, it } from "@jest/globals";
import { isOurCall } from "../../../local/lab/cluster-mirror.ts";
import { changesOf, complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import { createNodeLab, type NodeLab, type NodeLabOptions } from "../../../local/lab/node-lab.ts";

/** None of its pods is ever Ready, so that its budget allows none to leave. */
const held = {
  nodes: { size: 3, min: 1, max: 6, zones: 1 },
  workloads: [
    {
      kind: "Deployment",
      name: "web",
      replicas: 6,
      cpu: "50m",
      readySeconds: "never",
      budget: { maxUnavailable: 1 },
    },
  ],
} as const satisfies NodeLabOptions;

const impatient = { node_deadline_minutes: 5, no_progress_minutes: 60 };
const agreed = { ...impatient, delete_pods_at_deadline: true };

interface Deletion {
  readonly atMs: number;
  readonly graceSeconds: number | undefined;
  readonly uid: string | undefined;
}

const deletionsOf = ({ cluster: { kubernetes }, begin }: NodeLab): readonly Deletion[] =>
  kubernetes.journal
    .slice(begin.kubernetes)
    .filter((call) => isOurCall(call) && call.resource === "pods" && call.verb === "delete")
    .map(({ at: atMs, body }) => {
      const { gracePeriodSeconds: graceSeconds, preconditions } = body as {
        readonly gracePeriodSeconds?: number;
        readonly preconditions?: { readonly uid?: string };
      };
      return { atMs, graceSeconds, uid: preconditions?.uid };
    });

describe("pods that their budget holds at the deadline of a node", () => {
  it("stay where they are unless their owner has agreed: the node is given back", async () => {
    const lab = await createNodeLab({ ...held, policy: impatient, mayDeletePods: true });
    const ending = await lab.run();
    expect(ending.status).toBe("ROLLED_BACK");
    expect(deletionsOf(lab)).toEqual([]);
    expect(complaintsAboutNodes(lab, ending)).toEqual([]);
  });

  it("are refused beforehand where the right to delete is missing, and the manifest is named", async () => {
    const lab = await createNodeLab({ ...held, policy: agreed });
    const ending = await lab.run();
    expect(ending.status).toBe("REFUSED");
    const sentence = ending.evaluation.outcome?.sentence;
    expect(sentence).toContain("may not delete pods");
    expect(sentence).toContain("docs/manifests/spot-optimizer-delete-pods.yaml");
    expect(sentence).not.toContain("rules of our ClusterRole");
    expect(changesOf(lab)).toEqual([]);
  });

  it("are deleted past it where he has, after the deadline, by uid, one at a time", async () => {
    const lab = await createNodeLab({ ...held, policy: agreed, mayDeletePods: true });
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(ending.evaluation.verdict?.sentence).toContain("delete_pods_at_deadline");
    const deletions = deletionsOf(lab);
    expect(deletions).toHaveLength(2);
    const began = Date.parse(ending.evaluation.progress.drain?.beganAt ?? "");
    for (const { atMs, graceSeconds = 0, uid } of deletions) {
      expect(atMs - began).toBeGreaterThanOrEqual(10 * 60_000);
      expect(graceSeconds).toBeGreaterThanOrEqual(1);
      expect(graceSeconds).toBeLessThanOrEqual(30);
      expect(uid).toBeDefined();
    }
    // The first has a successor that is settled before the second goes; it tells its age in whole seconds.
    const [first, second] = deletions;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(59_000);
    expect(ending.intents.map(({ change }) => change.kind)).toContain("DELETE_PODS");
    expect(complaintsAboutNodes(lab, ending)).toEqual([]);
  });

  it("stay all together where one beside them asks not to be disrupted", async () => {
    const lab = await createNodeLab({ ...held, policy: agreed, mayDeletePods: true });
    const { control } = lab.cluster.kubernetes;
    const release = lab.cluster.kubernetes.faults.before((call) => {
      if (!isOurCall(call) || call.resource !== "nodes" || call.verb !== "patch") return;
      if ((call.body as { readonly spec?: object }).spec === undefined) return;
      release();
      const pod = control.list("pods").find(({ spec }) => spec.nodeName === call.name);
      if (pod === undefined) throw new Error("The node has no pod.");
      const annotations = { "karpenter.sh/do-not-disrupt": "true" };
      control.change("pods", { ...pod, metadata: { ...pod.metadata, annotations } });
    });
    const ending = await lab.run();
    expect(ending.status).toBe("ROLLED_BACK");
    expect(deletionsOf(lab)).toEqual([]);
    expect(complaintsAboutNodes(lab, ending)).toEqual([]);
  });

  it("stay once the kill switch is on", async () => {
    const lab = await createNodeLab({ ...held, policy: agreed, mayDeletePods: true });
    let isEngaged = false;
    lab.cluster.kubernetes.faults.after(async (call) => {
      if (isEngaged || !isOurCall(call) || call.resource !== "pods" || call.verb !== "delete") {
        return;
      }
      isEngaged = true;
      const body = { engaged: true, reason: "drill" };
      await lab.account.api.send({ method: "PUT", path: "/kill-switch", body });
    });
    const ending = await lab.run();
    expect(ending.status).not.toBe("SWITCHED");
    expect(deletionsOf(lab)).toHaveLength(1);
  });
});
