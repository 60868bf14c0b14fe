/**
 * A full node to be drained, and room for its pods on another one: Deployments of equal size, each under a budget that lets one pod go at
 * a time. Placed by the scheduler, as a customer's would be.
 */
import type { Pdb, Pod } from "../cloud/kubernetes/objects.ts";
import { isReady, isTerminating } from "../cloud/kubernetes/objects.ts";
import type { Api } from "./api.ts";
import type { Pace } from "./kubelet-player.ts";
import { addNode, listItems, must, until } from "./setting-up.ts";
import { watchCollection } from "./watching.ts";

export interface DrainScenario {
  readonly budgets: number;
  readonly podsPerBudget: number;
  /** What a budget allows to be away. */
  readonly maxUnavailable: number | string;
  readonly pace: Pace;
}

/** As many pods as a node of EKS commonly has at most, under 10 budgets: fast ones, and ones that take their time. */
export const drainScenarios = {
  fast: {
    budgets: 10,
    podsPerBudget: 11,
    maxUnavailable: 1,
    pace: { readyMs: 2000, endMs: 1000 },
  },
  slow: {
    budgets: 10,
    podsPerBudget: 11,
    maxUnavailable: 1,
    pace: { readyMs: 10_000, endMs: 3000 },
  },
} as const satisfies Readonly<Record<string, DrainScenario>>;

export const [oldNode, newNode] = ["node-old", "node-new"];

/** For the time in which it is set up. */
export const setUpPace: Pace = { readyMs: 20, endMs: 20 };

const namespace = "default";
const deploymentOf = (app: string, replicas: number): object => ({
  metadata: { name: app },
  spec: {
    replicas,
    selector: { matchLabels: { app } },
    template: {
      metadata: { labels: { app } },
      spec: { containers: [{ name: "main", image: "example.com/none" }] },
    },
  },
});

const listPods = (api: Api): Promise<readonly Pod[]> =>
  listItems<Pod>(api, `/api/v1/namespaces/${namespace}/pods`);

export const podsOn = async (api: Api, nodeName: string): Promise<readonly Pod[]> =>
  (await listPods(api)).filter(({ spec }) => spec.nodeName === nodeName);

const isSettled = ({ metadata, status }: Pdb): boolean =>
  status?.observedGeneration === metadata.generation && (status?.disruptionsAllowed ?? 0) > 0;

const appOf = (index: number): string => `app-${String(index)}`;

const budgetsPath = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`;

/** All pods stand Ready on the old node, the new one waits, and every budget allows what it can. */
export const setUpDrain = async (api: Api, scenario: DrainScenario): Promise<void> => {
  const { budgets, podsPerBudget, maxUnavailable } = scenario;
  await addNode(api, oldNode);
  const apps = Array.from({ length: budgets }, (_, index) => appOf(index));
  for (const app of apps) {
    const body = deploymentOf(app, podsPerBudget);
    await must(api, `/apis/apps/v1/namespaces/${namespace}/deployments`, { method: "POST", body });
    const selector = { matchLabels: { app } };
    const spec = { maxUnavailable, selector };
    const budget = { metadata: { name: app }, spec };
    await must(api, budgetsPath, { method: "POST", body: budget });
  }
  await until("all pods are Ready", async () => {
    const ready = (await listPods(api)).filter(isReady);
    return ready.length === budgets * podsPerBudget;
  });
  await until("all budgets are counted", async () => {
    return (await listItems<Pdb>(api, budgetsPath)).every(isSettled);
  });
  await addNode(api, newNode);
};

export interface HealthWatch {
  /** Of the Deployment that had the fewest at any instant so far: pods that are Ready and not going. */
  readonly least: () => number;
  readonly stop: () => Promise<void>;
}

/** Sees each change of a pod, so that no instant is missed. */
export const watchHealth = (api: Api): HealthWatch => {
  const ending = new AbortController();
  const pods = new Map<string, Pod>();
  let least = Infinity;
  let isWhole = false;
  const healthyOf = (app: string | undefined): number =>
    [...pods.values()].filter(
      (pod) => pod.metadata.labels?.app === app && isReady(pod) && !isTerminating(pod),
    ).length;
  const watching = watchCollection(api, `/api/v1/namespaces/${namespace}/pods`, {
    see: ({ type, object }) => {
      const pod = object as Pod;
      if (type === "DELETED") pods.delete(pod.metadata.uid);
      else pods.set(pod.metadata.uid, pod);
      // What was there comes one by one: it is not whole before the first change.
      if (type !== "ADDED") isWhole = true;
      if (isWhole) least = Math.min(least, healthyOf(pod.metadata.labels?.app));
    },
    signal: ending.signal,
  });
  return {
    least: () => least,
    stop: async () => {
      ending.abort();
      await watching;
    },
  };
};
