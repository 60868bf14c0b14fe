import { describe, expect, test } from "@jest/globals";
import { deletePod, evictPod, tryEviction } from "../../../adapters/kubernetes/evictions.ts";
import { deletionRole, deletionRules } from "../../../adapters/kubernetes/rights.ts";
import { listPods } from "../../../adapters/kubernetes/pods.ts";
import { refuse, tooManyRequests } from "../../../local/cloud/kubernetes/refusals.ts";
import type { Pod } from "../../../local/cloud/kubernetes/objects.ts";
import { addBudget, addPod } from "../../local/cloud/kubernetes/cluster-fixture.ts";
import {
  bindRules,
  connected,
  failingWith,
  mappedTo,
  open,
  policyRulesOf,
  type Connected,
} from "./client-fixture.ts";

const web = { kind: "ReplicaSet", name: "web" };

/** Two Ready pods of a ReplicaSet of two. */
const shop = async (): Promise<
  Connected & { readonly a: Pod; readonly b: Pod; readonly settle: () => Promise<void> }
> => {
  const around = await connected();
  const { clock, cluster } = around;
  cluster.control.stop("workloads");
  cluster.control.add("replicasets", {
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template: { spec: { containers: [{ name: "main" }] } },
    },
  });
  const [a, b] = ["a", "b"].map((name) => addPod(cluster, { name, owner: web }));
  if (a === undefined || b === undefined) throw new Error("two pods");
  return { ...around, a, b, settle: () => clock.run({ atMostMs: clock.now() + 1000 }) };
};

const nameOf = ({ metadata }: Pod) => ({
  namespace: "default",
  name: metadata.name,
  uid: metadata.uid,
});

const isTerminating = ({ cluster }: Connected, name: string): boolean =>
  cluster.control.get("pods", { namespace: "default", name })?.metadata.deletionTimestamp !==
  undefined;

/** What a server answers that refuses every eviction so. */
const answeredWith = async (
  code: number,
  reason: string,
  details: Parameters<typeof refuse>[2],
) => {
  const world = await shop();
  world.cluster.faults.before(({ resource }) => {
    if (resource === "pods/eviction") throw refuse(code, reason, details);
  });
  return evictPod(world.client, nameOf(world.a));
};

