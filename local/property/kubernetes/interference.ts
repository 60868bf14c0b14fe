/** Draws what the cluster's people, its controllers and EC2 do while a node is replaced, and when. */
import { refuse } from "../../cloud/kubernetes/refusals.ts";
import { controllerOf, isReady, isTerminating } from "../../cloud/kubernetes/objects.ts";
import { oneOf, type Random } from "../../cloud/random.ts";
import type { NodeLab } from "../../lab/node-lab.ts";

export interface Interference {
  readonly sentence: string;
  /** Nodes and groups look otherwise at the end, by other hands than ours. */
  readonly isDisturbing: boolean;
  /** A person may have to look. */
  readonly needsPerson: boolean;
  /** It ends the instance of a node, by other hands than ours. */
  readonly takes?: "ORIGINAL" | "REPLACEMENT";
  /** Others ask for more or fewer nodes, which the group follows a little later. */
  readonly resizes?: true;
  readonly afterSeconds: number;
  readonly act: (lab: NodeLab) => void;
}

type Kind = Omit<Interference, "afterSeconds">;

const originalOf = ({ mirror, cluster }: NodeLab): string =>
  mirror.nodeOf(cluster.instanceIds[0] ?? "")?.metadata.name ?? "";

const newInstance = ({ before, mirror }: NodeLab): string => {
  const known = new Set(before.nodes.map(({ metadata }) => metadata.uid));
  const added = mirror.nodes().find(({ metadata }) => !known.has(metadata.uid));
  return added?.spec.providerID?.split("/").at(-1) ?? "";
};

/** A pod that a controller keeps up stops to be Ready. */
const crash = ({ cluster: { kubernetes } }: NodeLab): void => {
  const pod = kubernetes.control
    .list("pods")
    .find((each) => isReady(each) && !isTerminating(each) && controllerOf(each) !== undefined);
  if (pod === undefined) return;
  const conditions = [{ type: "Ready", status: "False" }] as const;
  kubernetes.control.change("pods", { ...pod, status: { ...pod.status, conditions } });
};

const changeNode = (
  { cluster: { kubernetes } }: NodeLab,
  name: string,
  spec: Readonly<Record<string, unknown>>,
): void => {
  const node = kubernetes.control.get("nodes", { name });
  if (node !== undefined) {
    kubernetes.control.change("nodes", { ...node, spec: { ...node.spec, ...spec } });
  }
};

/** Every request but of the local administrator's is answered so for a while. */
const failServer = ({ cluster: { kubernetes }, account }: NodeLab, seconds: number): void => {
  const untilMs = account.clock.now() + seconds * 1000;
  const release = kubernetes.faults.before(() => {
    if (account.clock.now() >= untilMs) release();
    else throw refuse(503, "ServiceUnavailable", { message: "the server is starting" });
  });
};

const stopController = (
  { cluster: { kubernetes }, account: { clock } }: NodeLab,
  seconds: number,
): void => {
  kubernetes.control.stop("disruption");
  clock.schedule(clock.now() + seconds * 1000, () => {
    kubernetes.control.start("disruption");
  });
};

/** As an operator's webhook does that moves what it guards by itself, or not. */
const denyEvictions = (
  { cluster: { kubernetes }, account: { clock } }: NodeLab,
  seconds: number,
): void => {
  const release = kubernetes.control.admit(({ subresource }) => {
    if (subresource !== "eviction") return;
    throw refuse(403, "", {
      message: 'admission webhook "guard.example.com" denied the request: not now',
    });
  });
  clock.schedule(clock.now() + seconds * 1000, release);
};

const tightenBudgets = ({ cluster: { kubernetes } }: NodeLab): void => {
  for (const budget of kubernetes.control.list("poddisruptionbudgets")) {
    const { minAvailable: _, ...spec } = budget.spec;
    const generation = (budget.metadata.generation ?? 1) + 1;
    kubernetes.control.change("poddisruptionbudgets", {
      ...budget,
      metadata: { ...budget.metadata, generation },
      spec: { ...spec, maxUnavailable: 0 },
    });
  }
};

