/**
 * Whom a cluster takes an AWS identity for: access entries first, then the aws-auth ConfigMap. Source: EKS user guide, "Grant IAM users
 * access to Kubernetes with EKS access entries", "Grant IAM users access to Kubernetes with a ConfigMap", "Access policy permissions".
 */
import { parse } from "yaml";
import * as z from "zod";
import type { Caller } from "../contract.ts";
import type { Cloud } from "../dispatch.ts";
import type { IdentitySource } from "../kubernetes/authentication.ts";
import { masters } from "../kubernetes/authorization.ts";
import type { Identity } from "../kubernetes/context.ts";
import type { AccessEntry, Cluster } from "./state.ts";

/** The one policy that is simulated: it allows everything. */
export const clusterAdminPolicy =
  "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";

/** `{{SessionName}}` is the session's own; an @ in it becomes a dash. */
const nameIn = (username: string, { sessionName = "", accountId }: Caller): string =>
  username
    .replaceAll("{{SessionName}}", sessionName.replaceAll("@", "-"))
    .replaceAll("{{AccountID}}", accountId);

/** What EKS gives an entry that names none. */
export const defaultUsername = (principalArn: string): string => {
  const [, accountId, name] =
    /^arn:aws[\w-]*:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(principalArn) ?? [];
  return accountId === undefined || name === undefined
    ? principalArn
    : `arn:aws:sts::${accountId}:assumed-role/${name}/{{SessionName}}`;
};

const principalOf = ({ roleArn, arn }: Caller): string => roleArn ?? arn;

const byEntry = ({ username, groups, policies }: AccessEntry, caller: Caller): Identity => ({
  username: nameIn(username, caller),
  groups: policies.has(clusterAdminPolicy) ? [...groups, masters] : groups,
});

const mapped = z.array(
  z.object({
    rolearn: z.string().optional(),
    userarn: z.string().optional(),
    username: z.string(),
    groups: z.array(z.string()).default([]),
  }),
);

/** The ConfigMap knows roles without their paths: aws-iam-authenticator sees an assumed role's name only. */
const withoutPath = (arn: string): string => arn.replace(/:role\/.*\//, ":role/");

const byConfigMap = ({ kubernetes }: Cluster, caller: Caller): Identity | undefined => {
  const map = kubernetes.control.get("configmaps", { namespace: "kube-system", name: "aws-auth" });
  const rows = [map?.data?.mapRoles, map?.data?.mapUsers].flatMap((text) => {
    const read = mapped.safeParse(text === undefined ? [] : parse(text));
    // What can't be read maps nobody.
    return read.success ? read.data : [];
  });
  const arn = withoutPath(principalOf(caller));
  const found = rows.find(({ rolearn, userarn }) => (rolearn ?? userarn) === arn);
  if (found === undefined) return undefined;
  return { username: nameIn(found.username, caller), groups: found.groups };
};

const identityIn = (cluster: Cluster, caller: Caller): Identity | undefined => {
  const { authenticationMode, entries } = cluster;
  const entry = authenticationMode === "CONFIG_MAP" ? undefined : entries.get(principalOf(caller));
  if (entry !== undefined) return byEntry(entry, caller);
  return authenticationMode === "API" ? undefined : byConfigMap(cluster, caller);
};

/** Keys as STS knows them: of a session that is over it knows none. */
export const identitySource = (
  { identities, clock }: Pick<Cloud, "identities" | "clock">,
  clusterOf: () => Cluster | undefined,
): IdentitySource => ({
  signer: (accessKeyId) => {
    const [principal, signer] = [identities.principal(accessKeyId), identities.key(accessKeyId)];
    if (principal === undefined || signer === undefined) return undefined;
    const isOver = (principal.expiresAtMs ?? Infinity) <= clock.now();
    return isOver ? undefined : { signer, caller: principal.caller };
  },
  identityOf: (caller) => {
    const cluster = clusterOf();
    return cluster === undefined ? undefined : identityIn(cluster, caller);
  },
});
