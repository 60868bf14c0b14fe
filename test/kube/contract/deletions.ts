/** Deletions of pods past their budgets, as an owner may have agreed to at the deadline of a node: what they are answered, and what other rules than those of evictions they meet. */
import { setTimeout as delay } from "node:timers/promises";
import { deletionRules } from "../../../adapters/kubernetes/rights.ts";
import type { Reply } from "../../../local/kube/api.ts";
import { until } from "../../../local/kube/setting-up.ts";
import { denyByPolicy, denyDeletionsByPolicy } from "../admission.ts";
import { tokenFor } from "../callers.ts";
import { shown, shownBudget } from "../shown.ts";
import { stuck, type Stage } from "../stage.ts";
import { grant, listPods, rights, untilGranted, type Right } from "./access.ts";
import type { Case } from "./case.ts";
import { isGone, marks, nameOf } from "./evictions.ts";

interface GivenDeletion {
  readonly uid?: string;
  readonly graceSeconds?: number;
  readonly token?: string;
}

/** As the product asks for it. */
const remove = (
  stage: Stage,
  name: string,
  { uid, graceSeconds = 1, token }: GivenDeletion = {},
): Promise<Reply> =>
  stage.ask(stage.path(`pods/${name}`), {
    method: "DELETE",
    body: {
      gracePeriodSeconds: graceSeconds,
      ...(uid !== undefined && { preconditions: { uid } }),
    },
    ...(token !== undefined && { token }),
  });

const deletionRights: readonly Right[] = deletionRules.flatMap(({ group, resource, verbs }) =>
  verbs.map((verb) => ({ verb, group, resource })),
);

/** Milliseconds in which the controllers of either side have counted anew. */
const counted = 1000;

export const deletionCases: readonly Case[] = [
  {
    name: "past a budget that allows none: accepted, by uid and within the grace that is asked for",
    run: async (stage) => {
      const pods = await stage.deploy({
        replicas: 2,
        metadata: { annotations: stuck },
        spec: { terminationGracePeriodSeconds: 600 },
      });
      await stage.addBudget({ minAvailable: 2 });
      const before = shownBudget(await stage.settledBudget());
      const name = nameOf(pods);
      const evicted = shown(await stage.evict(name));
      const uid = pods[0]?.metadata.uid ?? "";
      const deleted = shown(await remove(stage, name, { uid, graceSeconds: 60 }));
      await delay(counted);
      return { before, evicted, deleted, after: marks(await stage.pod(name)) };
    },
  },
  {
    name: "again: a shorter grace holds, a longer one does not",
    run: async (stage) => {
      const { metadata } = await stage.addPod("slow", {
        metadata: { annotations: stuck },
        spec: { terminationGracePeriodSeconds: 600 },
      });
      const uid = metadata.uid;
      const graces: unknown[] = [];
      for (const graceSeconds of [300, 60, 200]) {
        const reply = shown(await remove(stage, "slow", { uid, graceSeconds }));
        graces.push([graceSeconds, reply, marks(await stage.pod("slow"))]);
      }
      return { graces };
    },
  },
  {
    name: "of a pod that goes by an eviction already: its grace gets shorter",
    run: async (stage) => {
      const { metadata } = await stage.addPod("going", {
        metadata: { annotations: stuck },
        spec: { terminationGracePeriodSeconds: 600 },
      });
      const evicted = shown(await stage.evict("going"));
      const before = marks(await stage.pod("going"));
      const deleted = shown(await remove(stage, "going", { uid: metadata.uid, graceSeconds: 30 }));
      return { evicted, before, deleted, after: marks(await stage.pod("going")) };
    },
  },
  {
    name: "with a second of grace it is gone after its end, and another of its name stays",
    run: async (stage) => {
      const { metadata } = await stage.addPod("quick");
      const first = shown(await remove(stage, "quick", { uid: metadata.uid }));
      await until("the pod is gone", () => isGone(stage, "quick"));
      const gone = shown(await remove(stage, "quick", { uid: metadata.uid }));
      await stage.addPod("quick");
      const other = shown(await remove(stage, "quick", { uid: metadata.uid }));
      return { first, gone, other, after: marks(await stage.pod("quick")) };
    },
  },
  {
    name: "two budgets, which no eviction passes, do not hold it",
    run: async (stage) => {
      const { metadata } = await stage.addPod("some", { metadata: { annotations: stuck } });
      for (const budget of ["one", "two"]) await stage.addBudget({ minAvailable: 0 }, budget);
      await Promise.all([stage.settledBudget("one"), stage.settledBudget("two")]);
      return {
        evicted: shown(await stage.evict("some")),
        deleted: shown(await remove(stage, "some", { uid: metadata.uid, graceSeconds: 60 })),
      };
    },
  },
  {
    name: "a policy on evictions does not see it",
    run: async (stage) => {
      const { metadata } = await stage.addPod("some", { metadata: { annotations: stuck } });
      const release = await denyByPolicy(stage, "some", "no evictions here");
      try {
        return {
          evicted: shown(await stage.evict("some")),
          deleted: shown(await remove(stage, "some", { uid: metadata.uid, graceSeconds: 60 })),
        };
      } finally {
        await release();
      }
    },
  },
  {
    name: "a policy on deletions stops it, and no eviction",
    run: async (stage) => {
      const { metadata } = await stage.addPod("some", { metadata: { annotations: stuck } });
      const release = await denyDeletionsByPolicy(stage, "no deletions here", "some");
      try {
        return {
          deleted: shown(await remove(stage, "some", { uid: metadata.uid, graceSeconds: 60 })),
          stands: marks(await stage.pod("some")),
          evicted: shown(await stage.evict("some")),
        };
      } finally {
        await release();
      }
    },
  },
  {
    name: "without the right of the second ClusterRole it is forbidden, with it allowed",
    run: async (stage) => {
      const { metadata } = await stage.addPod("some", { metadata: { annotations: stuck } });
      const [without, withIt] = ["ASIANODELETE", "ASIADELETE"];
      await grant(stage, without, rights);
      await grant(stage, withIt, [...rights, ...deletionRights]);
      const [mayNot, may] = [await tokenFor(without), await tokenFor(withIt)];
      for (const token of [mayNot, may]) await untilGranted(stage, token, listPods);
      const uid = metadata.uid;
      return {
        without: shown(await remove(stage, "some", { uid, token: mayNot })),
        with: shown(await remove(stage, "some", { uid, graceSeconds: 60, token: may })),
      };
    },
  },
  {
    name: "in a namespace that is being deleted, where evictions are refused",
    run: async (stage) => {
      const { metadata } = await stage.addPod("going", {
        metadata: { annotations: stuck, finalizers: ["example.com/hold"] },
      });
      await stage.must(`/api/v1/namespaces/${stage.namespace}`, { method: "DELETE" });
      return {
        evicted: shown(await stage.evict("going")),
        deleted: shown(await remove(stage, "going", { uid: metadata.uid })),
      };
    },
  },
];
