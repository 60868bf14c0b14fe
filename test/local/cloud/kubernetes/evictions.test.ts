import { describe, expect, test } from "@jest/globals";
import { webhookDenies } from "./admissions.ts";
import { addBudget, addPod, ask, evict, virtualCluster, type Answered } from "./cluster-fixture.ts";

const web = { kind: "ReplicaSet", name: "web" };

/** Three ready pods of a ReplicaSet of three, and what a budget of them allows. */
const shop = (options: { readonly replicas?: number } = {}) => {
  const { clock, cluster } = virtualCluster();
  // The pods are the test's own.
  cluster.control.stop("workloads");
  cluster.control.add("replicasets", {
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas: options.replicas ?? 3,
      selector: { matchLabels: { app: "web" } },
      template: { spec: { containers: [{ name: "main" }] } },
    },
  });
  const pods = ["a", "b", "c"]
    .slice(0, options.replicas ?? 3)
    .map((name) => addPod(cluster, { name, owner: web }));
  const settled = (): Promise<void> => clock.run({ atMostMs: clock.now() + 1000 });
  const budget = (name = "web") =>
    cluster.control.get("poddisruptionbudgets", { namespace: "default", name });
  return { clock, cluster, pods, settled, budget };
};

const causeOf = ({ body }: Answered): string => body.details?.causes?.[0]?.message ?? "";

describe("what a budget allows", () => {
  test.each([
    ["integer minAvailable", { minAvailable: 2 }, 3, 1],
    ["minAvailable 67 % of 2 rounds up", { minAvailable: "67%" }, 2, 0],
    ["minAvailable 50 % of 1 rounds up", { minAvailable: "50%" }, 1, 0],
    ["maxUnavailable 1 % of 3 rounds up", { maxUnavailable: "1%" }, 3, 1],
    ["maxUnavailable 30 % of 1 allows one", { maxUnavailable: "30%" }, 1, 1],
    ["maxUnavailable 0", { maxUnavailable: 0 }, 3, 0],
  ])("%s", async (_, spec, replicas, allowed) => {
    const { cluster, settled, budget } = shop({ replicas });
    addBudget(cluster, spec);
    await settled();
    expect(budget()?.status).toMatchObject({ disruptionsAllowed: allowed, expectedPods: replicas });
  });

  test("an empty selector matches every pod, none matches nothing", async () => {
    const { cluster, settled, budget } = shop();
    addBudget(cluster, { minAvailable: 1, selector: {} }, "all");
    cluster.control.add("poddisruptionbudgets", {
      metadata: { name: "none", namespace: "default" },
      spec: { minAvailable: 1 },
    });
    await settled();
    expect(budget("all")?.status?.expectedPods).toBe(3);
    expect(budget("none")?.status?.expectedPods).toBe(0);
  });

  test("an owner without scale fails the sync, for a percentage and maxUnavailable only", async () => {
    const { cluster, settled, budget } = shop();
    const owner = { kind: "Job", name: "nightly", apiVersion: "batch/v1" };
    addPod(cluster, { name: "job", labels: { app: "job" }, owner });
    const selector = { matchLabels: { app: "job" } };
    addBudget(cluster, { maxUnavailable: 1, selector }, "percent");
    addBudget(cluster, { minAvailable: 0, selector }, "integer");
    await settled();
    expect(budget("percent")?.status?.conditions?.[0]).toMatchObject({
      reason: "SyncFailed",
      message: "jobs.batch does not implement the scale subresource",
    });
    expect(budget("integer")?.status?.disruptionsAllowed).toBe(1);
    const thing = { kind: "Thing", name: "x", apiVersion: "example.com/v1" };
    addPod(cluster, { name: "thing", labels: { app: "thing" }, owner: thing });
    addBudget(cluster, { maxUnavailable: 1, selector: { matchLabels: { app: "thing" } } }, "thing");
    await settled();
    expect(budget("thing")?.status?.conditions?.[0]?.message).toBe(
      'no matches for kind "Thing" in version "example.com/v1"',
    );
    cluster.control.remove("poddisruptionbudgets", { namespace: "default", name: "integer" });
    const answer = await evict(cluster, "job");
    expect(answer.code).toBe(429);
    expect(answer.headers["retry-after"]).toBe("10");
  });
});

