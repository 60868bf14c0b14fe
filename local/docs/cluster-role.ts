/**
 * The manifests by which a cluster's owner lets our group do its work: a ClusterRole of exactly the rules that the code names, one of those that
 * are optional, one of what only some policies ask for, and their bindings.
 */
import { stringify } from "yaml";
import {
  deletionRole,
  deletionRules,
  optionalRole,
  optionalRules,
  ourGroup,
  ourRules,
} from "../../adapters/kubernetes/rights.ts";

const apiGroup = "rbac.authorization.k8s.io";
const apiVersion = `${apiGroup}/v1`;

const clusterRole = (name: string, rules: typeof ourRules): object => ({
  apiVersion,
  kind: "ClusterRole",
  metadata: { name },
  rules: rules.map(({ group, resource, verbs }) => ({
    apiGroups: [group],
    resources: [resource],
    verbs,
  })),
});

const binding = (name: string): object => ({
  apiVersion,
  kind: "ClusterRoleBinding",
  metadata: { name },
  roleRef: { apiGroup, kind: "ClusterRole", name },
  subjects: [{ apiGroup, kind: "Group", name: ourGroup }],
});

/** YAML, for `kubectl apply -f`. */
const manifestOf = (roles: readonly (readonly [string, typeof ourRules])[]): string =>
  roles
    .flatMap(([name, rules]) => [clusterRole(name, rules), binding(name)])
    .map((object) => stringify(object))
    .join("---\n");

export const manifestPath = "docs/manifests/spot-optimizer-rbac.yaml";

/** By path: what each evaluation needs with what helps it, and what deletions at a deadline need beside. */
export const manifests = {
  [manifestPath]: manifestOf([
    [ourGroup, ourRules],
    [optionalRole, optionalRules],
  ]),
  "docs/manifests/spot-optimizer-delete-pods.yaml": manifestOf([[deletionRole, deletionRules]]),
} as const;

/** As a section of a page. */
export const clusterRoleSection = (): string => `\`\`\`yaml\n${manifests[manifestPath]}\`\`\``;
