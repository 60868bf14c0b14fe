/** Drains the same full node of a real control plane in one way or another: seconds, and requests as the server counts them. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { optionalRules, ourGroup, ourRules } from "../../adapters/kubernetes/rights.ts";
import type { IdentitySource } from "../cloud/kubernetes/authentication.ts";
import { createApi, type Access, type Api } from "./api.ts";
import type { Binaries } from "./binaries.ts";
import { startControlPlane } from "./control-plane.ts";
import {
  newNode,
  oldNode,
  podsOn,
  setUpDrain,
  setUpPace,
  watchHealth,
  type DrainScenario,
} from "./drain-scenario.ts";
import { KubeletPlayer } from "./kubelet-player.ts";
import { runToEnd } from "./programs.ts";
import { must } from "./setting-up.ts";

export interface DrainTask {
  /** Of the user whose requests are counted. */
  readonly access: Access;
  readonly kubeconfig: string;
  /** Or by a token of EKS of that user's, who may do then what our role may. */
  readonly clusterName: string;
  readonly credentials: Credentials;
  /** To be drained; the other one has room. */
  readonly nodeName: string;
  readonly replacement: string;
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Ends when the node is drained. @throws Error where it could not be */
export type Drainer = (task: DrainTask) => Promise<void>;

export interface DrainFigures {
  readonly seconds: number;
  readonly requests: number;
  /** Of these answered with 429. */
  readonly refused: number;
  /** Pods that the drainer left on the node. */
  readonly left: number;
  /** The fewest healthy pods that any Deployment had at any instant. */
  readonly leastHealthy: number;
}

const clusterName = "drained";

const credentials: Credentials = {
  accessKeyId: "ASIADRAINER",
  secretAccessKey: "known to this process alone",
  sessionToken: "of a test",
};

/** The audited user, in the group of our role. */
const source: IdentitySource = {
  signer: (accessKeyId) =>
    accessKeyId === credentials.accessKeyId
      ? { signer: credentials, caller: { accountId: "111122223333", arn: "the drainer" } }
      : undefined,
  identityOf: () => ({ username: "drainer", groups: [ourGroup] }),
};

/** What the operator has given our group. */
const grantOurRules = async (api: Api): Promise<void> => {
  const group = "rbac.authorization.k8s.io";
  const rules = [...ourRules, ...optionalRules].map(({ group: apiGroup, resource, verbs }) => ({
    apiGroups: [apiGroup],
    resources: [resource],
    verbs,
  }));
  const metadata = { name: ourGroup };
  const post = (plural: string, body: object): Promise<unknown> =>
    must(api, `/apis/${group}/v1/${plural}`, { method: "POST", body: { metadata, ...body } });
  await post("clusterroles", { rules });
  await post("clusterrolebindings", {
    roleRef: { apiGroup: group, kind: "ClusterRole", name: ourGroup },
    subjects: [{ apiGroup: group, kind: "Group", name: ourGroup }],
  });
};

/** In a control plane of its own. @throws what the drainer throws */
export const measureDrain = async (
  binaries: Binaries,
  scenario: DrainScenario,
  drain: Drainer,
): Promise<DrainFigures> => {
  const plane = await startControlPlane(binaries, { clusterName, source });
  const api = createApi(plane.access("admin"));
  const kubelets = new KubeletPlayer(createApi(plane.access("kubelet")), setUpPace);
  try {
    await grantOurRules(api);
    await setUpDrain(api, scenario);
    kubelets.setPace(scenario.pace);
    const task = {
      access: plane.access("drainer"),
      kubeconfig: plane.kubeconfig("drainer"),
      clusterName,
      credentials,
      nodeName: oldNode,
      replacement: newNode,
    };
    const health = watchHealth(api);
    const beganMs = performance.now();
    await drain(task).finally(health.stop);
    const seconds = (performance.now() - beganMs) / 1000;
    const requests = plane.audited();
    const left = (await podsOn(api, oldNode)).length;
    return {
      seconds,
      requests: requests.length,
      refused: requests.filter(({ code }) => code === 429).length,
      left,
      leastHealthy: health.least(),
    };
  } finally {
    await kubelets.stop().finally(() => {
      api.close();
      return plane.stop();
    });
  }
};

/** Undefined where kubectl is on the PATH. */
export const whyNoKubectl = (): string | undefined =>
  spawnSync("kubectl", ["version", "--client"]).status === 0
    ? undefined
    : "kubectl is not on the PATH";

/** What an operator would type. */
export const drainByKubectl: Drainer = async ({ kubeconfig, nodeName }) => {
  const { code, output } = await runToEnd({
    command: "kubectl",
    args: [
      "drain",
      nodeName,
      "--ignore-daemonsets",
      "--delete-emptydir-data",
      "--timeout=15m",
      `--kubeconfig=${kubeconfig}`,
      // Beside the file, in the folder that goes.
      `--cache-dir=${join(kubeconfig, "..", "kubectl-cache")}`,
    ],
  });
  if (code !== 0) throw new Error(`kubectl drain ended with ${String(code)}:\n${output}`);
};
