/** Bad days that were reported in public, as far as they are refused before anything is launched: each test's name is what must happen. */
import { describe, expect, it } from "@jest/globals";
import { awaitedAttachments } from "../../../../core/decide/kubernetes/detached.ts";
import { judgeNode } from "../../../../core/decide/kubernetes/judge-node.ts";
import { lackOf, needsOf, roomOfNode } from "../../../../core/decide/kubernetes/needs.ts";
import { neverAllows } from "../../../../core/decide/kubernetes/budgets.ts";
import {
  currentJudgementVersion,
  type JudgementVersion,
} from "../../../../core/model/judgement-version.ts";
import type { BudgetFacts } from "../../../../core/model/kubernetes/budget.ts";
import type { ClusterView } from "../../../../core/model/kubernetes/cluster.ts";
import type { EvictionTrial } from "../../../../core/model/kubernetes/eviction.ts";
import type { PersistentVolumeFacts } from "../../../../core/model/kubernetes/node.ts";
import type { Toleration } from "../../../../core/model/kubernetes/object.ts";
import type { PodFacts } from "../../../../core/model/kubernetes/pod.ts";
import type { Policy } from "../../../../core/policy/policy.ts";
import { play } from "./drain/playground.ts";
import { aBudget, aPod, at } from "./objects.ts";
import { nodes, nodesPolicy, plainCluster, plainView, podOn } from "./plain-nodes.ts";

/** Codes of what stands against the first node, with these pods on it. */
const codesOf = (
  pods: readonly PodFacts[],
  view: Partial<ClusterView> = {},
  over: {
    readonly policy?: Partial<Policy>;
    readonly trials?: readonly EvictionTrial[];
    readonly judgementVersion?: JudgementVersion;
  } = {},
): readonly string[] =>
  judgeNode({
    view: { ...plainView, pods: [...pods, podOn(2), podOn(3)], ...view },
    nodeName: "node-1",
    policy: nodesPolicy(over.policy),
    cluster: plainCluster,
    at: at(0),
    trials: over.trials ?? [],
    judgementVersion: over.judgementVersion ?? currentJudgementVersion,
  }).blockers.map(({ code }) => code);

const volumes = { claims: ["data"], hasEmptyDir: false, hostPaths: [] };
const emptyDir = { claims: [], hasEmptyDir: true, hostPaths: [] };
const volumeOf = (over: Partial<PersistentVolumeFacts> = {}): PersistentVolumeFacts => ({
  name: "pv-1",
  driver: "ebs.csi.aws.com",
  claim: { namespace: "shop", name: "data" },
  isOnNode: false,
  nodeSelectorTerms: [],
  ...over,
});

