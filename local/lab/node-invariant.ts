/**
 * The capacity invariant of nodes, held against each of our disruptive calls: what takes over is there before anything is taken from a node. A node
 * that is new since the watch began takes over; on the way back an original that we had cordoned does.
 */
import { claimAnnotation } from "../../core/decide/kubernetes/claims.ts";
import type { Ec2Event } from "../cloud/ec2/events.ts";
import type { FaultCall } from "../cloud/faults.ts";
import { isMutatingCall, type KubeCall } from "../cloud/kubernetes/journal.ts";
import type { NodeObject } from "../cloud/kubernetes/objects.ts";
import { zoneLabel } from "../cloud/kubernetes/scheduling/volumes.ts";
import type { Platform } from "../platform/platform.ts";
import { isReadyNode, type ClusterMirror } from "./cluster-mirror.ts";
import { instanceIdsIn, ofOurRole, type WatchedCluster, type WhoseCalls } from "./pod-ledger.ts";

/** What happened so short a time before a call was not to be known to who looked before it. */
const knownMs = 5_000;

const archLabel = "kubernetes.io/arch";
const ending: ReadonlySet<string> = new Set([
  "TerminateInstanceInAutoScalingGroup",
  "TerminateInstances",
]);

const instanceOf = ({ spec }: NodeObject): string =>
  /\/(i-[0-9a-f]+)$/.exec(spec.providerID ?? "")?.[1] ?? "";

const isAlike = (one: NodeObject, other: NodeObject): boolean =>
  [zoneLabel, archLabel].every(
    (label) => one.metadata.labels?.[label] === other.metadata.labels?.[label],
  );

const cordons = ({ resource, verb, body }: KubeCall): boolean =>
  resource === "nodes" &&
  verb === "patch" &&
  (body as { readonly spec?: { readonly unschedulable?: boolean } }).spec?.unschedulable === true;

/** One that stays in its load balancers goes later: it takes no pods while another one is drained, and what is new may stand elsewhere. */
const isHeld = ({ body }: KubeCall): boolean => {
  const { annotations, labels } =
    (body as { readonly metadata?: Partial<NodeObject["metadata"]> }).metadata ?? {};
  return annotations?.[claimAnnotation] !== undefined && labels === undefined;
};

export interface InvariantWatch {
  /** In sentences. */
  readonly broken: readonly string[];
  end(): void;
}

class Invariant {
  readonly broken: string[] = [];
  readonly #platform: Platform;
  readonly #mirror: ClusterMirror;
  readonly #judged: WhoseCalls;
  /** By uid: those that were there at first, and whether they were cordoned. */
  readonly #first: ReadonlyMap<string, boolean>;
  /** Uids of new nodes for which an original has gone already. */
  readonly #spent = new Set<string>();
  /** EC2 takes them back. */
  readonly #noticed = new Set<string>();
  readonly #unfitSince = new Map<string, number>();