describe("an eviction", () => {
  test("is accepted: the pod is going, not gone, with its own grace", async () => {
    const world = await shop();
    expect(await evictPod(world.client, nameOf(world.a))).toEqual({ kind: "ACCEPTED" });
    expect(isTerminating(world, "a")).toBe(true);
    expect(world.cluster.journal.at(-1)?.body).toEqual({
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name: "a", namespace: "default" },
      deleteOptions: { preconditions: { uid: world.a.metadata.uid } },
    });
  });

  test("404: the pod is gone", async () => {
    const { client } = await shop();
    const gone = { namespace: "default", name: "nobody", uid: "u" };
    expect(await evictPod(client, gone)).toEqual({ kind: "GONE" });
  });

  test("409 by the uid: another pod has the name", async () => {
    const world = await shop();
    const other = { ...nameOf(world.a), uid: "another" };
    expect(await evictPod(world.client, other)).toEqual({ kind: "OTHER_POD" });
    expect(isTerminating(world, "a")).toBe(false);
  });

  test("409 otherwise: somebody wrote the pod, nothing is done", async () => {
    const message = 'Operation cannot be fulfilled on pods "a": the object has been modified';
    expect(await answeredWith(409, "Conflict", { message })).toEqual({ kind: "CONFLICT" });
  });

  test("429 of the budget: its figures are told, and no time", async () => {
    const { client, cluster, a, settle } = await shop();
    addBudget(cluster, { minAvailable: 2 });
    await settle();
    expect(await evictPod(client, nameOf(a))).toEqual({
      kind: "BUDGET",
      message: expect.stringContaining("needs 2 healthy pods and has 2 currently"),
      isSyncFailed: false,
    });
  });

  test("429 with a time: the budget's status is behind", async () => {
    const { client, cluster, a, settle } = await shop();
    cluster.control.stop("disruption");
    addBudget(cluster, { minAvailable: 1 });
    await settle();
    expect(await evictPod(client, nameOf(a))).toMatchObject({
      kind: "BUDGET",
      retryAfterSeconds: 10,
      isSyncFailed: false,
    });
  });

  test("429 of a budget whose sync fails says so where the server does", async () => {
    const cause =
      "The disruption budget web does not allow evicting pods currently because it failed sync: jobs.batch does not implement the scale subresource";
    const details = { causes: [{ reason: "DisruptionBudget", message: cause }] };
    expect(
      await answeredWith(429, "TooManyRequests", { message: "Cannot evict pod.", details }),
    ).toMatchObject({ kind: "BUDGET", isSyncFailed: true });
  });

  test("429 as text is the server's own limit", async () => {
    const { client, cluster, a } = await shop();
    cluster.faults.before(() => {
      throw tooManyRequests();
    });
    expect(await evictPod(client, nameOf(a))).toEqual({ kind: "THROTTLED", retryAfterSeconds: 1 });
  });

  test("429 as JSON without a cause is the server's own limit too", async () => {
    expect(await answeredWith(429, "TooManyRequests", { message: "slow down" })).toEqual({
      kind: "THROTTLED",
      retryAfterSeconds: 1,
    });
  });

  test("500: two budgets", async () => {
    const { client, cluster, a } = await shop();
    addBudget(cluster, { minAvailable: 1 }, "one");
    addBudget(cluster, { minAvailable: 1 }, "two");
    expect(await evictPod(client, nameOf(a))).toEqual({
      kind: "SEVERAL_BUDGETS",
      message: expect.stringContaining("more than one PodDisruptionBudget"),
    });
  });

  test.each([400, 403, 409, 429, 500, 503])(
    "%i of a webhook is the webhook's, though its words have those of others in them",
    async (code) => {
      const message =
        'admission webhook "drain.example" denied the request: more than one PodDisruptionBudget';
      expect(await answeredWith(code, "", { message })).toEqual({
        kind: "DENIED",
        by: "drain.example",
        message,
      });
    },
  );

  test("500: the webhook's backend does not answer", async () => {
    const message =
      'Internal error occurred: failed calling webhook "drain.example": failed to call webhook: Post "https://drain": no endpoints available';
    expect(await answeredWith(500, "InternalError", { message })).toEqual({
      kind: "WEBHOOK_UNAVAILABLE",
      by: "drain.example",
      message,
    });
  });

  test("422 of an admission policy is the policy's", async () => {
    const message =
      "pods \"a\" is forbidden: ValidatingAdmissionPolicy 'keep' with binding 'keep-all' denied request: not today";
    expect(await answeredWith(422, "Invalid", { message })).toEqual({
      kind: "DENIED",
      by: "keep",
      message,
    });
  });

  test("403: the namespace is being deleted", async () => {
    const world = await shop();
    world.cluster.control.add("pods", {
      metadata: { name: "held", namespace: "default", finalizers: ["example.com/hold"] },
      spec: { nodeName: "one", containers: [{ name: "main" }] },
      status: { phase: "Running" },
    });
    const details = { causes: [{ reason: "NamespaceTerminating", message: "being terminated" }] };
    expect(await answeredWith(403, "Forbidden", { message: "unable", details })).toEqual({
      kind: "NAMESPACE_TERMINATING",
    });
  });

  test.each([
    "pdb disruptions allowed is negative",
    "DisruptedPods map too big - too many evictions not confirmed by PDB controller",
  ])("403: the controller of budgets is behind: %s", async (why) => {
    const message = `poddisruptionbudgets.policy "web" is forbidden: ${why}`;
    expect(await answeredWith(403, "Forbidden", { message })).toEqual({
      kind: "BUDGET_CONTROLLER_BEHIND",
      message,
    });
  });

  test.each([500, 502, 503, 504])("%i: nobody knows", async (code) => {
    expect(await answeredWith(code, "", { message: "etcdserver: timed out" })).toEqual({
      kind: "UNKNOWN",
      message: `${String(code)}: etcdserver: timed out`,
    });
  });

  test("a connection that breaks when it has acted: nobody knows, and asking again is safe", async () => {
    const world = await shop();
    const release = world.cluster.faults.after(() => {
      throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
    });
    expect(await evictPod(world.client, nameOf(world.a))).toMatchObject({ kind: "UNKNOWN" });
    expect(isTerminating(world, "a")).toBe(true);
    release();
    expect(await evictPod(world.client, nameOf(world.a))).toEqual({ kind: "ACCEPTED" });
  });
});

describe("what is wrong with us is an error", () => {
  test("403: the right is missing", async () => {
    const { clock, cluster, client } = await connected({ rules: [] });
    addPod(cluster, { name: "a" });
    await expect(
      evictPod(client, { namespace: "default", name: "a", uid: "u" }),
    ).rejects.toMatchObject({
      name: "BrokenClusterAccess",
      action: "EvictPod",
      message: expect.stringContaining('resources: ["pods/eviction"], verbs: ["create"]'),
    });
    expect(clock.now()).toBeGreaterThan(0);
  });

  test("401 in the middle of a drain can be tried again with a new token", async () => {
    const { client, cluster } = await connected({ source: mappedTo(undefined) });
    addPod(cluster, { name: "a" });
    await expect(
      evictPod(client, { namespace: "default", name: "a", uid: "u" }),
    ).rejects.toMatchObject({ name: "RetryableClusterAuth" });
  });

  test.each([
    [400, "BadRequest", "BrokenRequest"],
    [403, "Forbidden", "BrokenRequest"],
    [422, "Invalid", "BrokenRequest"],
  ])("%i %s that nobody explains", async (code, reason, name) => {
    await expect(answeredWith(code, reason, { message: "no" })).rejects.toMatchObject({ name });
  });

  test("without a connection nothing was asked", async () => {
    const { clock, cluster } = await connected();
    const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    const client = await open(failingWith(refused), { clock, cluster });
    await expect(
      evictPod(client, { namespace: "default", name: "a", uid: "u" }),
    ).rejects.toMatchObject({ name: "RetryableClusterUnreachable" });
  });
});

