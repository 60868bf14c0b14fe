/** Evictions: each reply by which a drain goes on, waits or gives up. */
import { setTimeout as delay } from "node:timers/promises";
import type { Pod } from "../../../local/cloud/kubernetes/objects.ts";
import { shown, shownBudget } from "../shown.ts";
import { until } from "../../../local/kube/setting-up.ts";
import { strategicPatch, stuck, type Stage } from "../stage.ts";
import type { Case } from "./case.ts";

export const nameOf = (pods: readonly Pod[], index = 0): string => pods[index]?.metadata.name ?? "";

/** Of what an eviction has changed. */
export const marks = ({ metadata, status }: Pod): object => {
  const target = status.conditions?.find(({ type }) => type === "DisruptionTarget");
  return {
    isTerminating: metadata.deletionTimestamp !== undefined,
    graceSeconds: metadata.deletionGracePeriodSeconds,
    target: target && [target.status, target.reason, target.message],
  };
};

export const isGone = async (stage: Stage, name: string): Promise<boolean> =>
  (await stage.ask(stage.path(`pods/${name}`))).status === 404;

const jobOwner = (kind: string, apiVersion: string) => ({
  ownerReferences: [
    {
      apiVersion,
      kind,
      name: "nightly",
      uid: "3d0b9a1e-0001-4c3a-9f7e-aaaaaaaaaaaa",
      controller: true,
    },
  ],
});

/** Milliseconds in which the controllers of either side have counted anew. */
const counted = 500;

