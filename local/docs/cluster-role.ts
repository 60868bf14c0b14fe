/**
 * The manifest by which a cluster's owner lets our group do its work: a ClusterRole of exactly the rules that the code names, one of those that
 * are optional, and their bindings.
 */
import { stringify } from "yaml";
import {
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

export const manifestPath = "docs/manifests/spot-optimizer-rbac.yaml";

/** YAML, for `kubectl apply -f`. */
export const clusterRoleManifest = (): string =>
  [
    clusterRole(ourGroup, ourRules),
    binding(ourGroup),
    clusterRole(optionalRole, optionalRules),
    binding(optionalRole),
  ]
    .map((object) => stringify(object))
    .join("---\n");

/** As a section of a page. */
export const clusterRoleSection = (): string => `\`\`\`yaml\n${clusterRoleManifest()}\`\`\``;
