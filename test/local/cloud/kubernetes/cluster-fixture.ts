/** A cluster for the tests of its parts, and requests to it as a client makes them. */
import { VirtualClock, type Clock } from "../../../../local/cloud/clock.ts";
import type { IdentitySource } from "../../../../local/cloud/kubernetes/authentication.ts";
import { localAdminToken } from "../../../../local/cloud/kubernetes/authentication.ts";
import { createCluster, type KubeCluster } from "../../../../local/cloud/kubernetes/cluster.ts";
import type { Labels, Pdb, Pod } from "../../../../local/cloud/kubernetes/objects.ts";
import type { KubeSettings } from "../../../../local/cloud/kubernetes/settings.ts";
import { createRandom } from "../../../../local/cloud/random.ts";

export const startMs = Date.UTC(2026, 0, 1);

const nobody: IdentitySource = { signer: () => undefined, identityOf: () => undefined };

export const clusterOn = (
  clock: Clock,
  options: { readonly settings?: Partial<KubeSettings>; readonly source?: IdentitySource } = {},
): KubeCluster =>
  createCluster({
    name: "shop",
    clock,
    random: createRandom(7),
    source: options.source ?? nobody,
    settings: { latencyMs: [0, 0], ...options.settings },
  });

export interface Asked {
  readonly method?: string;
  readonly token?: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly body?: unknown;
  /** `impersonate-group` … */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the tests look at, of whichever object it is. */
interface Shown {
  readonly code?: number;
  readonly message: string;
  readonly reason?: string;
  readonly details?: {
    readonly causes?: readonly { readonly reason: string; readonly message: string }[];
  };
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue: string;
    readonly remainingItemCount?: number;
    readonly deletionTimestamp?: string;
    readonly generation?: number;
    readonly finalizers?: readonly string[];
  };
  readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly object[] };
  readonly status: { readonly conditions?: readonly object[]; readonly userInfo?: object };
  readonly items: readonly Pod[];
}

export interface Answered {
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Shown;
}

/** As the local administrator, unless another token is given; an empty one for nobody. */
export const ask = async (
  cluster: KubeCluster,
  pathAndQuery: string,
  asked: Asked = {},
): Promise<Answered> => {
  const url = new URL(pathAndQuery, "https://local");
  const token = asked.token ?? localAdminToken;
  const { method = "GET", contentType = "application/json", accept, body } = asked;
  const answer = await cluster.answer({
    method,
    path: url.pathname,
    query: url.searchParams,
    headers: {
      "content-type": contentType,
      accept,
      ...asked.headers,
      ...(token !== "" && { authorization: `Bearer ${token}` }),
    },
    body,
  });
  return { ...answer, body: answer.body as Shown };
};

export const addNode = (cluster: KubeCluster, name: string): void => {
  cluster.control.add("nodes", {
    metadata: { name },
    spec: { providerID: `aws:///eu-west-1a/i-${"0".repeat(16)}1` },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  });
};

export interface GivenPod {
  readonly name: string;
  readonly labels?: Labels;
  readonly phase?: string;
  readonly isReady?: boolean;
  readonly nodeName?: string;
  readonly owner?: { readonly kind: string; readonly name: string; readonly apiVersion?: string };
}

export const addPod = (cluster: KubeCluster, given: GivenPod): Pod =>
  cluster.control.add("pods", {
    metadata: {
      name: given.name,
      namespace: "default",
      labels: given.labels ?? { app: "web" },
      ...(given.owner !== undefined && {
        ownerReferences: [
          {
            apiVersion: "apps/v1",
            uid: `uid-${given.owner.name}`,
            controller: true,
            ...given.owner,
          },
        ],
      }),
    },
    spec: { nodeName: given.nodeName ?? "one", containers: [{ name: "main" }] },
    status: {
      phase: given.phase ?? "Running",
      conditions: [{ type: "Ready", status: given.isReady === false ? "False" : "True" }],
    },
  });

export const addBudget = (cluster: KubeCluster, spec: Pdb["spec"], name = "web"): void => {
  cluster.control.add("poddisruptionbudgets", {
    metadata: { name, namespace: "default" },
    spec: { selector: { matchLabels: { app: "web" } }, ...spec },
  });
};

export const evict = (
  cluster: KubeCluster,
  name: string,
  options: { readonly uid?: string; readonly dryRun?: boolean } = {},
): Promise<Answered> =>
  ask(cluster, `/api/v1/namespaces/default/pods/${name}/eviction`, {
    method: "POST",
    body: {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name, namespace: "default" },
      deleteOptions: {
        ...(options.uid !== undefined && { preconditions: { uid: options.uid } }),
        ...(options.dryRun === true && { dryRun: ["All"] }),
      },
    },
  });

export const virtualCluster = (
  options: Parameters<typeof clusterOn>[1] = {},
): { readonly clock: VirtualClock; readonly cluster: KubeCluster } => {
  const clock = new VirtualClock(startMs);
  return { clock, cluster: clusterOn(clock, options) };
};
