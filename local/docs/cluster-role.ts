/** The manifest by which a cluster's owner lets our group do its work: a ClusterRole of exactly the rules that the code names, and its binding. */
import { stringify } from "yaml";
import { ourGroup, ourRules } from "../../adapters/kubernetes/rights.ts";

const clusterRole = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name: ourGroup },
  rules: ourRules.map(({ group, resource, verbs }) => ({
    apiGroups: [group],
    resources: [resource],
    verbs,
  })),
};

const binding = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: ourGroup },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: ourGroup },
  subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: ourGroup }],
};

export const manifestPath = "docs/manifests/spot-optimizer-rbac.yaml";

/** YAML, for `kubectl apply -f`. */
export const clusterRoleManifest = (): string =>
  [clusterRole, binding].map((object) => stringify(object)).join("---\n");

/** As a section of a page. */
export const clusterRoleSection = (): string => `\`\`\`yaml\n${clusterRoleManifest()}\`\`\``;
