/** Role-based access control over the roles and bindings that the cluster stores. Source: Kubernetes documentation, "Using RBAC Authorization". */
import type { Identity, KubeContext } from "./context.ts";
import type { PolicyRule, RoleBinding } from "./objects.ts";
import { refuse, type KubeRefusal } from "./refusals.ts";
import type { Asked, Target } from "./requests.ts";

/** They may do everything, whatever roles say. */
export const masters = "system:masters";

export const anonymous: Identity = {
  username: "system:anonymous",
  groups: ["system:unauthenticated"],
};

const isBound = ({ subjects = [] }: RoleBinding, { username, groups }: Identity): boolean =>
  subjects.some(
    ({ kind, name }) =>
      (kind === "Group" && groups.includes(name)) || (kind === "User" && name === username),
  );

/** Rules that hold for the identity, cluster-wide and in that namespace. */
const rulesFor = (
  { store }: KubeContext,
  identity: Identity,
  namespace: string,
): readonly PolicyRule[] => {
  const rulesOf = ({ roleRef, metadata }: RoleBinding): readonly PolicyRule[] =>
    (roleRef.kind === "ClusterRole"
      ? store.get("clusterroles", { name: roleRef.name })
      : store.get("roles", { namespace: metadata.namespace, name: roleRef.name })
    )?.rules ?? [];
  const everywhere = store.list("clusterrolebindings");
  const here = namespace === "" ? [] : store.list("rolebindings", namespace);
  return [...everywhere, ...here].filter((binding) => isBound(binding, identity)).flatMap(rulesOf);
};

const has = (list: readonly string[] | undefined, value: string): boolean =>
  list !== undefined && (list.includes("*") || list.includes(value));

const allowsResource = (rule: PolicyRule, asked: Asked): boolean => {
  const whole =
    asked.subresource === "" ? asked.resource : `${asked.resource}/${asked.subresource}`;
  const isNamed =
    rule.resourceNames === undefined ||
    rule.resourceNames.length === 0 ||
    rule.resourceNames.includes(asked.name);
  return (
    has(rule.verbs, asked.verb) &&
    has(rule.apiGroups, asked.group) &&
    (has(rule.resources, whole) ||
      (asked.subresource !== "" && has(rule.resources, `*/${asked.subresource}`))) &&
    isNamed
  );
};

const allowsPath = (rule: PolicyRule, { verb, path }: { verb: string; path: string }): boolean =>
  has(rule.verbs, verb) &&
  (rule.nonResourceURLs ?? []).some(
    (pattern) =>
      pattern === path || (pattern.endsWith("*") && path.startsWith(pattern.slice(0, -1))),
  );

export const isAllowed = (context: KubeContext, identity: Identity, asked: Asked): boolean =>
  identity.groups.includes(masters) ||
  rulesFor(context, identity, asked.namespace).some((rule) => allowsResource(rule, asked));

const scopeOf = ({ namespace }: Asked): string =>
  namespace === "" ? "at the cluster scope" : `in the namespace "${namespace}"`;

const deniedResource = ({ username }: Identity, asked: Asked): KubeRefusal => {
  const { group, resource, subresource, name, verb } = asked;
  const whole = subresource === "" ? resource : `${resource}/${subresource}`;
  const qualified = group === "" ? resource : `${resource}.${group}`;
  const subject = name === "" ? `${qualified} is` : `${qualified} "${name}" is`;
  return refuse(403, "Forbidden", {
    message: `${subject} forbidden: User "${username}" cannot ${verb} resource "${whole}" in API group "${group}" ${scopeOf(asked)}`,
    details: {
      ...(name !== "" && { name }),
      ...(group !== "" && { group }),
      kind: resource,
    },
  });
};

/** @throws KubeRefusal 403 */
export const authorize = (context: KubeContext, identity: Identity, target: Target): void => {
  if (identity.groups.includes(masters)) return;
  if (target.type === "RESOURCE") {
    if (!isAllowed(context, identity, target.asked)) throw deniedResource(identity, target.asked);
    return;
  }
  const rules = rulesFor(context, identity, "");
  if (rules.some((rule) => allowsPath(rule, target))) return;
  throw refuse(403, "Forbidden", {
    message: `forbidden: User "${identity.username}" cannot ${target.verb} path "${target.path}"`,
    details: {},
  });
};
