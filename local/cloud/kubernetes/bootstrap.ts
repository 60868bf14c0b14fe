/** What every new cluster has: namespaces, and the roles that let anybody discover the API. Source: "Using RBAC Authorization", default roles. */
import { secondsOf, type KubeObject, type PolicyRule } from "./objects.ts";
import { newUid, type KubeContext } from "./context.ts";
import { apiVersionOf, kindOf, type Objects, type Plural } from "./kinds.ts";
import { withDefaults } from "./defaults.ts";

/** What is stored of an object that the cluster makes itself. */
export const addObject = <Name extends Plural>(
  context: KubeContext,
  plural: Name,
  given: Omit<Objects[Name], "apiVersion" | "kind" | "metadata" | "status"> & {
    readonly metadata: Partial<KubeObject["metadata"]> & { readonly name: string };
    readonly status?: object;
  },
): Objects[Name] => {
  const kind = kindOf(plural);
  const object = withDefaults(plural, {
    ...(given as object),
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: {
      uid: newUid(context),
      resourceVersion: "",
      creationTimestamp: secondsOf(context.time.now()),
      ...(kind.hasGeneration && { generation: 1 }),
      ...given.metadata,
    },
  });
  const whole = given.status === undefined ? object : { ...object, status: given.status };
  return context.store.put(plural, whole as Objects[Name]);
};

const health = ["/healthz", "/livez", "/readyz", "/version", "/version/"];
const discovery = ["/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*", ...health];

interface Granted {
  readonly name: string;
  readonly rules: readonly PolicyRule[];
  readonly groups: readonly string[];
}

const granted: readonly Granted[] = [
  {
    name: "cluster-admin",
    rules: [
      { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
      { nonResourceURLs: ["*"], verbs: ["*"] },
    ],
    groups: ["system:masters"],
  },
  {
    name: "system:discovery",
    rules: [{ nonResourceURLs: discovery, verbs: ["get"] }],
    groups: ["system:authenticated"],
  },
  {
    name: "system:basic-user",
    rules: [
      {
        apiGroups: ["authorization.k8s.io"],
        resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
        verbs: ["create"],
      },
      {
        apiGroups: ["authentication.k8s.io"],
        resources: ["selfsubjectreviews"],
        verbs: ["create"],
      },
    ],
    groups: ["system:authenticated"],
  },
  {
    name: "system:public-info-viewer",
    rules: [{ nonResourceURLs: health, verbs: ["get"] }],
    groups: ["system:authenticated", "system:unauthenticated"],
  },
];

export const bootstrap = (context: KubeContext): void => {
  for (const name of ["default", "kube-system", "kube-public", "kube-node-lease"]) {
    addObject(context, "namespaces", { metadata: { name } });
  }
  for (const { name, rules, groups } of granted) {
    addObject(context, "clusterroles", { metadata: { name }, rules });
    addObject(context, "clusterrolebindings", {
      metadata: { name },
      roleRef: { kind: "ClusterRole", name },
      subjects: groups.map((group) => ({ kind: "Group", name: group })),
    });
  }
  addObject(context, "priorityclasses", { metadata: { name: "system-cluster-critical" } });
  addObject(context, "priorityclasses", { metadata: { name: "system-node-critical" } });
};
