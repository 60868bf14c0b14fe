/** What the product's role in a cluster may do: with all its rights each request is answered, and without one it is told which is missing. */
import { ourRules } from "../../../adapters/kubernetes/rights.ts";
import { until } from "../../../local/kube/setting-up.ts";
import type { Asked } from "../../../local/kube/api.ts";
import { tokenFor } from "../callers.ts";
import { shown } from "../shown.ts";
import { type Stage } from "../stage.ts";
import type { Case } from "./case.ts";

export interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
}

const rightsOf = (group: string, resource: string, ...verbs: readonly string[]): readonly Right[] =>
  verbs.map((verb) => ({ verb, group, resource }));

export const rights: readonly Right[] = ourRules.flatMap(({ group, resource, verbs }) =>
  rightsOf(group, resource, ...verbs),
);

const clusterWide: ReadonlySet<string> = new Set([
  "nodes",
  "persistentvolumes",
  "volumeattachments",
  "csinodes",
]);

const methods: Readonly<Record<string, string>> = {
  create: "POST",
  patch: "PATCH",
  delete: "DELETE",
};

const requestFor = (
  { namespace, node }: Stage,
  { verb, group, resource }: Right,
): { readonly path: string; readonly asked: Asked } => {
  const [plural = "", subresource] = resource.split("/");
  const root = group === "" ? "/api/v1" : `/apis/${group}/v1`;
  const isWide = clusterWide.has(plural) || verb === "list";
  const name = plural === "nodes" ? node : "some";
  const collection = `${root}${isWide ? "" : `/namespaces/${namespace}`}/${plural}`;
  const isNamed = verb !== "list" && (verb !== "create" || subresource !== undefined);
  const path = `${collection}${isNamed ? `/${name}` : ""}${subresource === undefined ? "" : `/${subresource}`}`;
  const method = methods[verb] ?? "GET";
  if (method === "PATCH") {
    return { path, asked: { method, contentType: "application/merge-patch+json", body: {} } };
  }
  if (method === "POST" && subresource === "eviction") {
    const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } };
    return { path, asked: { method, body } };
  }
  return { path, asked: { method } };
};

export const nameOf = ({ verb, group, resource }: Right): string =>
  `${verb} ${resource}${group === "" ? "" : `.${group}`}`;

/** A key's group may do these, everywhere. */
export const grant = async (
  stage: Stage,
  key: string,
  granted: readonly Right[],
): Promise<void> => {
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  const name = `${stage.namespace}-${key.toLowerCase()}`;
  const rules = granted.map(({ verb, group, resource }) => ({
    apiGroups: [group],
    resources: [resource],
    verbs: [verb],
  }));
  await stage.must(`${rbac}/clusterroles`, { method: "POST", body: { metadata: { name }, rules } });
  const apiGroup = "rbac.authorization.k8s.io";
  await stage.must(`${rbac}/clusterrolebindings`, {
    method: "POST",
    body: {
      metadata: { name },
      roleRef: { apiGroup, kind: "ClusterRole", name },
      subjects: [{ apiGroup, kind: "Group", name: key }],
    },
  });
};

const askAs = async (stage: Stage, token: string, right: Right): Promise<unknown> => {
  const { path, asked } = requestFor(stage, right);
  return shown(await stage.ask(path, { ...asked, token }));
};

/** The server learns of roles a moment after they are written. */
export const untilGranted = (stage: Stage, token: string, right: Right): Promise<void> => {
  const { path, asked } = requestFor(stage, right);
  return until(
    `${nameOf(right)} is granted`,
    async () => (await stage.ask(path, { ...asked, token })).status !== 403,
  );
};

const listNodes: Right = { verb: "list", group: "", resource: "nodes" };
export const listPods: Right = { verb: "list", group: "", resource: "pods" };

export const accessCases: readonly Case[] = [
  {
    name: "with all rights; nothing more",
    run: async (stage) => {
      const key = "ASIAWHOLE";
      await grant(stage, key, rights);
      const token = await tokenFor(key);
      await untilGranted(stage, token, listNodes);
      await stage.addPod("some");
      const result: Record<string, unknown> = {};
      for (const right of rights) result[nameOf(right)] = await askAs(stage, token, right);
      for (const right of [
        ...rightsOf("", "pods", "delete"),
        ...rightsOf("", "secrets", "list"),
        ...rightsOf("", "nodes", "delete"),
        ...rightsOf("", "nodes/status", "patch"),
      ]) {
        result[`not ${nameOf(right)}`] = await askAs(stage, token, right);
      }
      result.version = (await stage.ask("/version", { token })).status;
      return result;
    },
  },
  {
    name: "each right taken away",
    run: async (stage) => {
      const result: Record<string, unknown> = {};
      const variants = rights.map((right, index) => ({
        right,
        key: `ASIAWITHOUT${String(index)}`,
      }));
      for (const { right, key } of variants) {
        await grant(
          stage,
          key,
          rights.filter((each) => each !== right),
        );
      }
      for (const { right, key } of variants) {
        const token = await tokenFor(key);
        await untilGranted(
          stage,
          token,
          right.verb === "list" && right.resource === "nodes" ? listPods : listNodes,
        );
        result[nameOf(right)] = await askAs(stage, token, right);
      }
      return result;
    },
  },
];