describe("refused before a launch", () => {
  it("a hard hostname spread that counts the cordoned node is refused, and drained where it honours taints", () => {
    const podsWith = (nodeTaintsPolicy: string): readonly PodFacts[] =>
      [1, 2, 3].flatMap((node) =>
        [1, 2, 3, 4].map((number) =>
          podOn(node, {
            name: `web-${String(node)}-${String(number)}`,
            placement: {
              tolerations: [],
              hostPorts: [],
              requests: {},
              topologySpread: [
                {
                  maxSkew: 1,
                  topologyKey: "kubernetes.io/hostname",
                  whenUnsatisfiable: "DoNotSchedule",
                  labelSelector: { matchLabels: { app: "web" } },
                  nodeTaintsPolicy,
                },
              ],
            },
          }),
        ),
      );
    const three = nodes.slice(0, 3);
    const packed = podsWith("Ignore");
    expect(codesOf([], { nodes: three, pods: packed })).toContain("TOPOLOGY_WOULD_BLOCK");
    expect(codesOf([], { nodes: three, pods: podsWith("Honor") })).toEqual([]);
  });

  it("a pod that tolerates the cordon comes back to the node that is drained: it is refused before a launch", () => {
    const tolerating = (...tolerations: readonly Toleration[]): readonly PodFacts[] => [
      podOn(1, { placement: { tolerations, topologySpread: [], hostPorts: [], requests: {} } }),
    ];
    const key = "node.kubernetes.io/unschedulable";
    const comingBack = [
      tolerating({ operator: "Exists" }),
      tolerating({ operator: "Exists", effect: "NoSchedule" }),
      tolerating({ key, operator: "Exists" }),
      tolerating({ key, value: "", effect: "NoSchedule" }),
    ];
    for (const pods of comingBack) expect(codesOf(pods)).toEqual(["POD_TOLERATES_CORDON"]);
    const going = [
      tolerating({ operator: "Exists", effect: "NoExecute" }),
      tolerating({ key: "node-role.kubernetes.io/control-plane", operator: "Exists" }),
      tolerating({ key, operator: "Exists", effect: "NoExecute" }),
    ];
    for (const pods of going) expect(codesOf(pods)).toEqual([]);
    // Earlier releases did not ask.
    expect(codesOf(tolerating({ operator: "Exists" }), {}, { judgementVersion: 8 })).toEqual([]);
  });

  it("percentages that round up never allow an eviction: 67 % of 2, 91 % of 10, 50 % of 1; at most 1 % of 3 unavailable allows one", () => {
    const { maxUnavailable: _none, ...base } = aBudget();
    const atLeast = (minAvailable: string, expectedPods: number): BudgetFacts => {
      const desiredHealthy = Math.ceil((Number.parseInt(minAvailable, 10) * expectedPods) / 100);
      return { ...base, minAvailable, expectedPods, desiredHealthy, disruptionsAllowed: 0 };
    };
    const pod = aPod({ of: "web" });
    for (const budget of [atLeast("67%", 2), atLeast("91%", 10), atLeast("50%", 1)]) {
      expect(neverAllows(budget, pod)).toBeDefined();
    }
    // Rounded up: one of three.
    const allowed = aBudget({ maxUnavailable: "1%", expectedPods: 3, desiredHealthy: 2 });
    expect(neverAllows(allowed, pod)).toBeUndefined();
  });

  it("a volume bound to the node by hostname is refused by name, and nothing is launched", () => {
    const onHost = volumeOf({
      driver: "local.example.com",
      nodeSelectorTerms: [
        {
          matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["node-1"] }],
        },
      ],
    });
    expect(codesOf([podOn(1, { volumes })], { volumes: [onHost] })).toContain("POD_DATA_ON_NODE");
    expect(codesOf([podOn(1, { volumes })], { volumes: [volumeOf()] })).toEqual([]);
  });

  it("a type with 58 pod slots for 60 pods, or with 24 attachments for 25 volumes, is refused before a launch", () => {
    const pods = Array.from({ length: 60 }, (_, index) =>
      podOn(1, { name: `web-${String(index)}` }),
    );
    const [node] = nodes;
    if (node === undefined) throw new Error("there is no node");
    const room = roomOfNode({ allocatable: { ...node.allocatable, pods: 58 } }, undefined);
    expect(lackOf(needsOf("node-1", { ...plainView, pods }), room)).toContain("58 pods");
    const claims = Array.from({ length: 25 }, (_, index) => `data-${String(index)}`);
    const view = {
      pods: [podOn(1, { volumes: { ...volumes, claims } })],
      volumes: claims.map((name) => volumeOf({ name, claim: { namespace: "shop", name } })),
    };
    const drivers = [{ name: "ebs.csi.aws.com", count: 24 }];
    const few = roomOfNode(node, { nodeName: "node-1", drivers });
    expect(lackOf(needsOf("node-1", view), few)).toContain("volumes of ebs.csi.aws.com");
  });

  it("a ValidatingAdmissionPolicy denies evictions in one namespace: the dry run finds it beforehand", () => {
    const pod = podOn(1);
    const message = "ValidatingAdmissionPolicy 'keep' with binding 'keep' denied request: no";
    const { namespace, name, uid } = pod;
    const reply = { kind: "DENIED", by: "ValidatingAdmissionPolicy keep", message } as const;
    const trials = [{ namespace, name, uid, reply }];
    expect(codesOf([pod], {}, { trials })).toContain("EVICTION_DENIED");
    expect(codesOf([pod])).toEqual([]);
  });

  it("a pod without a controller is refused, and evicted where its owner has agreed", () => {
    const alone = aPod({ name: "alone", nodeName: "node-1" });
    expect(codesOf([alone])).toContain("POD_WITHOUT_CONTROLLER");
    expect(codesOf([alone], {}, { policy: { allowUnmanagedPods: true } })).toEqual([]);
  });

  it("two budgets on one pod are refused", () => {
    const selector = { matchLabels: { app: "web" } };
    const budgets = [aBudget(), aBudget({ name: "second", selector })];
    expect(codesOf([podOn(1)], { budgets })).toContain("SEVERAL_BUDGETS");
  });

  it("do-not-disrupt and safe-to-evict=false are refused, and waited for where they appear mid-drain", () => {
    const wishes = [
      { "karpenter.sh/do-not-disrupt": "true" },
      { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" },
    ];
    for (const annotations of wishes) {
      expect(codesOf([podOn(1, { annotations })])).toContain("POD_NOT_TO_DISRUPT");
      const played = play({
        pods: [aPod({ of: "web" }), aPod({ of: "api", name: "api-1" })],
        meanwhile: (pods, seconds) =>
          pods.map((pod) =>
            pod.name === "api-1" && seconds < 400
              ? { ...pod, annotations }
              : { ...pod, annotations: {} },
          ),
      });
      expect(played.last.verdict.kind).toBe("DRAINED");
      const waited = played.sent.filter(({ pod }) => pod === "api-1");
      expect(waited.map(({ seconds }) => seconds >= 400)).toEqual([true]);
    }
  });
});

