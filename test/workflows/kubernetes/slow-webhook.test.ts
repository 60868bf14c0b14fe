import { expect, it } from "@jest/globals";
import { refuse } from "../../../local/cloud/kubernetes/refusals.ts";
import { isOurCall } from "../../../local/lab/cluster-mirror.ts";
import { changesOf } from "../../../local/lab/node-judge.ts";
import { createNodeLab } from "../../../local/lab/node-lab.ts";
import { currentInvocation } from "../../../local/platform/invocation.ts";

/** Source: Kubernetes, admission registration, `timeoutSeconds`: 10 s unless told. */
const webhookMs = 10_000;

it("says of a webhook that lets each try of an eviction wait that it is down, within the time of a function", async () => {
  const lab = await createNodeLab({
    nodes: { size: 2, min: 1, max: 6, zones: 1 },
    workloads: [{ kind: "Deployment", name: "web", replicas: 24, cpu: "50m" }],
  });
  const { cluster, account } = lab;
  const tookMs: number[] = [];
  let began: number | undefined;
  cluster.kubernetes.faults.before(async (call) => {
    if (call.resource !== "pods/eviction" || !isOurCall(call)) return;
    began ??= account.clock.now();
    await account.clock.pass(webhookMs);
    tookMs.push(account.clock.now() - began);
    throw refuse(500, "InternalError", {
      message:
        'Internal error occurred: failed calling webhook "guard.example.com": context deadline exceeded',
    });
  });
  const ending = await lab.run();
  expect([ending.status, ending.evaluation.verdict?.reason]).toEqual([
    "STAYED",
    "EVICTION_WEBHOOK_DOWN",
  ]);
  expect(Math.max(...tookMs)).toBeLessThanOrEqual(40_000);
  expect(changesOf(lab)).toEqual([]);
});

it("gives a node back although a webhook keeps each eviction from the new one waiting: no function runs out of time", async () => {
  const lab = await createNodeLab({
    nodes: { size: 2, min: 1, max: 6, zones: 1 },
    workloads: [
      { kind: "Deployment", name: "web", replicas: 24, cpu: "50m", budget: { maxUnavailable: 20 } },
    ],
  });
  const { cluster, account } = lab;
  const begun = new Map<unknown, number>();
  const tookMs: number[] = [];
  let isHung = false;
  cluster.kubernetes.faults.before(async (call) => {
    if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
    const invocation = currentInvocation();
    if (invocation?.name !== "kubernetes-roll-back") return;
    if (begun.size === 0) {
      isHung = true;
      account.clock.schedule(account.clock.now() + 20 * 60_000, () => {
        isHung = false;
      });
    }
    if (!begun.has(invocation)) begun.set(invocation, account.clock.now());
    if (!isHung) return;
    await account.clock.pass(webhookMs);
    tookMs.push(account.clock.now() - (begun.get(invocation) ?? 0));
    throw refuse(500, "InternalError", {
      message:
        'Internal error occurred: failed calling webhook "guard.example.com": context deadline exceeded',
    });
  });
  // Somebody uncordons the old node: it is not ours to drain any longer, and all goes back.
  const release = cluster.kubernetes.faults.after((call) => {
    if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
    release();
    const node = lab.mirror.nodeOf(cluster.instanceIds[0] ?? "");
    if (node === undefined) throw new Error("The old node is gone.");
    const spec = { ...node.spec, unschedulable: false };
    cluster.kubernetes.control.change("nodes", { ...node, spec });
  });
  const ending = await lab.run();
  expect(begun.size).toBeGreaterThan(1);
  expect(Math.max(...tookMs)).toBeLessThan(45_000);
  expect(ending.status).toBe("ROLLED_BACK");
});
