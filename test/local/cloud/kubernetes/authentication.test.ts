import { describe, expect, test } from "@jest/globals";
import type { IdentitySource } from "../../../../local/cloud/kubernetes/authentication.ts";
import type { PolicyRule } from "../../../../local/cloud/kubernetes/objects.ts";
import { presignedUrl, tokenOf, type Minted } from "./eks-tokens.ts";
import { addNode, addPod, ask, evict, startMs, virtualCluster } from "./cluster-fixture.ts";

const key = {
  accessKeyId: "ASIAEXAMPLE",
  secretAccessKey: "secret",
  sessionToken: "session/token+",
};

/** The role's group is `spot-optimizer`. */
const source: IdentitySource = {
  signer: (accessKeyId) =>
    accessKeyId === key.accessKeyId
      ? { signer: key, caller: { accountId: "1", arn: "arn:aws:sts::1:assumed-role/spot/run" } }
      : undefined,
  identityOf: () => ({ username: "spot", groups: ["spot-optimizer"] }),
};

const presigned = (minted: Minted): Promise<string> => presignedUrl(minted, { key, atMs: startMs });

const minute = 60_000;

const codeWith = async (token: string): Promise<number> => {
  const { cluster } = virtualCluster({ source });
  return (await ask(cluster, "/api/v1/nodes", { token })).code;
};

describe("a token of EKS", () => {
  test.each<[string, Minted, number]>([
    ["fresh", {}, 403],
    ["14 minutes old", { atMs: startMs - 14 * minute }, 403],
    ["of a clock 10 minutes behind", { atMs: startMs - 10 * minute }, 403],
    ["16 minutes old", { atMs: startMs - 16 * minute }, 401],
    ["of a clock 10 minutes ahead", { atMs: startMs + 10 * minute }, 401],
    ["of another cluster", { clusterName: "other" }, 401],
    ["whose cluster is not signed", { clusterName: undefined }, 401],
    ["of another host", { host: "sts.example.com" }, 401],
    ["of another path", { path: "/x" }, 401],
    ["of another action", { query: { Action: "AssumeRole" } }, 401],
    ["with a parameter more", { query: { Extra: "1" } }, 401],
    ["that lasts too long", { expiresIn: 901 }, 401],
    ["of another secret", { credentials: { ...key, secretAccessKey: "guess" } }, 401],
    ["of another session", { credentials: { ...key, sessionToken: "other" } }, 401],
    ["of an unknown key", { credentials: { ...key, accessKeyId: "ASIAOTHER" } }, 401],
  ])("%s", async (_, minted, code) => {
    expect(await codeWith(tokenOf(await presigned(minted)))).toBe(code);
  });

  test("that is longer than 4,096 bytes, cut, or not https is not accepted", async () => {
    const url = await presigned({});
    expect(await codeWith(`${tokenOf(url)}${"A".repeat(4096)}`)).toBe(401);
    expect(await codeWith(tokenOf(url).slice(0, -10))).toBe(401);
    expect(await codeWith(tokenOf(url.replace("https:", "http:")))).toBe(401);
    expect(await codeWith(tokenOf(`${url}&Version=2011-06-15`))).toBe(401);
  });

  test("of somebody whom nothing maps is 401", async () => {
    const { cluster } = virtualCluster({ source: { ...source, identityOf: () => undefined } });
    const token = tokenOf(await presigned({}));
    expect((await ask(cluster, "/api/v1/nodes", { token })).code).toBe(401);
  });

  test("lasts 15 minutes from its date, whatever it says itself", async () => {
    const { clock, cluster } = virtualCluster({ source });
    const token = tokenOf(await presigned({ expiresIn: 60 }));
    clock.elapse(15 * minute);
    expect((await ask(cluster, "/version", { token })).code).toBe(200);
    clock.elapse(1);
    expect((await ask(cluster, "/version", { token })).code).toBe(401);
  });

  test("shows who one is, and what one may do", async () => {
    const { cluster } = virtualCluster({ source });
    const token = tokenOf(await presigned({}));
    const who = await ask(cluster, "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
      method: "POST",
      token,
      body: {},
    });
    expect(who.code).toBe(201);
    expect(who.body.status.userInfo).toEqual({
      username: "spot",
      groups: ["spot-optimizer", "system:authenticated"],
    });
    const may = async (resource: string, as = token): Promise<unknown> =>
      (
        await ask(cluster, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
          method: "POST",
          token: as,
          body: { spec: { resourceAttributes: { verb: "list", resource } } },
        })
      ).body.status;
    expect(await may("nodes")).toEqual({ allowed: false });
    expect(await may("nodes", "local-admin")).toEqual({ allowed: true });
    expect(await may("nodes", "")).toBe("Failure");
  });
});