describe("left where they are", () => {
  it("DaemonSet pods with an emptyDir are left where they are", () => {
    const owner = { apiVersion: "apps/v1", kind: "DaemonSet", name: "logs", uid: "ds-logs" };
    const daemonSets = [
      { namespace: "shop", name: "logs", uid: "ds-logs", placement: { tolerations: [] } },
    ];
    const daemon = aPod({ name: "logs-1", nodeName: "node-1", owner, volumes: emptyDir });
    expect(codesOf([daemon], { daemonSets }, { policy: { allowEmptyDir: false } })).toEqual([]);
  });

  it("static pods are left where they are", () => {
    const annotations = { "kubernetes.io/config.mirror": "hash" };
    const mirror = aPod({ name: "kube-proxy-old", annotations });
    expect(codesOf([{ ...mirror, nodeName: "node-1" }])).toEqual([]);
    const played = play({ pods: [mirror] });
    expect(played.last.verdict.kind).toBe("DRAINED");
    expect(played.sent).toEqual([]);
  });
});

describe("on the way", () => {
  it("an attachment of a released claim stays on the node: detaching is over", () => {
    const attachment = {
      name: "csi-1",
      nodeName: "node-1",
      attacher: "ebs.csi.aws.com",
      persistentVolumeName: "pv-1",
      isAttached: true,
    };
    const awaited = (pods: readonly PodFacts[]): number =>
      awaitedAttachments({
        nodeName: "node-1",
        attachments: [attachment],
        view: { pods, volumes: [volumeOf()] },
      }).length;
    expect(awaited([])).toBe(0);
    expect(awaited([podOn(2, { volumes })])).toBe(1);
  });

  it("an eviction that hangs 30 s beside a time-out of 20 s is unknown: listed again, and no pod is evicted twice", () => {
    const played = play({
      pods: [aPod({ of: "web", terminationGracePeriodSeconds: 60 })],
      endsAfterSeconds: 50,
      answersAfterSeconds: 20,
      answer: () => ({ kind: "UNKNOWN", message: "no answer within 20 s" }),
      // The server has carried it out all the same.
      meanwhile: (pods, seconds) =>
        pods.map((pod) =>
          seconds < 10 || pod.deletionTimestamp !== undefined
            ? pod
            : { ...pod, deletionTimestamp: at(seconds + 60) },
        ),
    });
    expect(played.sent).toHaveLength(1);
    expect(played.last.verdict.kind).toBe("DRAINED");
  });
});
