/** Sets up through the API what a case needs, in a namespace of its own, and asks. The same on both sides. */
import { endAnnotation, readyAnnotation } from "../../local/cloud/kubernetes/kubelets/kubelet.ts";
import type { NodeObject, Pdb, Pod, PodSpec } from "../../local/cloud/kubernetes/objects.ts";
import { isReady } from "../../local/cloud/kubernetes/objects.ts";
import type { Asked, Reply } from "../../local/kube/api.ts";
import { neverStarted } from "../../local/kube/kubelet-player.ts";
import { addNode, listItems, mergePatch, must, until } from "../../local/kube/setting-up.ts";
import type { Side } from "./sides.ts";

export const strategicPatch = "application/strategic-merge-patch+json";

export type Life = "RUNNING" | "NOT_READY" | "PENDING";

export interface GivenPods {
  readonly app?: string;
  readonly replicas?: number;
  readonly life?: Life;
  readonly spec?: Partial<PodSpec>;
  readonly metadata?: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
    readonly ownerReferences?: readonly object[];
  };
}

export interface GivenEviction {
  readonly uid?: string;
  readonly isDryRun?: boolean;
  readonly body?: object;
  readonly token?: string;
}

const annotationsOf = (life: Life): Readonly<Record<string, string>> => {
  if (life === "RUNNING") return {};
  return { [readyAnnotation]: life === "PENDING" ? neverStarted : "never" };
};

export class Stage {
  readonly side: Side;
  readonly namespace: string;
  readonly node: string;

  constructor(side: Side, name: string) {
    this.side = side;
    this.namespace = name;
    this.node = `${name}-node`;
  }

  ask(path: string, asked?: Asked): Promise<Reply> {
    return this.side.api.ask(path, asked);
  }

  must(path: string, asked?: Asked): Promise<unknown> {
    return must(this.side.api, path, asked);
  }

  path(resource: string, group = ""): string {
    const root = group === "" ? "/api/v1" : `/apis/${group}/v1`;
    return `${root}/namespaces/${this.namespace}/${resource}`;
  }

  async open(): Promise<void> {
    const name = this.namespace;
    await this.must("/api/v1/namespaces", { method: "POST", body: { metadata: { name } } });
    await addNode(this.side.api, this.node);
  }

  /** Placed on the node by hand: the scheduler is not asked. */
  #template({ app = "web", life = "RUNNING", spec = {}, metadata = {} }: GivenPods) {
    const annotations = { ...annotationsOf(life), ...metadata.annotations };
    return {
      metadata: { ...metadata, labels: { app }, annotations },
      spec: {
        nodeName: this.node,
        terminationGracePeriodSeconds: 1,
        containers: [{ name: "main", image: "example.com/none" }],
        ...spec,
      },
    };
  }

  /** Of a ReplicaSet, as far in their life as is asked for, by name. */
  async deploy(given: GivenPods = {}): Promise<readonly Pod[]> {
    const { app = "web", replicas = 1, life = "RUNNING" } = given;
    const { metadata, spec } = this.#template(given);
    // A label of its own: it would adopt other pods of the app, and end those that are too many.
    const template = { metadata: { ...metadata, labels: { app, set: app } }, spec };
    await this.must(this.path("replicasets", "apps"), {
      method: "POST",
      body: {
        metadata: { name: app },
        spec: { replicas, selector: { matchLabels: { set: app } }, template },
      },
    });
    return this.podsOf(app, replicas, life);
  }

  /** Without an owner, unless it is given one. */
  async addPod(name: string, given: GivenPods = {}): Promise<Pod> {
    const { app = "web", life = "RUNNING" } = given;
    const { metadata, spec } = this.#template(given);
    const body = { metadata: { ...metadata, name }, spec };
    await this.must(this.path("pods"), { method: "POST", body });
    await until(`${name} is ${life}`, async () => isAt(await this.pod(name), life));
    const pod = await this.pod(name);
    if (pod.metadata.labels?.app !== app) throw new Error(`${name} has another label.`);
    return pod;
  }

  /** @throws Error where they are not there in time */
  async podsOf(app: string, count: number, life: Life): Promise<readonly Pod[]> {
    let pods: readonly Pod[] = [];
    await until(`${String(count)} pods of ${app} are ${life}`, async () => {
      pods = (await this.list<Pod>(`${this.path("pods")}?labelSelector=app=${app}`)).filter((pod) =>
        isAt(pod, life),
      );
      return pods.length >= count;
    });
    return pods;
  }

  list<Item>(path: string): Promise<readonly Item[]> {
    return listItems<Item>(this.side.api, path);
  }

  async pod(name: string): Promise<Pod> {
    return (await this.must(this.path(`pods/${name}`))) as Pod;
  }

  async getNode(): Promise<NodeObject> {
    return (await this.must(`/api/v1/nodes/${this.node}`)) as NodeObject;
  }

  async addBudget(spec: Pdb["spec"], name = "web"): Promise<void> {
    const selector = { matchLabels: { app: "web" } };
    await this.must(this.path("poddisruptionbudgets", "policy"), {
      method: "POST",
      body: { metadata: { name }, spec: { selector, ...spec } },
    });
  }

  async budget(name = "web"): Promise<Pdb> {
    return (await this.must(this.path(`poddisruptionbudgets/${name}`, "policy"))) as Pdb;
  }

  /** With what the controller has made of it. A sync that fails leaves it unobserved. */
  async settledBudget(name = "web"): Promise<Pdb> {
    await until(`budget ${name} was looked at`, async () => {
      const { metadata, status } = await this.budget(name);
      const hasFailed = status?.conditions?.some(({ reason }) => reason === "SyncFailed") === true;
      return hasFailed || (status?.observedGeneration ?? 0) === metadata.generation;
    });
    return this.budget(name);
  }

  evict(name: string, { uid, isDryRun, body, token }: GivenEviction = {}): Promise<Reply> {
    const deleteOptions = {
      ...(uid !== undefined && { preconditions: { uid } }),
      ...(isDryRun === true && { dryRun: ["All"] }),
    };
    const metadata = { name, namespace: this.namespace };
    return this.ask(this.path(`pods/${name}/eviction`), {
      method: "POST",
      body: body ?? { apiVersion: "policy/v1", kind: "Eviction", metadata, deleteOptions },
      ...(token !== undefined && { token }),
    });
  }

  patch(path: string, body: unknown, contentType = mergePatch): Promise<Reply> {
    return this.ask(path, { method: "PATCH", contentType, body });
  }
}

const isAt = (pod: Pod, life: Life): boolean => {
  if (life === "PENDING") return pod.status.phase === "Pending";
  return pod.status.phase === "Running" && isReady(pod) === (life === "RUNNING");
};

/** The containers of such a pod end only with it, and it never does. */
export const stuck = { [endAnnotation]: "stuck" };