const scaleOut = ({ cluster: { kubernetes } }: NodeLab): void => {
  const [deployment] = kubernetes.control.list("deployments");
  if (deployment === undefined) return;
  const replicas = (deployment.spec.replicas ?? 1) + 1;
  kubernetes.control.change("deployments", {
    ...deployment,
    spec: { ...deployment.spec, replicas },
  });
};

/** From what it remembers of the group in which our node comes up. */
const setSize = ({ platform, cluster, before }: NodeLab, by: number): void => {
  const [name, remembered] = cluster.isManaged
    ? [cluster.spotGroupName, before.spot.desired]
    : [cluster.groupName, before.own.desired];
  platform.autoScaling.control.applyPolicy(
    { ...cluster.place, name },
    { desired: remembered + by },
  );
};

const quiet = { isDisturbing: false, needsPerson: false } as const;
const disturbing = { isDisturbing: true, needsPerson: true } as const;

const kinds: readonly ((random: Random) => Kind)[] = [
  () => ({ ...quiet, sentence: "a pod stops to be Ready", act: crash }),
  () => ({ ...quiet, sentence: "budgets allow no disruption any longer", act: tightenBudgets }),
  () => ({ ...quiet, sentence: "a Deployment grows by one", act: scaleOut }),
  (random) => {
    const seconds = oneOf(random, [5, 60, 400]);
    return {
      ...quiet,
      sentence: `the API server answers 503 for ${String(seconds)} s`,
      // The way back can't go on either.
      needsPerson: seconds > 60,
      act: (lab) => {
        failServer(lab, seconds);
      },
    };
  },
  (random) => {
    const seconds = oneOf(random, [10, 90]);
    return {
      ...quiet,
      sentence: `the controller of budgets stands still for ${String(seconds)} s`,
      act: (lab) => {
        stopController(lab, seconds);
      },
    };
  },
  (random) => {
    const seconds = oneOf(random, [20, 1800]);
    return {
      ...quiet,
      sentence: `a webhook denies evictions for ${String(seconds)} s`,
      needsPerson: seconds > 60,
      act: (lab) => {
        denyEvictions(lab, seconds);
      },
    };
  },
  () => ({
    ...disturbing,
    sentence: "somebody uncordons the node",
    act: (lab) => {
      changeNode(lab, originalOf(lab), { unschedulable: false });
    },
  }),
  () => ({
    ...disturbing,
    sentence: "somebody cordons the node",
    act: (lab) => {
      changeNode(lab, originalOf(lab), { unschedulable: true });
    },
  }),
  () => ({
    ...disturbing,
    sentence: "the cluster autoscaler takes the node",
    act: (lab) => {
      const taint = { key: "ToBeDeletedByClusterAutoscaler", value: "1", effect: "NoSchedule" };
      changeNode(lab, originalOf(lab), { taints: [taint] });
    },
  }),
  (random) => {
    const by = oneOf(random, [0, 2, 3]);
    return {
      ...disturbing,
      sentence: `the cluster autoscaler sets the size to ${String(by)} more than it remembers`,
      resizes: true,
      act: (lab) => {
        setSize(lab, by);
      },
    };
  },
  () => ({
    ...disturbing,
    sentence: "the original's instance ends",
    takes: "ORIGINAL",
    act: ({ platform, cluster }) => {
      platform.ec2.control.terminateByOwner(cluster.instanceIds[0] ?? "");
    },
  }),
  (random) => {
    const noticeSeconds = oneOf(random, [0, 120] as const);
    return {
      ...disturbing,
      sentence: `EC2 takes the new node back after ${String(noticeSeconds)} s`,
      takes: "REPLACEMENT",
      act: (lab) => {
        const id = newInstance(lab);
        if (id !== "") lab.platform.ec2.control.interrupt(id, { noticeSeconds });
      },
    };
  },
];

/** A node is replaced within some four minutes. */
const mostSeconds = 260;

/** One case in three has none. */
export const drawInterference = (random: Random): Interference | undefined =>
  random.next() < 1 / 3
    ? undefined
    : { ...oneOf(random, kinds)(random), afterSeconds: random.integer(0, mostSeconds) };
