/** The product's own readings, changes and rights in a cluster, on a real control plane and on the simulated API server. */
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readAccess } from "../../adapters/kubernetes/access-review.ts";
import { listBudgets, listBudgetsIn } from "../../adapters/kubernetes/budgets.ts";
import type { KubernetesClient } from "../../adapters/kubernetes/client.ts";
import { deletePod, evictPod, tryEviction } from "../../adapters/kubernetes/evictions.ts";
import {
  changeNode,
  listNodes,
  listNodesWhere,
  readNode,
} from "../../adapters/kubernetes/nodes.ts";
import { listPods, listPodsIn, listPodsOn } from "../../adapters/kubernetes/pods.ts";
import { deletionRules, optionalRules, ruleOf } from "../../adapters/kubernetes/rights.ts";
import {
  listAttachmentsOfNode,
  listCsiNodes,
  listVolumes,
} from "../../adapters/kubernetes/volumes.ts";
import { readWebhooks } from "../../adapters/kubernetes/webhooks.ts";
import { listDaemonSets } from "../../adapters/kubernetes/workloads.ts";
import type { EvictionReply } from "../../core/model/kubernetes/eviction.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Pod } from "../../local/cloud/kubernetes/objects.ts";
import { until } from "../../local/kube/setting-up.ts";
import { denyByPolicy, denyByWebhook, denyDeletionsByPolicy, failByWebhook } from "./admission.ts";
import { callers } from "./callers.ts";
import { grant, nameOf, rights, type Right } from "./contract/access.ts";
import { openCluster, startReal, startSimulated, type Side } from "./sides.ts";
import { Stage, stuck } from "./stage.ts";

const sides = new Map<Side["name"], Side>();

beforeAll(async () => {
  sides.set("real", await startReal(callers));
  sides.set("simulated", await startSimulated(callers));
}, 120_000);

afterAll(async () => {
  for (const side of sides.values()) await side.stop();
}, 60_000);

const stageOn = async (name: Side["name"], namespace: string): Promise<Stage> => {
  const side = sides.get(name);
  if (side === undefined) throw new Error(`The ${name} side was not started.`);
  const stage = new Stage(side, namespace);
  await stage.open();
  return stage;
};

const podName = ({ metadata }: Pod) => ({
  namespace: metadata.namespace ?? "",
  name: metadata.name,
  uid: metadata.uid,
});

/** All that is granted, and known by the server. */
const clientWith = async (
  stage: Stage,
  key: string,
  granted: readonly Right[],
  beside: readonly Right[] = [],
): Promise<KubernetesClient> => {
  await grant(stage, key, [...granted, ...beside]);
  const client = await openCluster(stage.side, key);
  const missing = rights.length - granted.length;
  await until(
    "the rights are known",
    async () => (await readAccess(client)).missing.length === missing,
  );
  return client;
};

/** One call for each right. */
const calls: Readonly<
  Record<string, (client: KubernetesClient, stage: Stage, pod: Pod) => Promise<unknown>>
> = {
  "get nodes": (client, { node }) => readNode(client, node),
  "list nodes": (client) => listNodes(client),
  "patch nodes": (client, { node }) => changeNode(client, node, () => ({ isUnschedulable: true })),
  "list pods": (client) => listPods(client),
  "create pods/eviction": (client, _, pod) => tryEviction(client, podName(pod)),
  "list persistentvolumes": (client) => listVolumes(client),
  "list poddisruptionbudgets.policy": (client) => listBudgets(client),
  "list daemonsets.apps": (client) => listDaemonSets(client),
  "list volumeattachments.storage.k8s.io": (client, { node }) =>
    listAttachmentsOfNode(client, node),
  "list csinodes.storage.k8s.io": (client) => listCsiNodes(client),
};

const thrownBy = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    await call;
  } catch (error) {
    return error;
  }
  return undefined;
};

const inFull = ({ verb, group, resource }: Right) => {
  const [name = "", subresource] = resource.split("/");
  return { verb, group, resource: name, ...(subresource !== undefined && { subresource }) };
};

