/** The programs of a control plane and their arguments. Source: kube-apiserver, kube-controller-manager and kube-scheduler reference. */
import * as z from "zod";
import type { Access, Api } from "./api.ts";
import { createApi } from "./api.ts";
import type { Binaries } from "./binaries.ts";
import { writeKubeconfig, type Credentials } from "./credentials.ts";
import { freePort, startProgram, type RunningProgram } from "./programs.ts";

export interface Served extends Access {
  readonly program: RunningProgram;
}

const loopback = async (scheme: string): Promise<string> =>
  `${scheme}://127.0.0.1:${String(await freePort())}`;

const answersAt = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
};

export const startEtcd = async (
  binaries: Binaries,
  { file }: Credentials,
): Promise<{ readonly url: string; readonly program: RunningProgram }> => {
  const url = await loopback("http");
  const peer = await loopback("http");
  const args = [
    `--data-dir=${file("etcd")}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // What is lost with the machine is a test's.
    "--unsafe-no-fsync",
    "--log-level=error",
  ];
  const isUp = (): Promise<boolean> => answersAt(`${url}/health`);
  return { url, program: await startProgram({ command: binaries.etcd, args }, isUp) };
};

const revisionSchema = z.object({ header: z.object({ revision: z.string() }) });

/** Source: etcd documentation, "JSON API gateway". @throws Error where etcd does not do it */
export const compactEtcd = async (url: string): Promise<void> => {
  const call = async (path: string, body: object): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`etcd answered ${path} with ${String(response.status)}`);
    return response.json();
  };
  const key = Buffer.from("/").toString("base64");
  const { header } = revisionSchema.parse(await call("/v3/kv/range", { key, count_only: true }));
  await call("/v3/kv/compaction", { revision: header.revision, physical: true });
};

const isReady = async (api: Api): Promise<boolean> => {
  try {
    return (await api.ask("/readyz")).status === 200;
  } catch {
    return false;
  }
};

interface ServerOptions {
  readonly etcd: string;
  /** Where tokens are asked about. */
  readonly webhook: string;
  /** More arguments. */
  readonly more?: readonly string[];
}

/** Ready after about four seconds. */
export const startApiServer = async (
  binaries: Binaries,
  credentials: Credentials,
  { etcd, webhook, more = [] }: ServerOptions,
): Promise<Served> => {
  const { file, pki, tokens } = credentials;
  const url = await loopback("https");
  const args = [
    `--etcd-servers=${etcd}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${new URL(url).port}`,
    "--endpoint-reconciler-type=none",
    "--service-cluster-ip-range=10.0.0.0/24",
    `--cert-dir=${file("certificates")}`,
    `--tls-cert-file=${file("server.crt")}`,
    `--tls-private-key-file=${file("server.key")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-signing-key-file=${file("service-accounts.key")}`,
    `--service-account-key-file=${file("service-accounts.pub")}`,
    "--authorization-mode=RBAC",
    "--disable-admission-plugins=ServiceAccount",
    `--token-auth-file=${file("tokens.csv")}`,
    `--authentication-token-webhook-config-file=${writeKubeconfig(credentials, "webhook", webhook)}`,
    "--authentication-token-webhook-version=v1",
    "--authentication-token-webhook-cache-ttl=1s",
    ...more,
  ];
  const access = { url, authority: pki.authority, token: tokens.admin };
  const api = createApi(access);
  try {
    const program = { command: binaries["kube-apiserver"], args };
    return { ...access, program: await startProgram(program, () => isReady(api)) };
  } finally {
    api.close();
  }
};

/** Those whose work the product meets; none that needs a kubelet's lease or a cloud. */
const controllers = [
  "disruption-controller",
  "replicaset-controller",
  "deployment-controller",
  "statefulset-controller",
  "daemonset-controller",
];

/** Without `--secure-port=0` both would listen on all interfaces. */
const common = [
  "--leader-elect=false",
  "--secure-port=0",
  "--kube-api-qps=200",
  "--kube-api-burst=400",
];

const atOnce = (): Promise<boolean> => Promise.resolve(true);

export const startControllers = (binaries: Binaries, kubeconfig: string): Promise<RunningProgram> =>
  startProgram(
    {
      command: binaries["kube-controller-manager"],
      args: [`--kubeconfig=${kubeconfig}`, `--controllers=${controllers.join(",")}`, ...common],
    },
    atOnce,
  );

export const startScheduler = (binaries: Binaries, kubeconfig: string): Promise<RunningProgram> =>
  startProgram(
    { command: binaries["kube-scheduler"], args: [`--kubeconfig=${kubeconfig}`, ...common] },
    atOnce,
  );
