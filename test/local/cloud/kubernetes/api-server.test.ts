import { describe, expect, test } from "@jest/globals";
import { tooManyRequests } from "../../../../local/cloud/kubernetes/refusals.ts";
import { addNode, addPod, ask, virtualCluster, type Answered } from "./cluster-fixture.ts";

const merge = "application/merge-patch+json";
const strategic = "application/strategic-merge-patch+json";
const json = "application/json-patch+json";

const pointer = (...parts: readonly string[]): string => `/${parts.join("/")}`;

describe("writes", () => {
  const withNode = () => {
    const { clock, cluster } = virtualCluster();
    addNode(cluster, "one");
    const patch = (contentType: string, body: unknown) =>
      ask(cluster, "/api/v1/nodes/one", { method: "PATCH", contentType, body });
    return { clock, cluster, patch };
  };

  test("a cordon changes the version, the same cordon again does not", async () => {
    const { patch } = withNode();
    const first = await patch(merge, { spec: { unschedulable: true } });
    const second = await patch(strategic, { spec: { unschedulable: true } });
    expect(first.body.spec.unschedulable).toBe(true);
    expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
  });

  test("a stale version is a conflict, a UID is not to be changed", async () => {
    const { patch } = withNode();
    const stale = await patch(merge, { metadata: { resourceVersion: "3" }, spec: {} });
    expect(stale.code).toBe(409);
    expect(stale.body.message).toContain("the object has been modified");
    expect((await patch(merge, { metadata: { uid: "another" } })).code).toBe(422);
    expect((await patch(merge, { spec: { providerID: "aws:///b/i-2" } })).code).toBe(422);
  });

  test("merge and strategic patches replace taints, a JSON patch adds one", async () => {
    const { patch } = withNode();
    const taint = (key: string) => ({ key, effect: "NoSchedule" });
    await patch(merge, { spec: { taints: [taint("a")] } });
    expect((await patch(strategic, { spec: { taints: [taint("b")] } })).body.spec.taints).toEqual([
      taint("b"),
    ]);
    const added = await patch(json, [
      { op: "add", path: pointer("spec", "taints", "-"), value: taint("c") },
    ]);
    expect(added.body.spec.taints).toEqual([taint("b"), taint("c")]);
    expect(
      (await patch(json, [{ op: "test", path: pointer("spec", "taints", "0", "key"), value: "x" }]))
        .code,
    ).toBe(422);
    expect((await patch(json, { spec: {} })).code).toBe(400);
    expect((await patch("application/json", {})).code).toBe(415);
    const annotate = (owner: string | null) =>
      patch(merge, { metadata: { annotations: { owner } } });
    expect((await annotate("us")).body.metadata).toHaveProperty("annotations");
    expect((await annotate(null)).body.metadata).not.toHaveProperty("annotations");
  });

  test("a strategic patch merges conditions by type, and takes finalizers away by name", async () => {
    const { cluster, patch } = withNode();
    const status = await ask(cluster, "/api/v1/nodes/one/status", {
      method: "PATCH",
      contentType: strategic,
      body: { status: { conditions: [{ type: "MemoryPressure", status: "False" }] } },
    });
    expect(status.body.status.conditions).toHaveLength(2);
    await patch(merge, { metadata: { finalizers: ["a", "b"] } });
    const taken = await patch(strategic, {
      metadata: { "$deleteFromPrimitiveList/finalizers": ["a"] },
    });
    expect(taken.body.metadata.finalizers).toEqual(["b"]);
  });

  test("the status is written by its own path only", async () => {
    const { cluster, patch } = withNode();
    const before = await patch(merge, { status: { conditions: [] } });
    expect(before.body.status.conditions).toHaveLength(1);
    const after = await ask(cluster, "/api/v1/nodes/one/status", {
      method: "PATCH",
      contentType: merge,
      body: { spec: { unschedulable: true }, status: { conditions: [] } },
    });
    expect(after.body.status.conditions).toEqual([]);
    expect(after.body.spec.unschedulable).toBeUndefined();
  });

  test("a dry run changes nothing", async () => {
    const { cluster } = withNode();
    const answer = await ask(cluster, "/api/v1/nodes/one?dryRun=All", {
      method: "PATCH",
      contentType: merge,
      body: { spec: { unschedulable: true } },
    });
    expect(answer.body.spec.unschedulable).toBe(true);
    expect((await ask(cluster, "/api/v1/nodes/one")).body.spec.unschedulable).toBeUndefined();
  });

  test("creates once, counts generations, deletes", async () => {
    const { cluster } = withNode();
    const path = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
    const body = {
      kind: "PodDisruptionBudget",
      metadata: { name: "web" },
      spec: { minAvailable: 1 },
    };
    const made = await ask(cluster, path, { method: "POST", body });
    expect(made.code).toBe(201);
    expect(made.body.metadata).toMatchObject({ generation: 1, namespace: "default" });
    expect((await ask(cluster, path, { method: "POST", body })).code).toBe(409);
    const put = await ask(cluster, `${path}/web`, {
      method: "PUT",
      body: { ...made.body, spec: { minAvailable: 2 } },
    });
    expect(put.body.metadata.generation).toBe(2);
    expect((await ask(cluster, `${path}/web`, { method: "PUT", body: made.body })).code).toBe(409);
    expect((await ask(cluster, `${path}/web`, { method: "DELETE" })).body.status).toBe("Success");
    expect((await ask(cluster, `${path}/web`)).code).toBe(404);
    expect((await ask(cluster, path, { method: "POST", body: { kind: "Pod" } })).code).toBe(400);
    const unnamed = await ask(cluster, path, { method: "POST", body: { metadata: {} } });
    expect(unnamed.body).toMatchObject({
      code: 422,
      details: { causes: [{ reason: "FieldValueRequired", field: "metadata.name" }] },
    });
    expect((await ask(cluster, `${path}/web`, { method: "POST", body })).code).toBe(405);
  });
});

