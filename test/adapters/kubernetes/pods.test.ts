import { describe, expect, test } from "@jest/globals";
import { listPods } from "../../../adapters/kubernetes/pods.ts";
import type { PodFacts } from "../../../core/model/kubernetes/pod.ts";
import type { Pod } from "../../../local/cloud/kubernetes/objects.ts";
import { connected } from "./client-fixture.ts";

/** A pod of these parts as it is read; the simulated server keeps what it does not know as it came. */
const read = async (
  spec: object,
  given: { readonly status?: object; readonly metadata?: Partial<Pod["metadata"]> } = {},
): Promise<PodFacts> => {
  const { client, cluster } = await connected();
  cluster.control.add("pods", {
    metadata: { name: "a", namespace: "default", ...given.metadata },
    spec: { containers: [{ name: "main" }], ...spec },
    status: { phase: "Running", ...given.status },
  });
  const [pod] = await listPods(client);
  if (pod === undefined) throw new Error("The pod is not listed.");
  return pod;
};

const container = (name: string, cpu: string, more: object = {}) => ({
  name,
  resources: { requests: { cpu } },
  ...more,
});

const requests = async (spec: object, status?: object) =>
  (await read(spec, status === undefined ? {} : { status })).placement.requests;

describe("what a pod asks for", () => {
  test("is the sum of its containers and the overhead", async () => {
    const containers = [container("a", "250m"), container("b", "1")];
    const overhead = { cpu: "50m", memory: "16Mi" };
    expect(await requests({ containers, overhead })).toEqual({ cpu: 1.3, memory: 2 ** 24 });
  });

  test("is an init container's where that is more, for each resource by itself", async () => {
    const initContainers = [
      { name: "i", resources: { requests: { cpu: "2", memory: "1Mi" } } },
      { name: "j", resources: { requests: { cpu: "1", memory: "3Mi" } } },
    ];
    const containers = [{ name: "a", resources: { requests: { cpu: "1", memory: "2Mi" } } }];
    expect(await requests({ containers, initContainers })).toEqual({
      cpu: 2,
      memory: 3 * 2 ** 20,
    });
  });

  test("counts a sidecar with all containers, and with the init containers that come after it", async () => {
    const sidecar = container("s", "500m", { restartPolicy: "Always" });
    const containers = [container("a", "1")];
    expect(await requests({ containers, initContainers: [sidecar] })).toEqual({ cpu: 1.5 });
    const after = { containers, initContainers: [sidecar, container("i", "2")] };
    expect(await requests(after)).toEqual({ cpu: 2.5 });
    const before = { containers, initContainers: [container("i", "2"), sidecar] };
    expect(await requests(before)).toEqual({ cpu: 2 });
  });

  test("is the pod's own where that says something", async () => {
    const containers = [{ name: "a", resources: { requests: { cpu: "1", memory: "1Mi" } } }];
    expect(await requests({ containers, resources: { requests: { cpu: "3" } } })).toEqual({
      cpu: 3,
      memory: 2 ** 20,
    });
  });

  test("is the larger of what is wanted and what is held while it is resized", async () => {
    const status = {
      containerStatuses: [
        { name: "a", ready: true, restartCount: 0, resources: { requests: { cpu: "2" } } },
      ],
    };
    expect(await requests({ containers: [container("a", "1")] }, status)).toEqual({ cpu: 2 });
  });

  test("is a limit where nothing is requested", async () => {
    const containers = [{ name: "a", resources: { limits: { "nvidia.com/gpu": "1" } } }];
    expect(await requests({ containers })).toEqual({ "nvidia.com/gpu": 1 });
  });

  test.each([
    ["1500m", 1.5],
    ["2", 2],
    ["0.5", 0.5],
    ["100n", 1e-7],
    ["12e6", 12e6],
    ["1E", 1e18],
    ["3Gi", 3 * 2 ** 30],
    ["4k", 4000],
  ])("%s is %d", async (quantity, amount) => {
    expect((await requests({ containers: [container("a", quantity)] }))["cpu"]).toBeCloseTo(amount);
  });

  test("that can't be read is not taken for nothing", async () => {
    const read = requests({ containers: [container("a", "much")] });
    await expect(read).rejects.toMatchObject({ name: "BrokenFacts" });
  });
});

