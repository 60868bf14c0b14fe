/** The file by which kubectl finds a simulated cluster. Source: Kubernetes documentation, "Organizing Cluster Access Using kubeconfig Files". */
import { stringify } from "yaml";
import { localAdminToken } from "./authentication.ts";
import type { KubeCluster } from "./cluster.ts";

/** Its token is a name that only a simulated server on this machine knows: no secret of an account. */
export const kubeconfigOf = ({ name, pki }: KubeCluster, url: string): string =>
  stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name,
        cluster: {
          server: url,
          "certificate-authority-data": Buffer.from(pki.authority).toString("base64"),
        },
      },
    ],
    users: [{ name: localAdminToken, user: { token: localAdminToken } }],
    contexts: [{ name, context: { cluster: name, user: localAdminToken } }],
    "current-context": name,
  });
