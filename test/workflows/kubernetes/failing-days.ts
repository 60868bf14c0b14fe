/** The days of which each call meets each harm, and how. */
import { describe, expect, it } from "@jest/globals";
import { isOurCall } from "../../../local/lab/cluster-mirror.ts";
import { refuse } from "../../../local/cloud/kubernetes/refusals.ts";
import { refusals } from "../../../local/lab/harm.ts";
import type { NodeHarm } from "../../../local/lab/node-harm.ts";
import { complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import type { NodeEnding, NodeLab, NodeLabOptions } from "../../../local/lab/node-lab.ts";
import { currentInvocation } from "../../../local/platform/invocation.ts";
import type { WorkloadDescription } from "../../../local/platform/customer-workloads.ts";
import {
  firstCells,
  harmNodeDay,
  recordNodeDay,
  type NodeDay,
  type RecordedNodeDay,
} from "./call-matrix.ts";

/** Two pods on each node, of which one may be away, and one that no budget guards. */
const workloads: readonly WorkloadDescription[] = [
  { kind: "Deployment", name: "cache", replicas: 3, cpu: "50m" },
  { kind: "Deployment", name: "web", replicas: 6, budget: { maxUnavailable: 1 } },
  { kind: "DaemonSet", name: "agent", namespace: "kube-system", cpu: "50m", memory: "64Mi" },
];

const managed = {
  workloads,
  isManaged: true,
  policy: { spot_node_group: "spot" },
} as const satisfies NodeLabOptions;

/** Before the first pod leaves. */
const tightenBudget = ({ cluster: { kubernetes } }: NodeLab): void => {
  const release = kubernetes.faults.before((call) => {
    if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
    release();
    const budget = kubernetes.control.get("poddisruptionbudgets", {
      namespace: "default",
      name: "web",
    });
    if (budget === undefined) throw new Error("There is no budget web.");
    kubernetes.control.change("poddisruptionbudgets", {
      ...budget,
      metadata: { ...budget.metadata, generation: 2 },
      spec: { ...budget.spec, maxUnavailable: 0 },
    });
  });
};

/** One of these functions may not make this call: what is refused so is not one of the day's calls. */
const refuseInAccount =
  (name: string, operation: string) =>
  ({ platform }: NodeLab): void => {
    platform.cloud.faults.before((call) => {
      if (currentInvocation()?.name !== `kubernetes-${name}`) return;
      if (call.operation === operation) throw refusals.unauthorized();
    });
  };

const decided = async (
  lab: NodeLab,
  { evaluationId }: NodeEnding,
  way: "adopt" | "roll-back",
): Promise<NodeEnding> => {
  const { status } = await lab.account.api.send({
    method: "POST",
    path: `/evaluations/${evaluationId}/${way}`,
    body: { reason: "drill" },
  });
  expect(status).toBe(202);
  return lab.finish(evaluationId);
};

const refuseUncordon = ({ cluster: { kubernetes } }: NodeLab): void => {
  kubernetes.faults.before((call) => {
    const name = currentInvocation()?.name;
    if (name !== "kubernetes-release" && name !== "kubernetes-roll-back") return;
    if (call.verb !== "patch" || call.resource !== "nodes") return;
    throw refuse(403, "Forbidden", {
      message: 'User "us" cannot patch resource "nodes" in API group "" at the cluster scope',
    });
  });
};

/** As the old node is cordoned. */
const takeBack = ({ platform, mirror, before, cluster: { kubernetes } }: NodeLab): void => {
  const known = new Set(before.nodes.map(({ metadata }) => metadata.uid));
  const release = kubernetes.faults.before((call) => {
    if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
    release();
    const added = mirror.nodes().find(({ metadata }) => !known.has(metadata.uid));
    const instanceId = added?.spec.providerID?.split("/").at(-1) ?? "";
    platform.ec2.control.interrupt(instanceId, { noticeSeconds: 120 });
  });
};

const days: readonly NodeDay[] = [
  { name: "a node of its owner's group", options: { workloads } },
  { name: "a node of a managed group", options: managed },
  { name: "a drain that its budget stops", options: { workloads }, trouble: tightenBudget },
  {
    name: "a drain of a managed node that its budget stops",
    options: managed,
    trouble: tightenBudget,
  },
  { name: "all nodes of a group, one after the other", options: { workloads, scope: "ALL" } },
  {
    name: "a node whose pods are deleted past their budget",
    options: {
      workloads: [
        {
          kind: "Deployment",
          name: "web",
          replicas: 3,
          readySeconds: "never",
          budget: { maxUnavailable: 1 },
        },
      ],
      policy: {
        node_deadline_minutes: 5,
        no_progress_minutes: 60,
        delete_pods_at_deadline: true,
      },
      mayDeletePods: true,
    },
  },
  { name: "a new node that EC2 takes back", options: { workloads }, trouble: takeBack },
  {
    name: "a new node that can't be attached",
    options: { workloads },
    trouble: refuseInAccount("launch", "AttachInstances"),
  },
  {
    name: "a node that can't be given back, and that a person adopts",
    options: { workloads },
    trouble: (lab) => {
      tightenBudget(lab);
      refuseUncordon(lab);
      for (const name of ["release", "roll-back"]) {
        refuseInAccount(name, "SetInstanceProtection")(lab);
      }
    },
    run: async (lab) => decided(lab, await lab.run(), "adopt"),
  },
];

export const recorded: RecordedNodeDay[] = [];
for (const day of days) recorded.push(await recordNodeDay(day));
const own = firstCells(recorded).filter(({ cells }) => cells.length > 0);

/** A test for each call of each day with each of these harms. */
export const testHarms = (harms: readonly NodeHarm[]): void => {
  describe.each(own)("$name", (day) => {
    const cells = day.cells.flatMap((cell) => harms.map((harm) => ({ ...cell, harm })));
    it.each(cells)(
      "comes to its end when call $nth, $stage ($action), meets: $harm",
      async ({ nth, harm, stage }) => {
        const { lab, ending: first, isDone } = await harmNodeDay(day, { nth, harm });
        expect(isDone).toBe(true);
        const isRefused = harm === "unauthorized";
        if (first.status === "NEEDS_OPERATOR" && isRefused) {
          const ending = await decided(lab, first, stage === "adopting" ? "adopt" : "roll-back");
          expect(complaintsAboutNodes(lab, ending)).toEqual([]);
          return;
        }
        expect(complaintsAboutNodes(lab, first)).toEqual([]);
        if (!isRefused && harm !== "kill switch") expect(first.status).toBe(day.ending.status);
      },
    );
  });
};