  constructor(platform: Platform, mirror: ClusterMirror, judged: WhoseCalls) {
    this.#platform = platform;
    this.#mirror = mirror;
    this.#judged = judged;
    this.#first = new Map(
      mirror.nodes().map(({ metadata, spec }) => [metadata.uid, spec.unschedulable === true]),
    );
  }

  look(): void {
    for (const node of this.#mirror.nodes()) {
      const { uid } = node.metadata;
      if (this.#isFitNow(node)) this.#unfitSince.delete(uid);
      else if (!this.#unfitSince.has(uid)) this.#unfitSince.set(uid, this.#platform.clock.now());
    }
  }

  hear({ "detail-type": type, detail }: Ec2Event): void {
    if (type === "EC2 Spot Instance Interruption Warning") {
      this.#noticed.add(detail["instance-id"] ?? "");
    }
    this.look();
  }

  beforeKube(call: KubeCall): void {
    if (!isMutatingCall(call) || !this.#judged.inCluster(call)) return;
    const nodeName = call.resource === "pods/eviction" ? this.#nodeOfPod(call) : call.name;
    const node = nodeName === undefined ? undefined : this.#mirror.node(nodeName);
    if (node === undefined) return;
    if (call.resource === "pods/eviction") this.#judge(`eviction of ${call.name}`, node);
    // The way back cordons what was launched.
    else if (cordons(call) && this.#isFirst(node)) {
      if (isHeld(call)) this.#judgeHold(node);
      else this.#judge("cordon", node);
    }
  }

  beforeCloud(call: FaultCall): void {
    const node = this.#endedBy(call);
    if (node !== undefined) this.#judge(call.operation, node);
  }

  afterCloud(call: FaultCall): void {
    const node = this.#endedBy(call);
    const [used] = node === undefined ? [] : this.#replacementsOf(node);
    if (used !== undefined) this.#spent.add(used.metadata.uid);
  }

  /** The original that our call ends. */
  #endedBy({ operation, input, caller }: FaultCall): NodeObject | undefined {
    if (!ending.has(operation) || !this.#judged.inAccount(caller)) return undefined;
    return instanceIdsIn(input)
      .flatMap((id) => this.#mirror.nodeOf(id) ?? [])
      .find((node) => this.#isFirst(node));
  }

  #nodeOfPod({ namespace, name }: KubeCall): string | undefined {
    return this.#mirror
      .pods()
      .find(({ metadata }) => metadata.namespace === namespace && metadata.name === name)?.spec
      .nodeName;
  }

  #isFirst({ metadata: { uid } }: NodeObject): boolean {
    return this.#first.has(uid);
  }

  #isFitNow(node: NodeObject): boolean {
    const id = instanceOf(node);
    return (
      isReadyNode(node) &&
      node.spec.unschedulable !== true &&
      !this.#noticed.has(id) &&
      this.#platform.ec2.control.find(id)?.state === "running"
    );
  }

  #isFit(node: NodeObject): boolean {
    const since = this.#unfitSince.get(node.metadata.uid);
    const isLate = since !== undefined && since > this.#platform.clock.now() - knownMs;
    return this.#isFitNow(node) || isLate;
  }

  #unspent(): readonly NodeObject[] {
    return this.#mirror
      .nodes()
      .filter(
        (node) => !this.#isFirst(node) && !this.#spent.has(node.metadata.uid) && this.#isFit(node),
      );
  }

  #replacementsOf(original: NodeObject): readonly NodeObject[] {
    return this.#unspent().filter((node) => isAlike(node, original));
  }

  #judgeHold({ metadata: { name } }: NodeObject): void {
    if (this.#unspent().length > 0) return;
    this.#complain(`cordon on ${name}, which goes later: no node is new, Ready and schedulable`);
  }

  #judge(what: string, node: NodeObject): void {
    const { name } = node.metadata;
    if (this.#isFirst(node)) {
      if (this.#replacementsOf(node).length > 0) return;
      this.#complain(`${what} on ${name}: no node that is like it is new, Ready and schedulable`);
      return;
    }
    const held = this.#mirror
      .nodes()
      .filter(
        ({ metadata, spec }) =>
          this.#first.get(metadata.uid) === false && spec.unschedulable === true,
      );
    if (held.length === 0) return;
    const names = held.map(({ metadata }) => metadata.name).join(", ");
    this.#complain(`${what} on ${name}, which is new: ${names} is still cordoned`);
  }

  #complain(text: string): void {
    this.broken.push(`${new Date(this.#platform.clock.now()).toISOString()}: ${text}`);
  }
}

/** From now on, until it is ended. */
export const watchInvariant = (
  platform: Platform,
  { kubernetes, mirror, judged = ofOurRole }: WatchedCluster,
): InvariantWatch => {
  const invariant = new Invariant(platform, mirror, judged);
  const ends = [
    mirror.onChange(({ plural }) => {
      if (plural === "nodes") invariant.look();
    }),
    platform.ec2.control.onEvent((event) => {
      invariant.hear(event);
    }),
    kubernetes.faults.before((call) => {
      invariant.beforeKube(call);
    }),
    platform.cloud.faults.before((call) => {
      invariant.beforeCloud(call);
    }),
    platform.cloud.faults.after((call) => {
      invariant.afterCloud(call);
    }),
  ];
  return {
    broken: invariant.broken,
    end: () => {
      for (const end of ends) end();
    },
  };
};