describe.each(["real", "simulated"] as const)("rights on the %s side", (name) => {
  test("all of them are enough, and each is used", async () => {
    const stage = await stageOn(name, "rights");
    const pod = await stage.addPod("some");
    expect(Object.keys(calls).sort()).toEqual(rights.map(nameOf).sort());
    const client = await clientWith(stage, "ASIAALL", rights);
    expect(await readAccess(client)).toMatchObject({ missing: [] });
    for (const [right, call] of Object.entries(calls)) {
      expect([right, await thrownBy(call(client, stage, pod))]).toEqual([right, undefined]);
    }
  }, 60_000);

  test.each(rights.map((right, index) => [nameOf(right), right, index] as const))(
    "without %s its call says what is missing, and what would give it",
    async (right, missing, index) => {
      const stage = await stageOn(name, `without-${String(index)}`);
      const pod = await stage.addPod("some");
      const granted = rights.filter((each) => each !== missing);
      const client = await clientWith(stage, `ASIALESS${String(index)}`, granted);
      expect((await readAccess(client)).missing).toEqual([inFull(missing)]);
      const error = await thrownBy(calls[right]?.(client, stage, pod) ?? Promise.resolve());
      expect(error).toBeInstanceOf(SpotOptimizerError);
      expect(error).toMatchObject({ name: "BrokenClusterAccess" });
      expect(JSON.stringify(error)).toContain(JSON.stringify(ruleOf(inFull(missing))).slice(1, -1));
    },
    60_000,
  );
});

describe.each(["real", "simulated"] as const)(
  "what a look of a drain reads on the %s side",
  (name) => {
    test("is what a list of all shows of a node, of a namespace and of two nodes", async () => {
      const stage = await stageOn(name, "scoped");
      const other = await stageOn(name, "scoped-other");
      await stage.addPod("here");
      await stage.addPod("elsewhere", { spec: { nodeName: other.node } });
      await other.addPod("stranger", { spec: { nodeName: stage.node } });
      await stage.addBudget({ minAvailable: 0 });
      await other.addBudget({ minAvailable: 0 });
      const client = await clientWith(stage, "ASIASCOPED", rights);
      const namesOf = (found: readonly { readonly namespace: string; readonly name: string }[]) =>
        found.map(({ namespace, name: of }) => `${namespace}/${of}`).toSorted();
      expect(namesOf(await listPodsOn(client, stage.node))).toEqual([
        "scoped-other/stranger",
        "scoped/here",
      ]);
      expect(namesOf(await listPodsIn(client, stage.namespace))).toEqual([
        "scoped/elsewhere",
        "scoped/here",
      ]);
      expect(namesOf(await listBudgetsIn(client, stage.namespace))).toEqual(["scoped/web"]);
      const nodes = await listNodesWhere(client, "kubernetes.io/hostname", [
        stage.node,
        other.node,
      ]);
      expect(nodes.map((node) => node.name).toSorted()).toEqual(
        [stage.node, other.node].toSorted(),
      );
    }, 60_000);
  },
);

const optional: readonly Right[] = optionalRules.flatMap(({ group, resource, verbs }) =>
  verbs.map((verb) => ({ verb, group, resource })),
);

describe.each(["real", "simulated"] as const)("admission webhooks on the %s side", (name) => {
  test("are seen with the optional rights, and are said to be hidden without one of them", async () => {
    const stage = await stageOn(name, "hooks");
    const service = { namespace: stage.namespace, name: "hook" };
    const selector = { app: "hook" };
    const body = { metadata: { name: "hook" }, spec: { selector, ports: [{ port: 443 }] } };
    await stage.must(stage.path("services"), { method: "POST", body });
    // It is asked about nothing: nobody answers.
    await stage.must("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", {
      method: "POST",
      body: {
        metadata: { name: stage.namespace },
        webhooks: [
          {
            name: "hook.example.com",
            clientConfig: { service },
            sideEffects: "None",
            admissionReviewVersions: ["v1"],
          },
        ],
      },
    });
    const all = await clientWith(stage, "ASIAHOOKS", rights, optional);
    const seen = { webhookServices: [{ ...service, selector }] };
    await until("the webhook is seen", async () =>
      isDeepStrictEqual(await readWebhooks(all), seen),
    );
    const hidden = await clientWith(stage, "ASIANOHOOKS", rights, optional.slice(1));
    expect(await readWebhooks(hidden)).toEqual({ areWebhooksHidden: true });
  }, 60_000);
});

