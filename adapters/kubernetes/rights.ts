/** What our group may do in a cluster: the rules of its ClusterRole, and what an operator does where one is missing. */
import type { KubernetesRight } from "../../core/model/kubernetes/cluster.ts";

/** Of Kubernetes, not of IAM: an access entry gives it to the role. */
export const ourGroup = "spot-optimizer";

interface Rule {
  /** API group; empty for the core. */
  readonly group: string;
  /** With its subresource: `pods/eviction`. */
  readonly resource: string;
  readonly verbs: readonly string[];
}

/** Each is used: a test takes one after the other away. */
export const ourRules: readonly Rule[] = [
  { group: "", resource: "nodes", verbs: ["get", "list", "patch"] },
  { group: "", resource: "pods", verbs: ["list"] },
  { group: "", resource: "pods/eviction", verbs: ["create"] },
  { group: "", resource: "persistentvolumes", verbs: ["list"] },
  { group: "policy", resource: "poddisruptionbudgets", verbs: ["list"] },
  { group: "apps", resource: "daemonsets", verbs: ["list"] },
  { group: "storage.k8s.io", resource: "volumeattachments", verbs: ["list"] },
  { group: "storage.k8s.io", resource: "csinodes", verbs: ["list"] },
];

/** By these it is known which pods serve admission webhooks, and go late. Without them nothing is refused, and it is told. */
export const optionalRules: readonly Rule[] = [
  {
    group: "admissionregistration.k8s.io",
    resource: "validatingwebhookconfigurations",
    verbs: ["list"],
  },
  {
    group: "admissionregistration.k8s.io",
    resource: "mutatingwebhookconfigurations",
    verbs: ["list"],
  },
  { group: "", resource: "services", verbs: ["list"] },
];

/** Of the ClusterRole that has the optional rules. */
export const optionalRole = `${ourGroup}-webhooks`;

/** Without them no pod is deleted, whatever a policy says. */
export const deletionRules: readonly Rule[] = [{ group: "", resource: "pods", verbs: ["delete"] }];

/** Of the ClusterRole that has them. */
export const deletionRole = `${ourGroup}-delete-pods`;

const rightsIn = (rules: readonly Rule[]): readonly KubernetesRight[] =>
  rules.flatMap(({ group, resource, verbs }) => {
    const [name = "", subresource] = resource.split("/");
    return verbs.map((verb) => ({
      verb,
      group,
      resource: name,
      ...(subresource === undefined ? {} : { subresource }),
    }));
  });

export const ourRights = rightsIn(ourRules);
export const deletionRights = rightsIn(deletionRules);

/** As a rule of a ClusterRole is written. */
export const ruleOf = ({ verb, group, resource, subresource }: KubernetesRight): string =>
  `{apiGroups: ["${group}"], resources: ["${resource}${subresource === undefined ? "" : `/${subresource}`}"], verbs: ["${verb}"]}`;

/** `User "x" cannot list resource "pods/eviction" in API group "" …`, as the server words it. */
const deniedForm =
  /cannot (?<verb>\w+) resource "(?<resource>[^"]+)" in API group "(?<group>[^"]*)"/;

/** What a 403 says is missing. Undefined for one of another reason, such as a webhook's. */
export const missingRightIn = (message: string): KubernetesRight | undefined => {
  const { verb, resource, group } = deniedForm.exec(message)?.groups ?? {};
  if (verb === undefined || resource === undefined || group === undefined) return undefined;
  const [name = "", subresource] = resource.split("/");
  return { verb, group, resource: name, ...(subresource === undefined ? {} : { subresource }) };
};
