/** The file by which kubectl finds a cluster. Source: Kubernetes documentation, "Organizing Cluster Access Using kubeconfig Files". */
import { stringify } from "yaml";
import { localAdminToken } from "./authentication.ts";
import type { KubeCluster } from "./cluster.ts";

interface KubeconfigParts {
  readonly name: string;
  readonly user: string;
  readonly url: string;
  /** PEM. */
  readonly authority: string;
  readonly token: string;
}

export const kubeconfigFor = ({ name, user, url, authority, token }: KubeconfigParts): string =>
  stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name,
        cluster: {
          server: url,
          "certificate-authority-data": Buffer.from(authority).toString("base64"),
        },
      },
    ],
    users: [{ name: user, user: { token } }],
    contexts: [{ name, context: { cluster: name, user } }],
    "current-context": name,
  });

/** Its token is a name that only a simulated server on this machine knows: no secret of an account. */
export const kubeconfigOf = ({ name, pki }: KubeCluster, url: string): string =>
  kubeconfigFor({
    name,
    url,
    authority: pki.authority,
    user: localAdminToken,
    token: localAdminToken,
  });
