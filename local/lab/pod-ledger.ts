/**
 * The pod ledger of a cluster: how many pods of each disruption budget are healthy, at each change; which pods moved, from where to where; which
 * were lost with a node that was terminated; and what of it our own calls broke.
 */
import type { Caller } from "../cloud/contract.ts";
import type { FaultCall } from "../cloud/faults.ts";
import type { KubeCluster } from "../cloud/kubernetes/cluster.ts";
import { isMutatingCall, type KubeCall } from "../cloud/kubernetes/journal.ts";
import type { Pdb, Pod } from "../cloud/kubernetes/objects.ts";
import type { Change } from "../cloud/kubernetes/store.ts";
import type { Platform } from "../platform/platform.ts";
import {
  belongsToNode,
  isHealthy,
  isOurCall,
  matches,
  nameOfPod,
  type ClusterMirror,
} from "./cluster-mirror.ts";
import { PodMoves, type PodMove } from "./pod-moves.ts";

/** From its time on, until the next one's. */
export interface BudgetSample {
  readonly atMs: number;
  /** Ready and not on their way out, counted by ourselves. */
  readonly healthy: number;
  /** As its controller has reckoned it last. */
  readonly desired: number;
  readonly expected: number;
}

export interface BudgetHistory {
  /** `namespace/name`. */
  readonly budget: string;
  /** In order of time; empty until its controller has looked at it. */
  readonly samples: readonly BudgetSample[];
}

/** It ran on a node whose instance was told to end, and had not left it. */
interface LostPod {
  readonly pod: string;
  readonly node: string;
  readonly instanceId: string;
  readonly atMs: number;
}

export interface PodLedger {
  budgets(): readonly BudgetHistory[];
  /** Those that have a controller, whoever made them move. */
  moves(): readonly PodMove[];
  /** By our calls. */
  readonly lost: readonly LostPod[];
  /** What our calls broke, in sentences. */
  readonly broken: readonly string[];
  end(): void;
}

/** A pass of a drain counts healthy pods once, and acts on that for so long: what failed by itself meanwhile was not to be known. */
const knownMs = 5_000;

/** One that ends no more is told to a person after its grace, and then passed over. */
const stuckMs = 5 * 60_000;

/** Whose calls are judged, in the cluster and in the account. Default: those of a role's session. */
export interface WhoseCalls {
  readonly inCluster: (call: Pick<KubeCall, "username">) => boolean;
  readonly inAccount: (caller: Caller) => boolean;
}

export const ofOurRole: WhoseCalls = {
  inCluster: isOurCall,
  inAccount: ({ sessionName }) => sessionName !== undefined,
};

export interface WatchedCluster {
  readonly kubernetes: KubeCluster;
  readonly mirror: ClusterMirror;
  readonly judged?: WhoseCalls;
  /** Deletions pass budgets over, as their owner lets them. Default: false. */
  readonly mayDeletePods?: boolean;
}

/** That a call names. */
export const instanceIdsIn = (input: unknown): readonly string[] => {
  const { InstanceId: one, InstanceIds: many = [] } = input as {
    readonly InstanceId?: string;
    readonly InstanceIds?: readonly string[];
  };
  return one === undefined ? many : [one, ...many];
};

const ending: ReadonlySet<string> = new Set([
  "StopInstances",
  "TerminateInstanceInAutoScalingGroup",
  "TerminateInstances",
]);

const takesPods = (call: KubeCall): boolean =>
  isMutatingCall(call) &&
  (call.resource === "pods/eviction" || (call.resource === "pods" && call.verb === "delete"));

class Ledger {
  readonly lost: LostPod[] = [];
  readonly broken: string[] = [];
  readonly moves = new PodMoves();
  readonly histories = new Map<string, BudgetSample[]>();
  readonly #platform: Platform;
  readonly #mirror: ClusterMirror;
  readonly #judged: WhoseCalls;
  /** When a pod stopped to be healthy otherwise than by our call, by its uid. */
  readonly #failedMs = new Map<string, number>();
  /** Those that our calls have sent away. */
  readonly #sent = new Set<string>();
  readonly #before = new Map<KubeCall, readonly Pod[]>();

  constructor(platform: Platform, mirror: ClusterMirror, judged: WhoseCalls) {
    this.#platform = platform;
    this.#mirror = mirror;
    this.#judged = judged;
    this.sample();
  }

  see(change: Change): void {
    const atMs = this.#now();
    this.moves.see(change, atMs);
    if (change.plural === "pods") this.#noteFailure(change, atMs);
    if (change.plural === "pods" || change.plural === "poddisruptionbudgets") this.sample();
  }