const evictionCases: readonly Case[] = [
  {
    name: "without a budget: accepted, marked, gone after its end",
    run: async (stage) => {
      const pods = await stage.deploy({ replicas: 2, spec: { terminationGracePeriodSeconds: 30 } });
      const name = nameOf(pods);
      const first = shown(await stage.evict(name));
      const marked = marks(await stage.pod(name));
      const again = shown(await stage.evict(name));
      await until("the pod is gone", () => isGone(stage, name));
      return { first, marked, again, after: shown(await stage.evict(name)) };
    },
  },
  {
    name: "a budget that allows one: accepted, then none left",
    run: async (stage) => {
      const pods = await stage.deploy({ replicas: 3, metadata: { annotations: stuck } });
      await stage.addBudget({ minAvailable: 2 });
      const before = shownBudget(await stage.settledBudget());
      const first = shown(await stage.evict(nameOf(pods)));
      await delay(counted);
      return {
        before,
        first,
        spent: shownBudget(await stage.budget()),
        second: shown(await stage.evict(nameOf(pods, 1))),
      };
    },
  },
  {
    name: "a budget that allows none now",
    run: async (stage) => {
      const pods = await stage.deploy({ replicas: 3 });
      await stage.addBudget({ maxUnavailable: 0 });
      await stage.settledBudget();
      const uid = pods[0]?.metadata.uid ?? "";
      const name = nameOf(pods);
      return {
        real: shown(await stage.evict(name, { uid })),
        "dry run": shown(await stage.evict(name, { isDryRun: true })),
        "another UID": shown(await stage.evict(name, { uid: "another" })),
      };
    },
  },
  {
    name: "two of three needed: of three evictions at once one is accepted",
    run: async (stage) => {
      // Nobody replaces them: a replacement that is ready would allow another one.
      const annotations = stuck;
      const pods = await Promise.all(
        ["one", "two", "three"].map((name) => stage.addPod(name, { metadata: { annotations } })),
      );
      await stage.addBudget({ minAvailable: 2 });
      await stage.settledBudget();
      const replies = await Promise.all(pods.map(({ metadata }) => stage.evict(metadata.name)));
      const codes = replies.map(({ status }) => status).sort();
      const going = await stage.list<Pod>(stage.path("pods"));
      return {
        codes,
        going: going.filter(({ metadata }) => metadata.deletionTimestamp !== undefined).length,
      };
    },
  },
  {
    name: "two budgets: Running, not Ready, Pending, over",
    run: async (stage) => {
      const running = await stage.deploy({ app: "web" });
      const sick = await stage.addPod("sick", { life: "NOT_READY" });
      const waiting = await stage.addPod("waiting", { life: "PENDING" });
      for (const name of ["one", "two"]) await stage.addBudget({ minAvailable: 0 }, name);
      await Promise.all([stage.settledBudget("one"), stage.settledBudget("two")]);
      return {
        Running: shown(await stage.evict(nameOf(running))),
        "not Ready": shown(await stage.evict(sick.metadata.name)),
        "dry run": shown(await stage.evict(nameOf(running), { isDryRun: true })),
        Pending: shown(await stage.evict(waiting.metadata.name)),
      };
    },
  },
  {
    name: "not Ready, by the budget's policy",
    run: async (stage) => {
      await stage.deploy({ replicas: 2 });
      const [one, two, three] = [
        await stage.addPod("sick-1", { life: "NOT_READY" }),
        await stage.addPod("sick-2", { life: "NOT_READY" }),
        await stage.addPod("sick-3", { life: "NOT_READY" }),
      ];
      await stage.addBudget({ minAvailable: 3 });
      await stage.settledBudget();
      const below = shown(await stage.evict(one.metadata.name));
      const path = stage.path("poddisruptionbudgets/web", "policy");
      const change = async (spec: object): Promise<void> => {
        await stage.patch(path, { spec });
        await stage.settledBudget();
      };
      await change({ unhealthyPodEvictionPolicy: "AlwaysAllow" });
      const always = shown(await stage.evict(one.metadata.name));
      await change({ unhealthyPodEvictionPolicy: "IfHealthyBudget", minAvailable: 2 });
      const enough = shown(await stage.evict(two.metadata.name));
      await change({ unhealthyPodEvictionPolicy: null, minAvailable: 0 });
      return {
        below,
        always,
        enough,
        "none needed": shown(await stage.evict(three.metadata.name)),
      };
    },
  },
  {
    name: "phases under a budget that allows none",
    run: async (stage) => {
      await stage.deploy();
      await stage.addBudget({ minAvailable: 10 });
      await stage.settledBudget();
      const result: Record<string, unknown> = {};
      for (const phase of ["Unknown", "Succeeded", "Failed", "Pending"]) {
        const name = `is-${phase.toLowerCase()}`;
        await stage.addPod(name, { life: "PENDING" });
        // A pod that is not Ready would go by its budget's policy.
        const conditions = [{ type: "Ready", status: "True" }];
        const status = { phase, conditions };
        await stage.patch(`${stage.path(`pods/${name}`)}/status`, { status });
        await delay(counted);
        result[phase] = shown(await stage.evict(name));
        result[`${phase}, after`] = (await isGone(stage, name))
          ? "gone"
          : marks(await stage.pod(name));
      }
      return result;
    },
  },
  {
    name: "Pending with a started init container: no budget is asked",
    run: async (stage) => {
      const pod = await stage.addPod("restoring", {
        life: "PENDING",
        spec: { initContainers: [{ name: "restore", image: "example.com/none" }] },
      });
      await stage.addBudget({ maxUnavailable: 0 });
      await stage.settledBudget();
      return { reply: shown(await stage.evict(pod.metadata.name)) };
    },
  },
  {
    name: "a budget whose sync fails: Job, custom owner, DaemonSet; without owner",
    run: async (stage) => {
      const result: Record<string, unknown> = {};
      const owners = [
        ["Job", "batch/v1"],
        ["Thing", "example.com/v1"],
        ["DaemonSet", "apps/v1"],
      ] as const;
      for (const [kind, apiVersion] of owners) {
        const app = kind.toLowerCase();
        const name = `${app}-pod`;
        await stage.addPod(name, { app, metadata: jobOwner(kind, apiVersion) });
        const selector = { matchLabels: { app } };
        await stage.addBudget({ maxUnavailable: 1, selector }, app);
        result[`${kind}, budget`] = shownBudget(await stage.settledBudget(app));
        result[kind] = shown(await stage.evict(name));
        result[`${kind}, dry run`] = shown(await stage.evict(name, { isDryRun: true }));
      }
      await stage.addPod("alone", { app: "alone" });
      for (const [name, spec] of [
        ["percent", { minAvailable: "50%" }],
        ["most", { maxUnavailable: 1 }],
      ] as const) {
        await stage.addBudget({ ...spec, selector: { matchLabels: { app: "alone" } } }, name);
        result[`no owner, ${name}`] = shownBudget(await stage.settledBudget(name));
        result[`no owner, ${name}, eviction`] = shown(
          await stage.evict("alone", { isDryRun: true }),
        );
        await stage.must(stage.path(`poddisruptionbudgets/${name}`, "policy"), {
          method: "DELETE",
        });
      }
      return result;
    },
  },
  {
    name: "a budget synced once and failing since",
    run: async (stage) => {
      const pods = await stage.deploy({ replicas: 2 });
      await stage.addBudget({ maxUnavailable: 0 });
      await stage.settledBudget();
      await stage.addPod("nightly", { metadata: jobOwner("Job", "batch/v1") });
      await until(
        "its sync fails",
        async () =>
          (await stage.budget()).status?.conditions?.some(
            ({ reason }) => reason === "SyncFailed",
          ) === true,
      );
      return {
        budget: shownBudget(await stage.budget()),
        reply: shown(await stage.evict(nameOf(pods))),
      };
    },
  },
  {
    name: "another UID: accepted budget, conflict, slot spent",
    run: async (stage) => {
      const pods = await stage.deploy({ replicas: 3 });
      await stage.addBudget({ minAvailable: 2 });
      await stage.settledBudget();
      const dry = shown(await stage.evict(nameOf(pods), { uid: "another", isDryRun: true }));
      const reply = await stage.evict(nameOf(pods), { uid: "another" });
      await delay(counted);
      const budget = shownBudget(await stage.budget());
      return {
        "dry run": dry,
        reply: shown(reply),
        budget,
        next: shown(await stage.evict(nameOf(pods, 1))),
        "still there": marks(await stage.pod(nameOf(pods))),
      };
    },
  },
  {
    name: "another UID without a budget, Running and Pending",
    run: async (stage) => {
      await stage.addPod("running");
      await stage.addPod("waiting", { life: "PENDING" });
      const deleted = { method: "DELETE", body: { preconditions: { uid: "another" } } };
      return {
        Running: shown(await stage.evict("running", { uid: "another" })),
        Pending: shown(await stage.evict("waiting", { uid: "another" })),
        "a DELETE": shown(await stage.ask(stage.path("pods/running"), deleted)),
      };
    },
  },
  {
    name: "the same name again has another UID, and stays",
    run: async (stage) => {
      const pod = await stage.addPod("db-0");
      const uid = pod.metadata.uid;
      await stage.must(stage.path("pods/db-0"), {
        method: "DELETE",
        body: { gracePeriodSeconds: 0 },
      });
      await stage.addPod("db-0");
      const { metadata } = await stage.pod("db-0");
      const reply = shown(await stage.evict("db-0", { uid }));
      return { isAnother: metadata.uid !== uid, reply, after: marks(await stage.pod("db-0")) };
    },
  },
  {
    name: "a finalizer holds it",
    run: async (stage) => {
      await stage.addPod("held", { metadata: { finalizers: ["example.com/hold"] } });
      const reply = shown(await stage.evict("held"));
      await delay(2500);
      const held = marks(await stage.pod("held"));
      const again = shown(await stage.evict("held"));
      const freed = shown(
        await stage.patch(stage.path("pods/held"), { metadata: { finalizers: null } }),
      );
      return { reply, held, again, freed, isGone: await isGone(stage, "held") };
    },
  },
  {
    name: "a mirror pod and a DaemonSet's: the API says yes",
    run: async (stage) => {
      await stage.addPod("mirror", {
        metadata: { annotations: { "kubernetes.io/config.mirror": "x" } },
      });
      await stage.addPod("agent", { metadata: jobOwner("DaemonSet", "apps/v1") });
      await stage.addPod("scratch", { spec: { volumes: [{ name: "tmp", emptyDir: {} }] } });
      return {
        mirror: shown(await stage.evict("mirror", { isDryRun: true })),
        agent: shown(await stage.evict("agent", { isDryRun: true })),
        "with emptyDir": shown(await stage.evict("scratch")),
      };
    },
  },
  {
    name: "bodies: other name, no body, no kind, older version, unknown pod",
    run: async (stage) => {
      await stage.addPod("one");
      const metadata = { name: "two", namespace: stage.namespace };
      return {
        "other name": shown(
          await stage.evict("one", {
            body: { apiVersion: "policy/v1", kind: "Eviction", metadata },
          }),
        ),
        "other namespace": shown(
          await stage.evict("one", {
            body: {
              apiVersion: "policy/v1",
              kind: "Eviction",
              metadata: { name: "one", namespace: "default" },
            },
          }),
        ),
        "other kind": shown(
          await stage.evict("one", { body: { apiVersion: "v1", kind: "Pod", metadata } }),
        ),
        unknown: shown(await stage.evict("nobody")),
        "GET of it": shown(await stage.ask(stage.path("pods/one/eviction"))),
        "no kind": shown(await stage.evict("one", { body: { metadata: { name: "one" } } })),
      };
    },
  },
  {
    name: "a namespace that is being deleted",
    run: async (stage) => {
      await stage.deploy();
      await stage.addPod("going", {
        metadata: { annotations: stuck, finalizers: ["example.com/hold"] },
      });
      await stage.evict("going");
      await stage.must(`/api/v1/namespaces/${stage.namespace}`, { method: "DELETE" });
      return {
        going: shown(await stage.evict("going")),
        "dry run": shown(await stage.evict("going", { isDryRun: true })),
        "a new pod": shown(
          await stage.ask(stage.path("pods"), {
            method: "POST",
            body: {
              metadata: { name: "new" },
              spec: { containers: [{ name: "main", image: "x" }] },
            },
          }),
        ),
      };
    },
  },
];