test("an eviction that hangs 30 s beside a time-out of 20 s is unknown: listed again, and no pod is evicted twice", async () => {
  const world = await shop();
  const { client, cluster, clock, a } = world;
  const release = cluster.faults.before(({ resource }) =>
    resource === "pods/eviction" ? clock.pass(30_000) : undefined,
  );
  const replies: unknown[] = [];
  clock.schedule(clock.now(), async () => {
    replies.push(await evictPod(client, nameOf(a)));
    release();
    // Its time is over before the server acts; whoever lists then sees the pod, and may ask again.
    const [still] = await listPods(client);
    replies.push(still?.deletionTimestamp, await evictPod(client, nameOf(a)));
    const [going] = await listPods(client);
    const deadline = going?.deletionTimestamp;
    await clock.pass(15_000);
    const [later] = await listPods(client);
    expect(later?.deletionTimestamp).toBe(deadline);
  });
  await clock.run({ atMostMs: clock.now() + 60_000 });
  expect(replies).toEqual([
    expect.objectContaining({ kind: "UNKNOWN" }),
    undefined,
    { kind: "ACCEPTED" },
  ]);
});

describe("a dry run", () => {
  test("answers as the real one would, and changes and spends nothing", async () => {
    const world = await shop();
    const { client, cluster, a, b, settle } = world;
    addBudget(cluster, { minAvailable: 1 });
    await settle();
    expect(await tryEviction(client, nameOf(a))).toEqual({ kind: "ACCEPTED" });
    expect(await tryEviction(client, nameOf(b))).toEqual({ kind: "ACCEPTED" });
    expect(isTerminating(world, "a")).toBe(false);
    expect(cluster.journal.at(-1)).toMatchObject({ isDryRun: true });
    expect(await evictPod(client, nameOf(a))).toEqual({ kind: "ACCEPTED" });
    expect(await tryEviction(client, nameOf(b))).toMatchObject({ kind: "BUDGET" });
  });
});

/** With the ClusterRole that an owner applies beside the first one. */
const shopThatMayDelete = async (): Promise<Awaited<ReturnType<typeof shop>>> => {
  const world = await shop();
  bindRules(world.cluster, policyRulesOf(deletionRules), deletionRole);
  return world;
};

describe("a deletion", () => {
  test("passes the budget over, names the pod's uid, and leaves it so long to end", async () => {
    const world = await shopThatMayDelete();
    addBudget(world.cluster, { maxUnavailable: 0 });
    await world.settle();
    expect(await deletePod(world.client, nameOf(world.a), 7)).toEqual({ kind: "ACCEPTED" });
    expect(isTerminating(world, "a")).toBe(true);
    expect(world.cluster.journal.at(-1)).toMatchObject({
      verb: "delete",
      resource: "pods",
      body: { gracePeriodSeconds: 7, preconditions: { uid: world.a.metadata.uid } },
    });
  });

  test("is never without any grace", async () => {
    const world = await shopThatMayDelete();
    await deletePod(world.client, nameOf(world.a), 0);
    expect(world.cluster.journal.at(-1)?.body).toMatchObject({ gracePeriodSeconds: 1 });
  });

  test("of a name that another pod has by now takes nothing", async () => {
    const world = await shopThatMayDelete();
    const other = { ...nameOf(world.a), uid: "another" };
    expect(await deletePod(world.client, other, 7)).toEqual({ kind: "OTHER_POD" });
    expect(isTerminating(world, "a")).toBe(false);
  });

  test("of one that is gone is done", async () => {
    const world = await shopThatMayDelete();
    const gone = { ...nameOf(world.a), name: "c" };
    expect(await deletePod(world.client, gone, 7)).toEqual({ kind: "GONE" });
  });

  test("is denied where its owner has not applied the ClusterRole for it", async () => {
    const world = await shop();
    await expect(deletePod(world.client, nameOf(world.a), 7)).rejects.toMatchObject({
      name: "BrokenClusterAccess",
    });
  });
});
