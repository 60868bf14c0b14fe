/** Cordons and other writes: versions, what may not change, and each kind of patch. */
import type { NodeObject } from "../../../local/cloud/kubernetes/objects.ts";
import { mergePatch } from "../../../local/kube/setting-up.ts";
import { shown } from "../shown.ts";
import { strategicPatch, type Stage } from "../stage.ts";
import type { Case } from "./case.ts";

const jsonPatch = "application/json-patch+json";

const nodePath = ({ node }: Stage): string => `/api/v1/nodes/${node}`;

/** Of a member of the spec. */
const pointer = (...parts: readonly string[]): string => ["", "spec", ...parts].join("/");

/** Of what the product writes there. */
const marks = ({ metadata, spec }: NodeObject): object => ({
  unschedulable: spec.unschedulable,
  taints: spec.taints?.map(({ key, effect }) => `${key}:${effect}`).sort(),
  labels: metadata.labels,
  annotations: metadata.annotations,
  finalizers: metadata.finalizers,
});

export const writeCases: readonly Case[] = [
  {
    name: "cordon by a merge patch with the version; the same again; a stale version",
    run: async (stage) => {
      const { metadata } = await stage.getNode();
      const body = {
        metadata: {
          resourceVersion: metadata.resourceVersion,
          annotations: { "example.com/owner": "us" },
          labels: { "node.kubernetes.io/exclude-from-external-load-balancers": "us" },
        },
        spec: { unschedulable: true },
      };
      const first = shown(await stage.patch(nodePath(stage), body));
      const cordoned = (await stage.getNode()).spec.unschedulable;
      const stale = shown(await stage.patch(nodePath(stage), body));
      const again = shown(await stage.patch(nodePath(stage), { spec: { unschedulable: true } }));
      const back = {
        metadata: {
          annotations: { "example.com/owner": null },
          labels: { "node.kubernetes.io/exclude-from-external-load-balancers": null },
        },
        spec: { unschedulable: null },
      };
      const undone = shown(await stage.patch(nodePath(stage), back));
      const after = await stage.getNode();
      return {
        first,
        cordoned,
        stale,
        again,
        undone,
        after: [after.spec.unschedulable, after.metadata.annotations, after.metadata.labels],
      };
    },
  },
  {
    name: "taints: merge and strategic patches replace the list, a JSON patch adds to it",
    run: async (stage) => {
      const taint = (key: string): object => ({ key, effect: "NoSchedule" });
      const result: Record<string, unknown> = {};
      const step = async (name: string, body: unknown, type: string): Promise<void> => {
        const reply = shown(await stage.patch(nodePath(stage), body, type));
        result[name] = { reply, node: marks(await stage.getNode()) };
      };
      await step("merge", { spec: { taints: [taint("example.com/a")] } }, mergePatch);
      await step("strategic", { spec: { taints: [taint("example.com/b")] } }, strategicPatch);
      await step(
        "JSON",
        [{ op: "add", path: pointer("taints", "-"), value: taint("example.com/c") }],
        jsonPatch,
      );
      await step(
        "a test that fails",
        [{ op: "test", path: pointer("taints", "0", "key"), value: "x" }],
        jsonPatch,
      );
      await step("not a list", { spec: {} }, jsonPatch);
      await step("no patch type", {}, "application/json");
      await step(
        "finalizers",
        { metadata: { finalizers: ["example.com/a", "example.com/b"] } },
        mergePatch,
      );
      await step(
        "one finalizer less",
        { metadata: { "$deleteFromPrimitiveList/finalizers": ["example.com/a"] } },
        strategicPatch,
      );
      await step("no finalizer", { metadata: { finalizers: null } }, mergePatch);
      return result;
    },
  },
  {
    name: "what may not change",
    run: async (stage) => {
      await stage.addPod("some");
      const pod = stage.path("pods/some");
      return {
        "a node's UID": shown(await stage.patch(nodePath(stage), { metadata: { uid: "another" } })),
        "a node's name": shown(await stage.patch(nodePath(stage), { metadata: { name: "other" } })),
        "a node's provider": shown(
          await stage.patch(nodePath(stage), { spec: { providerID: "aws:///b/i-2" } }),
        ),
        "a pod's node": shown(await stage.patch(pod, { spec: { nodeName: "other" } })),
        "a status by the wrong path": shown(
          await stage.patch(nodePath(stage), { status: { conditions: [] } }),
        ),
        "and after": (await stage.getNode()).status.conditions?.length,
      };
    },
  },
  {
    name: "creating, replacing and deleting",
    run: async (stage) => {
      const budgets = stage.path("poddisruptionbudgets", "policy");
      const body = {
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: { name: "web" },
        spec: { minAvailable: 1, selector: { matchLabels: { app: "web" } } },
      };
      const post = (given: object) => stage.ask(budgets, { method: "POST", body: given });
      const first = shown(await post(body));
      const twice = shown(await post(body));
      const before = await stage.settledBudget();
      const put = (given: object) => stage.ask(`${budgets}/web`, { method: "PUT", body: given });
      const replaced = shown(await put({ ...before, spec: { ...before.spec, minAvailable: 2 } }));
      const generation = (await stage.budget()).metadata.generation;
      const stale = shown(await put({ ...before, spec: { ...before.spec, minAvailable: 3 } }));
      return {
        first,
        twice,
        replaced,
        generation,
        stale,
        "another kind": shown(
          await post({ apiVersion: "v1", kind: "Pod", metadata: { name: "x" } }),
        ),
        "no name": shown(await post({ ...body, metadata: {} })),
        "a bad name": shown(
          await stage.ask(stage.path("configmaps"), {
            method: "POST",
            body: { metadata: { name: "Not_Good" } },
          }),
        ),
        deleted: shown(await stage.ask(`${budgets}/web`, { method: "DELETE" })),
        "deleted again": shown(await stage.ask(`${budgets}/web`, { method: "DELETE" })),
        gone: shown(await stage.ask(`${budgets}/web`)),
      };
    },
  },
  {
    name: "what is not there",
    run: async (stage) => ({
      "a node": shown(await stage.ask("/api/v1/nodes/nobody")),
      "a resource": shown(await stage.ask("/api/v1/nonsense")),
      "a group": shown(await stage.ask("/apis/example.com/v1/things")),
      "a path": shown(await stage.ask("/nonsense")),
      "a method": shown(await stage.ask(nodePath(stage), { method: "POST", body: {} })),
      "a namespace": shown(
        await stage.ask("/apis/policy/v1/namespaces/nobody/poddisruptionbudgets", {
          method: "POST",
          body: { metadata: { name: "web" }, spec: { minAvailable: 1 } },
        }),
      ),
    }),
  },
];