describe("where a pod may be placed", () => {
  test("is what it requires, not what it prefers", async () => {
    const term = { matchExpressions: [{ key: "disk", operator: "In", values: ["ssd"] }] };
    const near = { labelSelector: { matchLabels: { app: "web" } }, topologyKey: "zone" };
    const { placement } = await read({
      nodeSelector: { "kubernetes.io/arch": "amd64" },
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: {} }],
        },
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ ...near, namespaces: ["x"] }],
        },
        // It keeps pods from each other, not from a node that is empty.
        podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [near] },
      },
      tolerations: [{ key: "spot", operator: "Exists", effect: "NoSchedule" }],
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "DoNotSchedule",
          labelSelector: {},
          nodeTaintsPolicy: "Honor",
        },
      ],
    });
    expect(placement).toEqual({
      nodeSelector: { "kubernetes.io/arch": "amd64" },
      nodeSelectorTerms: [term],
      podAffinity: [{ ...near, namespaces: ["x"] }],
      // The server adds its own.
      tolerations: expect.arrayContaining([
        { key: "spot", operator: "Exists", effect: "NoSchedule" },
      ]),
      topologySpread: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "DoNotSchedule",
          labelSelector: {},
          nodeTaintsPolicy: "Honor",
        },
      ],
      hostPorts: [],
      requests: {},
    });
  });

  test("has the ports of the node that it takes: all of them on the node's own network", async () => {
    const ports = [{ containerPort: 80 }, { containerPort: 81, hostPort: 8081 }];
    const containers = [{ name: "a", ports }];
    expect((await read({ containers })).placement.hostPorts).toEqual([8081]);
    expect((await read({ containers, hostNetwork: true })).placement.hostPorts).toEqual([80, 8081]);
  });
});

describe("what else a rule reads of a pod", () => {
  test("claims, also of volumes that are made with it, emptyDir and host paths", async () => {
    const volumes = [
      { name: "data", persistentVolumeClaim: { claimName: "data-a" } },
      { name: "scratch", ephemeral: { volumeClaimTemplate: { spec: {} } } },
      { name: "cache", emptyDir: {} },
      { name: "logs", hostPath: { path: "/var/log" } },
    ];
    expect((await read({ volumes })).volumes).toEqual({
      claims: ["data-a", "a-scratch"],
      hasEmptyDir: true,
      hostPaths: ["/var/log"],
    });
  });

  test("its claims of devices, and that it is one of a gang", async () => {
    const pod = await read({
      resourceClaims: [
        { name: "gpu", resourceClaimTemplateName: "gpu" },
        { name: "shared", resourceClaimName: "shared" },
      ],
      schedulingGroup: { podGroupName: "train" },
    });
    expect(pod.resourceClaims).toEqual([
      { name: "gpu", isFromTemplate: true },
      { name: "shared", isFromTemplate: false },
    ]);
    expect(pod.isOfGang).toBe(true);
    expect((await read({})).isOfGang).toBe(false);
  });

  test.each([
    ["an init container runs", [{ running: {} }], [{ waiting: {} }], true],
    ["an init container has ended", [{ terminated: { exitCode: 0 } }], [{ waiting: {} }], true],
    ["none has started", [{ waiting: {} }], [{ waiting: {} }], false],
    ["all have", [{ terminated: { exitCode: 0 } }], [{ running: {} }], false],
  ])("it is initializing: %s", async (_, init, main, isInitializing) => {
    const statusOf = (state: object, index: number) => ({
      name: `c${String(index)}`,
      ready: false,
      restartCount: 0,
      state,
    });
    const status = {
      phase: "Pending",
      initContainerStatuses: init.map(statusOf),
      containerStatuses: main.map(statusOf),
    };
    expect((await read({}, { status })).isInitializing).toBe(isInitializing);
  });

  test("its wishes in annotations that a rule names, its owner, and when its grace is over", async () => {
    const pod = await read(
      { priorityClassName: "system-cluster-critical", terminationGracePeriodSeconds: 5 },
      {
        metadata: {
          annotations: { "karpenter.sh/do-not-disrupt": "true", other: "not kept" },
          deletionTimestamp: "2026-01-01T00:00:05Z",
          ownerReferences: [
            { apiVersion: "v1", kind: "Node", name: "one", uid: "u-1" },
            {
              apiVersion: "apps/v1",
              kind: "DaemonSet",
              name: "agent",
              uid: "u-2",
              controller: true,
            },
          ],
        },
      },
    );
    expect(pod).toMatchObject({
      annotations: { "karpenter.sh/do-not-disrupt": "true" },
      owner: { apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "u-2" },
      deletionTimestamp: "2026-01-01T00:00:05.000Z",
      terminationGracePeriodSeconds: 5,
      priorityClassName: "system-cluster-critical",
    });
  });

  test("a phase that nobody tells is Unknown, a condition of no known status too", async () => {
    const conditions = [{ type: "Ready", status: "Perhaps" }];
    const pod = await read({}, { status: { phase: undefined, conditions } });
    expect(pod.phase).toBe("Unknown");
    expect(pod.conditions).toEqual([{ type: "Ready", status: "Unknown" }]);
  });
});

describe("what most pods do not have", () => {
  test("is left out of those, and read of the others: priority, whether it pushes others out, sidecars", async () => {
    const plain = await read({ priority: 0 });
    for (const member of ["priority", "preempts", "sidecars"]) {
      expect(plain).not.toHaveProperty(member);
    }
    const containers = [{ name: "main" }, { name: "istio-proxy" }];
    const initContainers = [{ name: "set-up" }, { name: "logs", restartPolicy: "Always" }];
    const unusual = { priority: 1000, preemptionPolicy: "Never", containers, initContainers };
    expect(await read(unusual)).toMatchObject({
      priority: 1000,
      preempts: false,
      sidecars: ["logs", "istio-proxy"],
    });
  });
});
