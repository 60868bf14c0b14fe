/** Rules about the cluster as a whole, and about what we may do in it. */
import type { KubernetesRight } from "../../../model/kubernetes/cluster.ts";
import { limitName } from "../../../policy/limit-name.ts";
import { listed } from "../../switch/objection.ts";
import { soon } from "./soon.ts";
import type { NodeGroupDelay, NodeGroupRule } from "./rule.ts";

/** Source: Amazon EKS API reference, Cluster, status. */
const passingStatuses: readonly string[] = ["CREATING", "UPDATING", "PENDING"];

const isThere: NodeGroupRule = ({ cluster: { name, status }, target }) =>
  status === "ACTIVE" || passingStatuses.includes(status)
    ? undefined
    : {
        code: "EKS_CLUSTER_NOT_FOUND",
        sentence: `Cluster ${name} is ${status}: delete target ${target.targetId}, or mend the cluster.`,
      };

const isNotUpdating: NodeGroupDelay = ({ cluster: { name, status }, facts }) =>
  passingStatuses.includes(status)
    ? soon(facts, {
        reason: "EKS_CLUSTER_UPDATING",
        sentence: `Cluster ${name} is ${status}: nothing is done until that has ended.`,
      })
    : undefined;

const resourceOf = ({ resource, subresource }: KubernetesRight): string =>
  subresource === undefined ? resource : `${resource}/${subresource}`;

/** As they stand in a ClusterRole, one line for each resource. */
const rulesFor = (missing: readonly KubernetesRight[]): string =>
  [...Map.groupBy(missing, (right) => `${right.group}#${resourceOf(right)}`).values()]
    .flatMap((rights) => {
      const [first] = rights;
      if (first === undefined) return [];
      const verbs = rights.map(({ verb }) => `"${verb}"`).join(", ");
      return [
        `- {apiGroups: ["${first.group}"], resources: ["${resourceOf(first)}"], verbs: [${verbs}]}`,
      ];
    })
    .join(" ");

const isDeletion = ({ verb, resource }: KubernetesRight): boolean =>
  verb === "delete" && resource === "pods";

/** What a policy asks for beside the rest has a ClusterRole of its own. */
const remedyFor = (missing: readonly KubernetesRight[]): string => {
  const ours = missing.filter((right) => !isDeletion(right));
  return [
    ...(ours.length === 0 ? [] : [`put into the rules of our ClusterRole ${rulesFor(ours)}`]),
    ...(ours.length === missing.length
      ? []
      : [
          `apply docs/manifests/spot-optimizer-delete-pods.yaml, or switch ${limitName("deletePodsAtDeadline")} off`,
        ]),
  ].join("; ");
};

const hasRights: NodeGroupRule = ({ cluster: { name }, facts: { access } }) => {
  const { missing = [], username = "", groups = [] } = access ?? {};
  if (missing.length === 0) return undefined;
  const lacking = listed(missing.map((right) => `${right.verb} ${resourceOf(right)}`));
  return {
    code: "CLUSTER_RIGHT_MISSING",
    sentence: `Cluster ${name} knows us as ${username} of ${listed(groups)}, and that may not ${lacking}: ${remedyFor(missing)}`,
  };
};

export const clusterRules: readonly NodeGroupRule[] = [isThere, hasRights];
export const clusterDelays: readonly NodeGroupDelay[] = [isNotUpdating];
