/** What the server says about itself: groups, versions, resources. Source: Kubernetes documentation, "The Kubernetes API", "Discovery API". */
import { apiVersionOf, kinds, type Kind } from "./kinds.ts";

const verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];

interface Subresource {
  readonly of: string;
  readonly name: string;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly group?: string;
}

const subresources: readonly Subresource[] = [
  { of: "pods", name: "eviction", kind: "Eviction", verbs: ["create"], group: "policy" },
  { of: "pods", name: "binding", kind: "Binding", verbs: ["create"] },
];

const ofKind = (kind: Kind): readonly object[] => {
  const { plural, isNamespaced, hasStatus } = kind;
  const own = {
    name: plural,
    singularName: kind.kind.toLowerCase(),
    namespaced: isNamespaced,
    kind: kind.kind,
    verbs,
    ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
  };
  const below = subresources
    .filter(({ of }) => of === plural)
    .map((each) => ({
      name: `${plural}/${each.name}`,
      singularName: "",
      namespaced: isNamespaced,
      kind: each.kind,
      verbs: each.verbs,
      ...(each.group !== undefined && { group: each.group, version: "v1" }),
    }));
  const status = {
    name: `${plural}/status`,
    singularName: "",
    namespaced: isNamespaced,
    kind: kind.kind,
    verbs: ["get", "patch", "update"],
  };
  return [own, ...below, ...(hasStatus ? [status] : [])];
};

/** Asked about oneself; nothing of it is stored. */
const reviews: Readonly<Record<string, readonly (readonly [plural: string, kind: string])[]>> = {
  "authentication.k8s.io": [["selfsubjectreviews", "SelfSubjectReview"]],
  "authorization.k8s.io": [["selfsubjectaccessreviews", "SelfSubjectAccessReview"]],
};

const reviewResources = (group: string): readonly object[] =>
  (reviews[group] ?? []).map(([name, kind]) => ({
    name,
    singularName: kind.toLowerCase(),
    namespaced: false,
    kind,
    verbs: ["create"],
  }));

const groups: readonly string[] = [
  ...new Set([
    ...kinds.map(({ group }) => group).filter((group) => group !== ""),
    ...Object.keys(reviews),
  ]),
];

const groupDocument = (group: string): object => {
  const version = { groupVersion: `${group}/v1`, version: "v1" };
  return { name: group, versions: [version], preferredVersion: version };
};

const resourceList = (group: string): object => ({
  kind: "APIResourceList",
  apiVersion: "v1",
  groupVersion: apiVersionOf({ group }),
  resources: [
    ...kinds.filter((kind) => kind.group === group).flatMap(ofKind),
    ...reviewResources(group),
  ],
});

/** Of Kubernetes; EKS appends its own build. */
const minor = "35";
export const kubernetesVersion = `1.${minor}`;

const versionDocument = {
  major: "1",
  minor,
  gitVersion: `v1.${minor}.4-eks-simulated`,
  gitCommit: "0000000000000000000000000000000000000000",
  gitTreeState: "clean",
  buildDate: "2026-01-01T00:00:00Z",
  goVersion: "go1.25",
  compiler: "gc",
  platform: "linux/amd64",
};

const documents: ReadonlyMap<string, object | string> = new Map<string, object | string>([
  ["/healthz", "ok"],
  ["/livez", "ok"],
  ["/readyz", "ok"],
  ["/version", versionDocument],
  ["/api", { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] }],
  ["/api/v1", resourceList("")],
  ["/apis", { kind: "APIGroupList", apiVersion: "v1", groups: groups.map(groupDocument) }],
  ...groups.flatMap((group): [string, object][] => [
    [`/apis/${group}`, { kind: "APIGroup", apiVersion: "v1", ...groupDocument(group) }],
    [`/apis/${group}/v1`, resourceList(group)],
  ]),
]);

/** Undefined for a path that the server doesn't have. */
/** The core group has no name. */
export const hasGroup = (group: string): boolean => group === "" || groups.includes(group);

export const documentAt = (path: string): object | string | undefined =>
  documents.get(path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path);
