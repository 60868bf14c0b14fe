/** Runs the kubectl of this machine against a cluster on a loopback port. Where there is none, tests are skipped and say so. */
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeCluster } from "../../../../local/cloud/kubernetes/cluster.ts";
import { kubeconfigOf } from "../../../../local/cloud/kubernetes/kubeconfig.ts";

export const hasKubectl = spawnSync("kubectl", ["version", "--client"]).status === 0;

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Kubectl {
  run(command: string): Promise<Run>;
  remove(): void;
}

/** Its own home: neither the user's configuration nor a cache of other clusters is looked at. */
export const kubectlFor = (cluster: KubeCluster, url: string): Kubectl => {
  const home = mkdtempSync(join(tmpdir(), "kubectl-"));
  const file = join(home, "config");
  writeFileSync(file, kubeconfigOf(cluster, url));
  const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: file };
  return {
    run: (command) =>
      new Promise((resolve) => {
        execFile("kubectl", command.split(" "), { env }, (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
          resolve({ code, stdout, stderr });
        });
      }),
    remove: () => {
      rmSync(home, { recursive: true, force: true });
    },
  };
};
