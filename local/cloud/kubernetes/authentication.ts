/** Who a request comes from: a token of EKS, a local one, or nobody. Source: Kubernetes documentation, "Authenticating"; EKS user guide, "Grant IAM users access to Kubernetes". */
import type { Caller } from "../contract.ts";
import { anonymous, masters } from "./authorization.ts";
import type { Identity, KubeContext } from "./context.ts";
import { isEksToken, verifyToken, type Signer } from "./presigned-url.ts";
import { refuse, unauthorized } from "./refusals.ts";
import type { KubeRequest } from "./requests.ts";

/** What the cluster asks AWS. */
export interface IdentitySource {
  /** The key as STS knows it, if it has not expired. */
  signer(accessKeyId: string): { readonly signer: Signer; readonly caller: Caller } | undefined;
  /** Whom access entries and the aws-auth ConfigMap make of the caller; undefined where nothing maps it. */
  identityOf(caller: Caller): Identity | undefined;
}

/** A token of the laptop's own: a name, not a secret. */
export const localAdminToken = "local-admin";

/** That of EKS itself, which drains nodes of its managed groups. */
export const nodeManagerToken = "eks-node-manager";
export const nodeManagerName = "eks:node-manager";

const localIdentities: ReadonlyMap<string, Identity> = new Map([
  [localAdminToken, { username: "local-admin", groups: [masters] }],
  [nodeManagerToken, { username: nodeManagerName, groups: [masters] }],
]);

const authenticated = "system:authenticated";

const withEveryone = (identity: Identity): Identity => ({
  ...identity,
  groups: [...new Set([...identity.groups, authenticated])],
});

const healthPaths: ReadonlySet<string> = new Set(["/healthz", "/livez", "/readyz"]);

/** Whom a token of EKS is for; undefined where it is not accepted, or nothing maps its caller. */
export const identityFromEks = (
  source: IdentitySource,
  token: string,
  cluster: { readonly clusterName: string; readonly nowMs: number },
): Identity | undefined => {
  const verdict = verifyToken(token, cluster, (accessKeyId) => source.signer(accessKeyId)?.signer);
  if (!verdict.isGood) return undefined;
  const caller = source.signer(verdict.accessKeyId)?.caller;
  return caller === undefined ? undefined : source.identityOf(caller);
};

const bearerOf = (authorization: string | undefined): string | undefined =>
  /^Bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];

/** Who may, asks as somebody else. Only masters may here. Source: Kubernetes documentation, "User impersonation". */
const impersonated = (identity: Identity, headers: KubeRequest["headers"]): Identity => {
  const { "impersonate-user": username, "impersonate-group": groups = "" } = headers;
  if (username === undefined) return identity;
  if (!identity.groups.includes(masters)) {
    throw refuse(403, "Forbidden", {
      message: `users "${username}" is forbidden: User "${identity.username}" cannot impersonate resource "users" in API group "" at the cluster scope`,
    });
  }
  return { username, groups: groups.split(/,\s*/).filter((group) => group !== "") };
};

/** @throws KubeRefusal 401; 403 for who may not impersonate */
export const authenticate = (
  context: KubeContext,
  source: IdentitySource,
  { headers, path }: KubeRequest,
): Identity => {
  const token = bearerOf(headers.authorization);
  if (token === undefined) {
    const isLetThrough = context.settings.isAnonymousEverywhere || healthPaths.has(path);
    if (isLetThrough) return anonymous;
    throw unauthorized();
  }
  const { clusterName, time } = context;
  const identity = isEksToken(token)
    ? identityFromEks(source, token, { clusterName, nowMs: time.now() })
    : localIdentities.get(token);
  if (identity === undefined) throw unauthorized();
  return withEveryone(impersonated(identity, headers));
};
