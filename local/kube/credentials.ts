/** The folder of a control plane: its authority, keys, users and their kubeconfig files. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { kubeconfigFor } from "../cloud/kubernetes/kubeconfig.ts";
import { createPki, type ClusterPki } from "../cloud/kubernetes/pki/certificates.ts";
import { createRandom } from "../cloud/random.ts";

/** They have fixed tokens and may do everything. Whoever else comes is asked about by the webhook. */
const users = ["admin", "controllers", "scheduler", "kubelet", "drainer"] as const;
export type User = (typeof users)[number];

export interface Credentials {
  readonly folder: string;
  readonly pki: ClusterPki;
  readonly tokens: Readonly<Record<User, string>>;
  /** The path of a file in the folder. */
  readonly file: (name: string) => string;
}

/** Of the audited user every request is told once it is answered. */
const auditPolicy = (audited: User): string =>
  stringify({
    apiVersion: "audit.k8s.io/v1",
    kind: "Policy",
    omitStages: ["RequestReceived", "ResponseStarted"],
    rules: [{ level: "Metadata", users: [audited] }, { level: "None" }],
  });

const createTokens = (): Credentials["tokens"] => {
  const token = (): string => randomBytes(24).toString("hex");
  return {
    admin: token(),
    controllers: token(),
    scheduler: token(),
    kubelet: token(),
    drainer: token(),
  };
};

export const createCredentials = (): Credentials => {
  const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-kube-"));
  const file = (name: string): string => join(folder, name);
  const pki = createPki(createRandom(randomBytes(4).readUInt32BE()));
  const signer = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const tokens = createTokens();
  const contents: Readonly<Record<string, string>> = {
    "server.crt": pki.serverCertificate,
    "server.key": pki.serverKey,
    "service-accounts.key": signer.privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    "service-accounts.pub": signer.publicKey.export({ format: "pem", type: "spki" }).toString(),
    "tokens.csv": users
      .map((user) => `${tokens[user]},${user},${user},"system:masters"\n`)
      .join(""),
    "audit-policy.yaml": auditPolicy("drainer"),
  };
  for (const [name, content] of Object.entries(contents)) {
    writeFileSync(file(name), content, { mode: 0o600 });
  }
  return { folder, pki, tokens, file };
};

/** @returns the file's path */
export const writeKubeconfig = (
  { pki, tokens, file }: Credentials,
  user: User | "webhook",
  url: string,
): string => {
  const path = file(`${user}.kubeconfig`);
  // A webhook is not asked to believe us: it listens on this machine.
  const token = user === "webhook" ? "" : tokens[user];
  const config = kubeconfigFor({ name: "real", user, url, authority: pki.authority, token });
  writeFileSync(path, config, { mode: 0o600 });
  return path;
};