describe("an eviction", () => {
  test("that its budget allows is answered with 201, ends with the grace, and spends", async () => {
    const { cluster, settled, budget } = shop();
    addBudget(cluster, { minAvailable: 2 });
    await settled();
    expect((await evict(cluster, "a")).code).toBe(201);
    expect(budget()?.status?.disruptionsAllowed).toBe(0);
    const { body } = await ask(cluster, "/api/v1/namespaces/default/pods/a");
    expect(body.metadata).toMatchObject({ deletionGracePeriodSeconds: 30 });
    expect(body.status.conditions).toContainEqual(
      expect.objectContaining({ type: "DisruptionTarget", reason: "EvictionByEvictionAPI" }),
    );
    const refused = await evict(cluster, "b");
    expect(refused.code).toBe(429);
    expect(refused.headers["retry-after"]).toBeUndefined();
    expect(refused.body.details?.causes?.[0]?.reason).toBe("DisruptionBudget");
    // The budget's controller has not counted anew.
    expect(causeOf(refused)).toContain("does not allow evicting pods currently");
    await settled();
    expect(causeOf(await evict(cluster, "b"))).toContain(
      "needs 2 healthy pods and has 2 currently",
    );
  });

  test("where more are healthy than are needed, and none is allowed, says so without numbers", async () => {
    const { cluster, settled } = shop();
    addBudget(cluster, { maxUnavailable: 1, selector: { matchLabels: { app: "alone" } } }, "alone");
    addPod(cluster, { name: "alone", labels: { app: "alone" } });
    await settled();
    const refused = await evict(cluster, "alone");
    expect(causeOf(refused)).toBe(
      "The disruption budget alone does not allow evicting pods currently",
    );
  });

  test("of which too many are not confirmed is forbidden; a status with a negative count is not taken", async () => {
    const { cluster, settled, budget } = shop();
    addBudget(cluster, { minAvailable: 2 });
    await settled();
    cluster.control.stop("disruption");
    const path = "/apis/policy/v1/namespaces/default/poddisruptionbudgets/web/status";
    const tell = (status: object) =>
      ask(cluster, path, {
        method: "PATCH",
        contentType: "application/merge-patch+json",
        body: { status },
      });
    const negative = await tell({ disruptionsAllowed: -1 });
    expect(negative.code).toBe(422);
    expect(negative.body.details?.causes?.[0]).toMatchObject({
      field: "status.disruptionsAllowed",
    });
    const names = Array.from({ length: 2001 }, (_, index) => `gone-${String(index)}`);
    await tell({
      disruptedPods: Object.fromEntries(names.map((name) => [name, "2026-01-01T00:00:00Z"])),
    });
    expect(budget()?.status?.disruptionsAllowed).toBe(1);
    const refused = await evict(cluster, "a");
    expect(refused.code).toBe(403);
    expect(refused.body.message).toMatch(
      /^poddisruptionbudget.policy "web" is forbidden: DisruptedPods map too big/,
    );
  });

  test("again of one that is going is 201 without a new deadline", async () => {
    const { clock, cluster } = shop();
    await evict(cluster, "a");
    const before = cluster.control.get("pods", { namespace: "default", name: "a" });
    clock.elapse(5000);
    expect((await evict(cluster, "a")).code).toBe(201);
    expect(cluster.control.get("pods", { namespace: "default", name: "a" })).toEqual(before);
  });

  test("with two budgets is a 500 without a reason", async () => {
    const { cluster } = shop();
    addBudget(cluster, { minAvailable: 1 }, "one");
    addBudget(cluster, { minAvailable: 1 }, "two");
    const { code, body } = await evict(cluster, "a");
    expect(code).toBe(500);
    expect(body.message).toContain("more than one PodDisruptionBudget");
    expect(body.reason).toBeUndefined();
  });

  test("while the controller is behind is to come again in 10 s", async () => {
    const { cluster, settled } = shop();
    cluster.control.stop("disruption");
    addBudget(cluster, { minAvailable: 1 });
    await settled();
    const behind = await evict(cluster, "a");
    expect(behind.code).toBe(429);
    expect(behind.headers["retry-after"]).toBe("10");
    expect(causeOf(behind)).toContain("still being processed");
    cluster.control.start("disruption");
    await settled();
    expect((await evict(cluster, "a")).code).toBe(201);
  });

  test("of one that is not Ready goes by the budget's policy", async () => {
    const { cluster, settled } = shop();
    addPod(cluster, { name: "sick", owner: web, isReady: false });
    addBudget(cluster, { minAvailable: 4 });
    await settled();
    expect((await evict(cluster, "sick")).code).toBe(429);
    addBudget(cluster, { minAvailable: 4, unhealthyPodEvictionPolicy: "AlwaysAllow" });
    await settled();
    expect((await evict(cluster, "sick")).code).toBe(201);
    addPod(cluster, { name: "sicker", owner: web, isReady: false });
    addBudget(cluster, { minAvailable: 3 });
    await settled();
    expect((await evict(cluster, "sicker")).code).toBe(201);
  });

  test.each(["Pending", "Succeeded"])("of a %s pod asks no budget, not even two", async (phase) => {
    const { cluster } = shop();
    addPod(cluster, { name: "other", phase, owner: web });
    addBudget(cluster, { maxUnavailable: 0 }, "one");
    addBudget(cluster, { maxUnavailable: 0 }, "two");
    expect((await evict(cluster, "other")).code).toBe(201);
  });

  test("of another UID is a conflict after the budget was asked: its slot comes back in two minutes", async () => {
    const { clock, cluster, settled, budget } = shop();
    addBudget(cluster, { minAvailable: 2 });
    await settled();
    const { code, body } = await evict(cluster, "a", { uid: "another" });
    expect(code).toBe(409);
    expect(body.message).toContain(
      'on Pod "a": the UID in the precondition (another) does not match',
    );
    expect(budget()?.status?.disruptionsAllowed).toBe(0);
    expect((await evict(cluster, "b")).code).toBe(429);
    await clock.run({ atMostMs: clock.now() + 119_000 });
    expect(budget()?.status?.disruptionsAllowed).toBe(0);
    await clock.run({ atMostMs: clock.now() + 2000 });
    expect(budget()?.status?.disruptionsAllowed).toBe(1);
  });

  test("of another UID takes the server 10 s where the pod is Pending", async () => {
    const { clock, cluster } = shop();
    addPod(cluster, { name: "new", phase: "Pending", owner: web });
    const beganMs = clock.now();
    expect((await evict(cluster, "new", { uid: "another" })).code).toBe(409);
    expect(clock.now() - beganMs).toBe(10_000);
  });

  test("as a dry run answers as the real one, and spends nothing", async () => {
    const { cluster, settled, budget } = shop();
    addBudget(cluster, { minAvailable: 2 });
    await settled();
    expect((await evict(cluster, "a", { dryRun: true })).code).toBe(201);
    expect((await evict(cluster, "b", { dryRun: true, uid: "another" })).code).toBe(409);
    expect(budget()?.status).toMatchObject({ disruptionsAllowed: 1 });
    expect(
      cluster.control.get("pods", { namespace: "default", name: "a" })?.metadata,
    ).not.toHaveProperty("deletionTimestamp");
  });

  test("is refused for a name that is not that of the path, and for one that is not there", async () => {
    const { cluster } = shop();
    const mismatch = await ask(cluster, "/api/v1/namespaces/default/pods/a/eviction", {
      method: "POST",
      body: { metadata: { name: "b" } },
    });
    expect(mismatch.code).toBe(400);
    expect(mismatch.body.message).toContain("name in URL does not match");
    expect((await evict(cluster, "nobody")).code).toBe(404);
  });

  test.each<[string, object, string]>([
    [
      "another namespace",
      { metadata: { name: "a", namespace: "x" } },
      "the namespace of the provided object",
    ],
    ["another kind", { apiVersion: "v1", kind: "Pod" }, "cannot be handled as a Eviction"],
  ])("of %s is refused", async (_, body, message) => {
    const { cluster } = shop();
    const path = "/api/v1/namespaces/default/pods/a/eviction";
    const answer = await ask(cluster, path, { method: "POST", body });
    expect(answer.code).toBe(400);
    expect(answer.body.message).toContain(message);
  });

  test("in a namespace that is deleted is forbidden with its cause", async () => {
    const { cluster } = shop();
    await ask(cluster, "/api/v1/namespaces/default", { method: "DELETE" });
    const { code, body } = await evict(cluster, "a");
    expect(code).toBe(403);
    expect(body.details?.causes?.[0]).toMatchObject({
      reason: "NamespaceTerminating",
      field: "metadata.namespace",
    });
  });

  test("meets webhooks, as a dry run too", async () => {
    const { cluster } = shop();
    cluster.control.admit(({ subresource, name }) => {
      if (subresource !== "eviction" || name !== "a") return;
      throw webhookDenies("drain.example", { code: 429, message: "it is moved" });
    });
    expect((await evict(cluster, "a", { dryRun: true })).body).toMatchObject({
      code: 429,
      message: expect.stringContaining("denied the request"),
    });
    expect((await evict(cluster, "b")).code).toBe(201);
  });

  test("of a pod with a finalizer leaves it there until that is gone", async () => {
    const { cluster } = shop();
    cluster.control.add("pods", {
      metadata: { name: "held", namespace: "default", finalizers: ["example.com/hold"] },
      spec: { containers: [{ name: "main" }] },
      status: { phase: "Running" },
    });
    expect((await evict(cluster, "held")).code).toBe(201);
    const path = "/api/v1/namespaces/default/pods/held";
    expect((await ask(cluster, path)).body.metadata.deletionTimestamp).toBeDefined();
    await ask(cluster, path, {
      method: "PATCH",
      contentType: "application/merge-patch+json",
      body: { metadata: { finalizers: null } },
    });
    expect((await ask(cluster, path)).code).toBe(404);
  });
});