/** All that the product asks for. Source: spec, RBAC. */
const rules: readonly PolicyRule[] = [
  { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "patch"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
  { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
  { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: ["list"] },
];

const asked: readonly [name: string, rule: number, path: string, method: string][] = [
  ["nodes", 0, "/api/v1/nodes", "GET"],
  ["pods", 1, "/api/v1/namespaces/default/pods/a", "GET"],
  ["pods/eviction", 2, "/api/v1/namespaces/default/pods/a/eviction", "POST"],
  ["poddisruptionbudgets", 3, "/apis/policy/v1/poddisruptionbudgets", "GET"],
];

describe("RBAC by the mapped group", () => {
  const withRules = async (granted: readonly PolicyRule[]) => {
    const { cluster } = virtualCluster({ source });
    addNode(cluster, "one");
    addPod(cluster, { name: "a" });
    cluster.control.add("clusterroles", { metadata: { name: "spot" }, rules: granted });
    cluster.control.add("clusterrolebindings", {
      metadata: { name: "spot" },
      roleRef: { kind: "ClusterRole", name: "spot" },
      subjects: [{ kind: "Group", name: "spot-optimizer" }],
    });
    return { cluster, token: tokenOf(await presigned({})) };
  };

  test.each(asked)("%s: allowed by its rule alone", async (name, rule, path, method) => {
    const all = await withRules(rules);
    expect((await ask(all.cluster, path, { method, token: all.token })).code).toBeLessThan(300);
    const without = await withRules(rules.filter((_, index) => index !== rule));
    const { code, body } = await ask(without.cluster, path, { method, token: without.token });
    expect(code).toBe(403);
    expect(body.message).toContain(`User "spot" cannot`);
    expect(body.message).toContain(`resource "${name}"`);
  });

  test("a role in a namespace holds there, for the names that it names", async () => {
    const { cluster, token } = await withRules([]);
    addPod(cluster, { name: "b" });
    cluster.control.add("roles", {
      metadata: { name: "one-pod", namespace: "default" },
      rules: [{ apiGroups: ["*"], resources: ["pods"], verbs: ["*"], resourceNames: ["a"] }],
    });
    cluster.control.add("rolebindings", {
      metadata: { name: "one-pod", namespace: "default" },
      roleRef: { kind: "Role", name: "one-pod" },
      subjects: [{ kind: "User", name: "spot" }],
    });
    const get = async (path: string) => (await ask(cluster, path, { token })).code;
    expect(await get("/api/v1/namespaces/default/pods/a")).toBe(200);
    expect(await get("/api/v1/namespaces/default/pods/b")).toBe(403);
    expect(await get("/api/v1/namespaces/kube-system/pods/a")).toBe(403);
    expect((await evict(cluster, "a")).code).toBe(201);
  });
});

describe("an administrator who asks as a member of our group", () => {
  const headers = { "impersonate-user": "spot-optimizer", "impersonate-group": "spot-optimizer" };
  const rules: readonly PolicyRule[] = [{ apiGroups: [""], resources: ["nodes"], verbs: ["list"] }];

  test("sees what our group sees, and no more", async () => {
    const { cluster } = virtualCluster({ source });
    cluster.control.add("clusterroles", { metadata: { name: "spot" }, rules });
    cluster.control.add("clusterrolebindings", {
      metadata: { name: "spot" },
      roleRef: { kind: "ClusterRole", name: "spot" },
      subjects: [{ kind: "Group", name: "spot-optimizer" }],
    });
    expect((await ask(cluster, "/api/v1/nodes", { headers })).code).toBe(200);
    expect((await ask(cluster, "/api/v1/secrets", { headers })).code).not.toBe(200);
    expect((await ask(cluster, "/api/v1/pods", { headers })).code).toBe(403);
  });

  test("must be one", async () => {
    const { cluster } = virtualCluster({ source });
    const token = tokenOf(await presigned({}));
    const { code, body } = await ask(cluster, "/api/v1/nodes", { token, headers });
    expect([code, body.message]).toEqual([403, expect.stringContaining("cannot impersonate")]);
  });
});