/** What is set up, and of which pod the eviction is asked. */
const replies: readonly (readonly [
  EvictionReply["kind"],
  (stage: Stage, client: KubernetesClient) => Promise<EvictionReply>,
])[] = [
  ["ACCEPTED", async (stage, client) => evictPod(client, podName(await stage.addPod("some")))],
  [
    "GONE",
    (stage, client) =>
      evictPod(client, { namespace: stage.namespace, name: "nobody", uid: "none" }),
  ],
  [
    "OTHER_POD",
    async (stage, client) =>
      evictPod(client, { ...podName(await stage.addPod("some")), uid: "another" }),
  ],
  [
    "BUDGET",
    async (stage, client) => {
      const [pod] = await stage.deploy();
      await stage.addBudget({ maxUnavailable: 0 });
      await stage.settledBudget();
      return evictPod(client, podName(pod as Pod));
    },
  ],
  [
    "SEVERAL_BUDGETS",
    async (stage, client) => {
      const pod = await stage.addPod("some");
      for (const budget of ["one", "two"]) await stage.addBudget({ minAvailable: 0 }, budget);
      await Promise.all([stage.settledBudget("one"), stage.settledBudget("two")]);
      return evictPod(client, podName(pod));
    },
  ],
  [
    "DENIED",
    async (stage, client) => {
      const pod = await stage.addPod("some");
      const remove = await denyByWebhook(stage, "some", {
        code: 500,
        message: "more than one PodDisruptionBudget",
      });
      try {
        return await evictPod(client, podName(pod));
      } finally {
        await remove();
      }
    },
  ],
  [
    "DENIED",
    async (stage, client) => {
      const pod = await stage.addPod("some");
      const remove = await denyByPolicy(stage, "some", "no evictions here");
      try {
        return await evictPod(client, podName(pod));
      } finally {
        await remove();
      }
    },
  ],
  [
    "WEBHOOK_UNAVAILABLE",
    async (stage, client) => {
      const pod = await stage.addPod("some");
      const remove = await failByWebhook(stage, "some");
      try {
        return await evictPod(client, podName(pod));
      } finally {
        await remove();
      }
    },
  ],
  [
    "NAMESPACE_TERMINATING",
    async (stage, client) => {
      const pod = await stage.addPod("some", {
        metadata: { annotations: stuck, finalizers: ["example.com/hold"] },
      });
      await stage.must(`/api/v1/namespaces/${stage.namespace}`, { method: "DELETE" });
      return evictPod(client, podName(pod));
    },
  ],
];

const deleting: readonly Right[] = deletionRules.flatMap(({ group, resource, verbs }) =>
  verbs.map((verb) => ({ verb, group, resource })),
);

/** What is set up, and of which pod the deletion is asked. */
const answers: typeof replies = [
  [
    "ACCEPTED",
    async (stage, client) => {
      const [pod] = await stage.deploy();
      await stage.addBudget({ maxUnavailable: 0 });
      await stage.settledBudget();
      return deletePod(client, podName(pod as Pod), 5);
    },
  ],
  [
    "GONE",
    (stage, client) =>
      deletePod(client, { namespace: stage.namespace, name: "nobody", uid: "none" }, 5),
  ],
  [
    "OTHER_POD",
    async (stage, client) =>
      deletePod(client, { ...podName(await stage.addPod("some")), uid: "another" }, 5),
  ],
  [
    "DENIED",
    async (stage, client) => {
      const pod = await stage.addPod("some");
      const remove = await denyDeletionsByPolicy(stage, "no deletions here", "some");
      try {
        return await deletePod(client, podName(pod), 5);
      } finally {
        await remove();
      }
    },
  ],
];

describe("what a deletion's answer means", () => {
  test.each(answers.map(([kind, ask], index) => [kind, ask, index] as const))(
    "%s, the same on both sides",
    async (kind, ask, index) => {
      const found = await Promise.all(
        [...sides.keys()].map(async (name) => {
          const stage = await stageOn(name, `deleted-${String(index)}`);
          const client = await clientWith(stage, `ASIADELETED${String(index)}`, rights, deleting);
          return ask(stage, client);
        }),
      );
      const [real, simulated] = found.map((reply) => JSON.stringify(reply));
      expect(found[0]).toMatchObject({ kind });
      expect(simulated).toBe(real);
    },
    60_000,
  );
});

describe("what an eviction's answer means", () => {
  test.each(replies.map(([kind, ask], index) => [kind, ask, index] as const))(
    "%s, the same on both sides",
    async (kind, ask, index) => {
      const found = await Promise.all(
        [...sides.keys()].map(async (name) => {
          const stage = await stageOn(name, `reply-${String(index)}`);
          const client = await clientWith(stage, `ASIAREPLY${String(index)}`, rights);
          return ask(stage, client);
        }),
      );
      // Names that are drawn differ.
      const [real, simulated] = found.map((reply) =>
        JSON.stringify(reply).replaceAll(/-[a-z0-9]{5}\b/g, ""),
      );
      expect(found[0]).toMatchObject({ kind });
      expect(simulated).toBe(real);
    },
    60_000,
  );
});