const heldCases: readonly Case[] = [
  {
    name: "the controller stands still: a new budget, then a changed one",
    isAlone: true,
    run: async (stage) => {
      const pods = await stage.deploy({ replicas: 2 });
      await stage.addBudget({ minAvailable: 1 }, "old");
      await stage.settledBudget("old");
      stage.side.holdControllers();
      try {
        const path = stage.path("poddisruptionbudgets/old", "policy");
        await stage.must(path, { method: "DELETE" });
        await stage.addBudget({ minAvailable: 1 });
        const fresh = shown(await stage.evict(nameOf(pods)));
        stage.side.releaseControllers();
        await stage.settledBudget();
        stage.side.holdControllers();
        await stage.patch(stage.path("poddisruptionbudgets/web", "policy"), {
          spec: { minAvailable: 0 },
        });
        const changed = shown(await stage.evict(nameOf(pods), { isDryRun: true }));
        return { "not yet seen": fresh, "changed since": changed };
      } finally {
        stage.side.releaseControllers();
      }
    },
  },
  {
    name: "the controller stands still: its status still allows what is no longer healthy",
    isAlone: true,
    run: async (stage) => {
      const pods = await stage.deploy({ replicas: 3 });
      await stage.addBudget({ minAvailable: 2 });
      await stage.settledBudget();
      stage.side.holdControllers();
      try {
        const sick = stage.path(`pods/${nameOf(pods, 2)}/status`);
        const conditions = [{ type: "Ready", status: "False" }];
        await stage.patch(sick, { status: { conditions } }, strategicPatch);
        return {
          reply: shown(await stage.evict(nameOf(pods))),
          budget: shownBudget(await stage.budget()),
        };
      } finally {
        stage.side.releaseControllers();
      }
    },
  },
  {
    name: "the controller stands still: too many evictions that it has not seen",
    isAlone: true,
    run: async (stage) => {
      const pods = await stage.deploy({ replicas: 2 });
      await stage.addBudget({ minAvailable: 0 });
      await stage.settledBudget();
      stage.side.holdControllers();
      try {
        const disruptedPods = Object.fromEntries(
          Array.from({ length: 2001 }, (_, index) => [
            `gone-${String(index)}`,
            "2026-01-01T00:00:00Z",
          ]),
        );
        const path = `${stage.path("poddisruptionbudgets/web", "policy")}/status`;
        const patched = shown(await stage.patch(path, { status: { disruptedPods } }));
        const negative = shown(await stage.patch(path, { status: { disruptionsAllowed: -1 } }));
        return { patched, negative, reply: shown(await stage.evict(nameOf(pods))) };
      } finally {
        stage.side.releaseControllers();
      }
    },
  },
];

export const allEvictionCases: readonly Case[] = [...evictionCases, ...heldCases];