  sample(): void {
    const atMs = this.#now();
    for (const budget of this.#mirror.budgets()) {
      if (budget.status === undefined) continue;
      const name = nameOfPod(budget);
      const samples = this.histories.get(name) ?? [];
      this.histories.set(name, samples);
      // What lasts no time is not a state.
      if (samples.at(-1)?.atMs === atMs) samples.pop();
      const { desiredHealthy: desired, expectedPods: expected } = budget.status;
      const sample = { atMs, healthy: this.#healthyOf(budget).length, desired, expected };
      const last = samples.at(-1);
      const isNew =
        last?.healthy !== sample.healthy || last.desired !== desired || last.expected !== expected;
      if (isNew) samples.push(sample);
    }
  }

  before(call: KubeCall): void {
    if (!takesPods(call) || !this.#judged.inCluster(call)) return;
    this.#before.set(call, this.#mirror.pods().filter(isHealthy));
  }

  after(call: KubeCall): void {
    const healthy = this.#before.get(call);
    if (healthy === undefined) return;
    this.#before.delete(call);
    const pod = healthy.find(
      ({ metadata }) => metadata.namespace === call.namespace && metadata.name === call.name,
    );
    if (pod === undefined || this.#isStillHealthy(pod)) return;
    this.#sent.add(pod.metadata.uid);
    for (const budget of this.#mirror.budgets()) {
      if (matches(budget, pod)) this.#judge(call, budget, pod);
    }
  }

  ofInstance(call: FaultCall): void {
    const { operation, input, caller } = call;
    if (!ending.has(operation) || !this.#judged.inAccount(caller)) return;
    for (const instanceId of instanceIdsIn(input)) {
      const node = this.#mirror.nodeOf(instanceId)?.metadata.name;
      if (node === undefined) continue;
      for (const pod of this.#mirror.pods()) {
        if (pod.spec.nodeName !== node || belongsToNode(pod) || this.#isStuck(pod)) continue;
        this.lost.push({ pod: nameOfPod(pod), node, instanceId, atMs: this.#now() });
        this.#complain(operation, `${nameOfPod(pod)} still runs on ${node} (${instanceId})`);
      }
    }
  }

  #now(): number {
    return this.#platform.clock.now();
  }

  #noteFailure({ object, before }: Change, atMs: number): void {
    const pod = object as Pod;
    const wasHealthy = before !== undefined && isHealthy(before as Pod);
    if (wasHealthy && !isHealthy(pod)) this.#failedMs.set(pod.metadata.uid, atMs);
  }

  #healthyOf(budget: Pdb): readonly Pod[] {
    return this.#mirror.pods().filter((pod) => isHealthy(pod) && matches(budget, pod));
  }

  #isStillHealthy({ metadata: { uid } }: Pod): boolean {
    return this.#mirror.pods().some((pod) => pod.metadata.uid === uid && isHealthy(pod));
  }

  #judge({ resource }: KubeCall, budget: Pdb, pod: Pod): void {
    const desired = budget.status?.desiredHealthy;
    if (desired === undefined) return;
    const healthy = this.#healthyOf(budget).length + this.#failedLately(budget);
    if (healthy >= desired) return;
    this.#complain(
      resource,
      `${nameOfPod(pod)} was sent away; of budget ${nameOfPod(budget)} ${String(healthy)} pods are healthy after it, ${String(desired)} must be`,
    );
  }

  /** Too late to be known by whoever counted before. */
  #failedLately(budget: Pdb): number {
    return this.#mirror.pods().filter((pod) => {
      const failedMs = this.#failedMs.get(pod.metadata.uid) ?? -Infinity;
      const isLate = failedMs > this.#now() - knownMs && !this.#sent.has(pod.metadata.uid);
      return isLate && !isHealthy(pod) && matches(budget, pod);
    }).length;
  }

  #isStuck({ metadata: { deletionTimestamp } }: Pod): boolean {
    const endMs = deletionTimestamp === undefined ? Infinity : Date.parse(deletionTimestamp);
    return endMs + stuckMs <= this.#now();
  }

  #complain(operation: string, text: string): void {
    this.broken.push(`${new Date(this.#now()).toISOString()} (${operation}): ${text}`);
  }
}

/** From now on, until it is ended. */
export const watchPods = (
  platform: Platform,
  { kubernetes, mirror, judged = ofOurRole, mayDeletePods = false }: WatchedCluster,
): PodLedger => {
  const ledger = new Ledger(platform, mirror, judged);
  const ends = [
    mirror.onChange((change) => {
      ledger.see(change);
    }),
    kubernetes.faults.before((call) => {
      if (!mayDeletePods || call.resource !== "pods") ledger.before(call);
    }),
    kubernetes.faults.after((call) => {
      ledger.after(call);
    }),
    platform.cloud.faults.after((call) => {
      ledger.ofInstance(call);
    }),
  ];
  return {
    budgets: () => [...ledger.histories].map(([budget, samples]) => ({ budget, samples })),
    moves: () => ledger.moves.list(),
    lost: ledger.lost,
    broken: ledger.broken,
    end: () => {
      for (const end of ends) end();
    },
  };
};

/** The least of healthy pods less those that must be; `undefined` where no budget was reckoned. */
export const leastSpare = (budgets: readonly BudgetHistory[]): number | undefined => {
  const spare = budgets.flatMap(({ samples }) =>
    samples.map(({ healthy, desired }) => healthy - desired),
  );
  return spare.length === 0 ? undefined : Math.min(...spare);
};
