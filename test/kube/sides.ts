/** The two that must answer alike: a real control plane, and the simulated API server behind its HTTPS front. */
import { homedir } from "node:os";
import { join } from "node:path";
import { clusterOpener, type KubernetesClient } from "../../adapters/kubernetes/client.ts";
import { httpsTransport } from "../../adapters/kubernetes/transport.ts";
import type { IdentitySource } from "../../local/cloud/kubernetes/authentication.ts";
import { localAdminToken } from "../../local/cloud/kubernetes/authentication.ts";
import { createCluster, type KubeCluster } from "../../local/cloud/kubernetes/cluster.ts";
import { createRandom } from "../../local/cloud/random.ts";
import { createApi, type Api } from "../../local/kube/api.ts";
import { buildBinaries } from "../../local/kube/binaries.ts";
import { startControlPlane, type ControlPlane } from "../../local/kube/control-plane.ts";
import { KubeletPlayer, type Pace } from "../../local/kube/kubelet-player.ts";
import { LiveClock } from "../../local/platform/live-clock.ts";
import { serveKubernetes } from "../../local/wire/front/kubernetes-https.ts";
import { keyOf } from "./callers.ts";

const clusterName = "shop";

/** The product's own client, with the rights of that key's group. */
export const openCluster = ({ api }: Pick<Side, "api">, key: string): Promise<KubernetesClient> =>
  clusterOpener(httpsTransport)("eu-west-1", keyOf(key))({
    endpoint: api.url,
    authority: api.authority,
    clusterName,
    roleArn: "arn:aws:iam::111122223333:role/spot-optimizer",
    now: new Date(),
  });

/** What only the real one or only the simulated one has, under one name. */
export interface Side {
  readonly name: "real" | "simulated";
  /** Of one who may do everything. */
  readonly api: Api;
  readonly kubelets: KubeletPlayer;
  readonly holdControllers: () => void;
  readonly releaseControllers: () => void;
  /** Lists that began before can't go on. */
  readonly compact: () => Promise<void>;
  /** Absent on the other side. */
  readonly plane?: ControlPlane;
  readonly cluster?: KubeCluster;
  readonly stop: () => Promise<void>;
}

const quick: Pace = { readyMs: 200, endMs: 200 };

const defaultCache = join(homedir(), ".cache", "spot-optimizer", "kube");

/** The command has built them; run by hand this takes as long as the command would. */
export const binaries = () =>
  buildBinaries({
    cache: process.env.KUBE_CACHE ?? defaultCache,
    environment: process.env,
    progress: (text) => process.stderr.write(`${text}\n`),
  });

export const startReal = async (source: IdentitySource): Promise<Side> => {
  const plane = await startControlPlane(binaries(), { clusterName, source });
  const api = createApi(plane.access("admin"));
  const kubeletApi = createApi(plane.access("kubelet"));
  const kubelets = new KubeletPlayer(kubeletApi, quick);
  return {
    name: "real",
    api,
    kubelets,
    plane,
    holdControllers: plane.holdControllers,
    releaseControllers: plane.releaseControllers,
    compact: plane.compact,
    stop: async () => {
      try {
        await kubelets.stop();
      } finally {
        api.close();
        kubeletApi.close();
        await plane.stop();
      }
    },
  };
};

export const startSimulated = async (source: IdentitySource): Promise<Side> => {
  const defects: unknown[] = [];
  const onDefect = (error: unknown): void => void defects.push(error);
  const clock = new LiveClock({
    beganMs: Date.now(),
    speed: 1,
    // Who calls, and the kubelets that are played, have the real time.
    keepsUp: true,
    onError: onDefect,
  });
  const cluster = createCluster({
    name: clusterName,
    clock,
    random: createRandom(7),
    source,
    settings: { latencyMs: [0, 0] },
  });
  await clock.goLive(Date.now());
  const server = await serveKubernetes(cluster, {
    onDefect,
    enter: (answer) => clock.enter(answer),
  });
  const { url } = server;
  const access = { url, authority: cluster.pki.authority, token: localAdminToken };
  const api = createApi(access);
  const kubeletApi = createApi(access);
  const kubelets = new KubeletPlayer(kubeletApi, quick);
  const controllers = ["disruption", "workloads"] as const;
  return {
    name: "simulated",
    api,
    kubelets,
    cluster,
    holdControllers: () => {
      for (const each of controllers) cluster.control.stop(each);
    },
    releaseControllers: () => {
      for (const each of controllers) cluster.control.start(each);
    },
    compact: () => {
      cluster.control.compact();
      return Promise.resolve();
    },
    stop: async () => {
      try {
        await kubelets.stop();
      } finally {
        api.close();
        kubeletApi.close();
        clock.stop();
        await server.close();
      }
      if (defects.length > 0)
        throw new AggregateError(defects, "The simulated server has defects.");
    },
  };
};