describe("lists", () => {
  const withPods = () => {
    const made = virtualCluster();
    for (const name of ["a", "b", "c", "d", "e"]) {
      addPod(made.cluster, { name, nodeName: name < "c" ? "one" : "two", labels: { app: name } });
    }
    return made;
  };
  const pods = "/api/v1/namespaces/default/pods";
  const names = ({ items }: Answered["body"]) =>
    items.map(({ metadata }) => metadata.name).join("");

  test.each([
    ["fieldSelector=spec.nodeName=one", "ab"],
    ["fieldSelector=spec.nodeName!=one,metadata.name!=c", "de"],
    ["fieldSelector=status.phase!=Running", ""],
    ["labelSelector=app", "abcde"],
    ["labelSelector=!app", ""],
    ["labelSelector=app in (a, b),app!=b", "a"],
    ["labelSelector=app notin (a,b)", "cde"],
    ["labelSelector=app==e", "e"],
  ])("%s", async (query, wanted) => {
    const { cluster } = withPods();
    expect(names((await ask(cluster, `${pods}?${query}`)).body)).toBe(wanted);
  });

  test("a selector by a field that has none is refused", async () => {
    const { cluster } = withPods();
    expect((await ask(cluster, `${pods}?fieldSelector=spec.hostname=a`)).code).toBe(400);
    expect((await ask(cluster, `${pods}?labelSelector==`)).code).toBe(400);
  });

  test("pages show the objects as they were at the first", async () => {
    const { cluster } = withPods();
    const first = await ask(cluster, `${pods}?limit=2`);
    expect(first.body.metadata.remainingItemCount).toBe(3);
    await ask(cluster, `${pods}/d?gracePeriodSeconds=0`, { method: "DELETE" });
    addPod(cluster, { name: "f" });
    const next = encodeURIComponent(first.body.metadata.continue);
    const rest = await ask(cluster, `${pods}?continue=${next}`);
    expect(names(first.body) + names(rest.body)).toBe("abcde");
    expect(rest.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
  });

  test("a page after five minutes, after a compaction or from an old token is 410", async () => {
    const { clock, cluster } = withPods();
    const { body } = await ask(cluster, `${pods}?limit=2`);
    const next = encodeURIComponent(body.metadata.continue);
    addPod(cluster, { name: "f" });
    clock.elapse(301_000);
    const late = await ask(cluster, `${pods}?continue=${next}`);
    expect(late.code).toBe(410);
    expect(late.body.reason).toBe("Expired");
    const goOn = encodeURIComponent(late.body.metadata.continue);
    expect(names((await ask(cluster, `${pods}?continue=${goOn}`)).body)).toBe("cdef");
    const old = Buffer.from('{"v":"meta.k8s.io/v1","rv":1,"start":"a/b\\u0000"}').toString(
      "base64url",
    );
    expect((await ask(cluster, `${pods}?continue=${old}`)).code).toBe(410);
    expect((await ask(cluster, `${pods}?continue=nothing`)).code).toBe(400);
  });

  test("at version 0 the limit is ignored", async () => {
    const { cluster } = withPods();
    const { body } = await ask(cluster, `${pods}?limit=2&resourceVersion=0`);
    expect(names(body)).toBe("abcde");
  });

  test("a watch tells what comes, and what leaves its selection", async () => {
    const { cluster } = withPods();
    const { body } = await ask(cluster, pods);
    const { watch } = await cluster.answer({
      method: "GET",
      path: pods,
      query: new URLSearchParams({
        watch: "true",
        resourceVersion: body.metadata.resourceVersion,
        labelSelector: "app=a",
      }),
      headers: { authorization: "Bearer local-admin" },
    });
    const seen: string[] = [];
    const end = watch?.(({ type }) => seen.push(type));
    const patch = (app: string) =>
      ask(cluster, `${pods}/a`, {
        method: "PATCH",
        contentType: merge,
        body: { metadata: { labels: { app, more: "yes" } } },
      });
    await patch("a");
    await patch("z");
    await patch("a");
    end?.();
    await patch("z");
    expect(seen).toEqual(["MODIFIED", "DELETED", "ADDED"]);
  });

  test("a watch from a version that is forgotten is told so", async () => {
    const { cluster } = withPods();
    cluster.control.compact();
    const { watch } = await cluster.answer({
      method: "GET",
      path: pods,
      query: new URLSearchParams({ watch: "1", resourceVersion: "1" }),
      headers: { authorization: "Bearer local-admin" },
    });
    const seen: unknown[] = [];
    watch?.((event) => seen.push(event));
    expect(seen).toEqual([
      { type: "ERROR", object: expect.objectContaining({ code: 410, reason: "Expired" }) },
    ]);
  });
});

describe("what is not there", () => {
  test.each([
    ["/api/v1/nonsense", "the server could not find the requested resource"],
    ["/api/v1/nodes/nobody", 'nodes "nobody" not found'],
  ])("%s is a Status", async (path, message) => {
    const { cluster } = virtualCluster();
    expect((await ask(cluster, path)).body).toMatchObject({ code: 404, message });
  });

  test.each(["/apis/example.com/v1/things", "/nonsense"])("%s is plain text", async (path) => {
    const { cluster } = virtualCluster();
    expect(await ask(cluster, path)).toMatchObject({ code: 404, body: "404 page not found\n" });
  });
});

describe("who may", () => {
  test("anonymous requests see the version, and are forbidden the rest", async () => {
    const { cluster } = virtualCluster();
    expect((await ask(cluster, "/version", { token: "" })).code).toBe(200);
    const { code, body } = await ask(cluster, "/api/v1/nodes", { token: "" });
    expect(code).toBe(403);
    expect(body.message).toBe(
      'nodes is forbidden: User "system:anonymous" cannot list resource "nodes" in API group "" at the cluster scope',
    );
    expect((await ask(cluster, "/apis", { token: "" })).body.message).toContain("cannot get path");
  });

  test("where anonymous access is confined to health paths the rest is 401", async () => {
    const { cluster } = virtualCluster({ settings: { isAnonymousEverywhere: false } });
    expect((await ask(cluster, "/readyz", { token: "" })).body).toBe("ok");
    expect((await ask(cluster, "/api/v1/nodes", { token: "" })).code).toBe(401);
  });

  test("a token that nothing knows is 401 without a cause", async () => {
    const { cluster } = virtualCluster();
    const { code, body } = await ask(cluster, "/api/v1/nodes", { token: "nonsense" });
    expect(code).toBe(401);
    expect(body).toMatchObject({ reason: "Unauthorized", status: "Failure" });
    expect(body.details).toBeUndefined();
  });
});

describe("faults", () => {
  test("before a request it has no effect, after it the client does not learn of it", async () => {
    const { cluster } = virtualCluster();
    addNode(cluster, "one");
    const cordon = () =>
      ask(cluster, "/api/v1/nodes/one", {
        method: "PATCH",
        contentType: merge,
        body: { spec: { unschedulable: true } },
      });
    const release = cluster.faults.before(() => {
      throw tooManyRequests();
    });
    const refused = await cordon();
    expect(refused).toMatchObject({ code: 429, headers: { "retry-after": "1" } });
    expect(refused.body).toBe("Too many requests, please try again later.");
    release();
    cluster.faults.after(() => {
      throw new Error("reset");
    });
    await expect(cordon()).rejects.toThrow("reset");
    expect(cluster.control.get("nodes", { name: "one" })?.spec.unschedulable).toBe(true);
    expect(cluster.journal.map(({ verb, code, hadEffect }) => ({ verb, code, hadEffect }))).toEqual(
      [
        { verb: "patch", code: 429, hadEffect: false },
        { verb: "patch", code: undefined, hadEffect: true },
      ],
    );
  });
});
