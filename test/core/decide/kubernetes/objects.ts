/** Objects of a cluster for tests of decisions: what is not said is as in a cluster where nothing is wrong. */
import type { BudgetFacts } from "../../../../core/model/kubernetes/budget.ts";
import type { NodeFacts } from "../../../../core/model/kubernetes/node.ts";
import type { PodFacts } from "../../../../core/model/kubernetes/pod.ts";
import { instanceIdSchema } from "../../../../core/model/ids.ts";

/** `2026-05-04T12:00:00.000Z` and so many seconds. */
export const at = (seconds: number): string =>
  new Date(Date.parse("2026-05-04T12:00:00Z") + seconds * 1000).toISOString();

export const instanceIdOf = (number: number) =>
  instanceIdSchema.parse(`i-${String(number).padStart(17, "0")}`);

export const oldNode = "old";
export const newNode = "new";

export const aNode = (over: Partial<NodeFacts> = {}): NodeFacts => ({
  name: oldNode,
  uid: `uid-${over.name ?? oldNode}`,
  resourceVersion: "1",
  providerID: "aws:///eu-west-1a/i-00000000000000001",
  labels: { "topology.kubernetes.io/zone": "eu-west-1a", "kubernetes.io/arch": "amd64" },
  annotations: {},
  finalizers: [],
  taints: [],
  isUnschedulable: false,
  conditions: [{ type: "Ready", status: "True", lastTransitionTime: at(-3600) }],
  allocatable: { cpu: 4, memory: 16e9, pods: 58 },
  kubeletVersion: "v1.35.4-eks-1a2b3c4",
  createdAt: at(-3600),
  ...over,
});

export interface PodSketch extends Partial<PodFacts> {
  readonly isReady?: boolean;
  /** Name of its ReplicaSet, without the hash. */
  readonly of?: string;
}

const hash = "5d4f8";

const ownerOf = (name: string): PodFacts["owner"] => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  name: `${name}-${hash}`,
  uid: `rs-${name}`,
});

export const aPod = ({ isReady = true, of, ...over }: PodSketch = {}): PodFacts => {
  const name = over.name ?? "web-1";
  const owner = of === undefined ? over.owner : ownerOf(of);
  return {
    namespace: "shop",
    name,
    uid: `uid-${name}`,
    resourceVersion: "1",
    nodeName: oldNode,
    annotations: {},
    finalizers: [],
    phase: "Running",
    conditions: [{ type: "Ready", status: isReady ? "True" : "False" }],
    createdAt: at(-3600),
    startTime: at(-3600),
    terminationGracePeriodSeconds: 30,
    restartPolicy: "Always",
    isInitializing: false,
    resourceClaims: [],
    isOfGang: false,
    volumes: { claims: [], hasEmptyDir: false, hostPaths: [] },
    placement: { tolerations: [], topologySpread: [], hostPorts: [], requests: {} },
    ...over,
    ...(owner === undefined ? {} : { owner }),
    labels: {
      ...(of === undefined ? {} : { app: of, "pod-template-hash": hash }),
      ...over.labels,
    },
  };
};

export const aBudget = (over: Partial<BudgetFacts> = {}): BudgetFacts => ({
  namespace: "shop",
  name: over.name ?? "web",
  selector: { matchLabels: { app: over.name ?? "web" } },
  maxUnavailable: 1,
  generation: 1,
  observedGeneration: 1,
  disruptionsAllowed: 1,
  currentHealthy: 3,
  desiredHealthy: 2,
  expectedPods: 3,
  conditions: [],
  ...over,
});
