import { describe, expect, it } from "@jest/globals";
import { limitName } from "../../../core/policy/limit-name.ts";
import {
  effectivePolicy,
  limitKeys,
  modesOf,
  policySchema,
  type Policy,
} from "../../../core/policy/policy.ts";
import { apiUnderTest } from "./api-under-test.ts";

interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly [key: string]: unknown;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { name: string; in: string; schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { description: string; content?: Record<string, { schema: Schema }> }>
  >;
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const api = apiUnderTest();
const answer = await api.send("GET", "/openapi.json");
const document: Document = answer.body;

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** Every object in the document that has one of these keys is walked. */
const refsIn = (value: unknown): readonly string[] => {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" ? [String(inner)] : refsIn(inner),
  );
};

describe("the OpenAPI document", () => {
  it("is version 3.1 with title and version", () => {
    expect(answer.status).toBe(200);
    expect(document.openapi).toBe("3.1.0");
    expect(document.info).toMatchObject({ title: "Spot Optimizer control API", version: "0.1.0" });
  });

  it("documents every route that the app serves", () => {
    const served = api.app.routes
      .filter((route) => route.method !== "ALL")
      .map((route) => `${route.method} ${route.path.replaceAll(/:(\w+)/g, "{$1}")}`);
    const documented = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect([...new Set(served)].sort()).toEqual([...documented].sort());
  });

  it("lists the calls under /api/v1", () => {
    expect(operations.map(({ method, path }) => `${method} ${path.slice(7)}`).sort()).toEqual([
      "delete /accounts/{id}",
      "delete /accounts/{id}/notices",
      "delete /lab/instances/{id}",
      "delete /risk/pools/{pool_id}/quarantine",
      "get /accounts",
      "get /accounts/{id}",
      "get /accounts/{id}/clusters/{name}/kubeconfig",
      "get /accounts/{id}/enforcer",
      "get /accounts/{id}/notices",
      "get /accounts/{id}/role-template",
      "get /accounts/{id}/waste",
      "get /approvals",
      "get /approvals/{id}",
      "get /evaluations",
      "get /evaluations/{id}",
      "get /fleet",
      "get /governance",
      "get /health",
      "get /kill-switch",
      "get /lab/instances",
      "get /lab/instances/{id}",
      "get /lab/instances/{id}/runs",
      "get /models",
      "get /models/{version}",
      "get /notices",
      "get /openapi.json",
      "get /preflight/{id}",
      "get /preflight/{id}/changes",
      "get /preflight/{id}/subjects",
      "get /restore",
      "get /risk/pools",
      "get /savings",
      "get /savings/hours",
      "get /unclaimed-resources",
      "get /waste",
      "get /waste/{id}",
      "patch /accounts/{id}",
      "patch /lab/instances/{id}",
      "post /accounts",
      "post /accounts/{id}/notices/test",
      "post /accounts/{id}/verify",
      "post /approvals/void",
      "post /approvals/{id}/approve",
      "post /approvals/{id}/break-glass",
      "post /approvals/{id}/reject",
      "post /dry-run",
      "post /evaluations/{id}/adopt",
      "post /evaluations/{id}/replay",
      "post /evaluations/{id}/resume",
      "post /evaluations/{id}/roll-back",
      "post /governance/{id}/exempt",
      "post /lab/instances",
      "post /lab/instances/bulk",
      "post /lab/instances/{id}/evaluate",
      "post /lab/instances/{id}/runs/replay",
      "post /models",
      "post /models/{version}/graduate",
      "post /models/{version}/reject",
      "post /notices/{id}/acknowledge",
      "post /preflight",
      "post /risk/pools/{pool_id}/quarantine",
      "post /waste/{id}/approve",
      "post /waste/{id}/dismiss",
      "put /accounts/{id}/approvals",
      "put /accounts/{id}/enforcer",
      "put /accounts/{id}/find-by-tags",
      "put /accounts/{id}/notices",
      "put /accounts/{id}/switching",
      "put /accounts/{id}/waste",
      "put /kill-switch",
      "put /lab/instances/{id}/model",
      "put /restore",
      "put /restore/reconciled",
    ]);
  });

  it("gives each operation its own id, a summary and a tag", () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operation } of operations) {
      expect(operation.summary).not.toBe("");
      expect(operation.tags).toHaveLength(1);
    }
  });

  it("resolves every reference", () => {
    const known = new Set(
      Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`),
    );
    const refs = refsIn(document);
    expect(refs.length).toBeGreaterThan(20);
    expect(refs.filter((ref) => !known.has(ref))).toEqual([]);
  });

  it("declares every path parameter that a path names", () => {
    for (const { path, operation } of operations) {
      const named = [...path.matchAll(/{(\w+)}/g)].map((match) => match[1]);
      const declared = (operation.parameters ?? [])
        .filter((parameter) => parameter.in === "path")
        .map((parameter) => parameter.name);
      expect(declared).toEqual(named);
    }
  });

  it("documents Idempotency-Key on every POST", () => {
    for (const { method, operation } of operations) {
      const header = operation.parameters?.some((one) => one.name === "idempotency-key") ?? false;
      expect(header).toBe(method === "post");
    }
  });

  it("describes every response, and gives every error as a problem document", () => {
    for (const { operation, path } of operations) {
      for (const [status, response] of Object.entries(operation.responses)) {
        expect(response.description).not.toBe("");
        if (Number(status) >= 400 && !path.endsWith("/health")) {
          // What does not fit into an invocation is answered by API Gateway.
          const own = status === "413" ? ["application/json"] : [];
          expect(Object.keys(response.content ?? {})).toEqual(["application/problem+json", ...own]);
        }
      }
    }
  });

  const named = Object.entries(document.components.schemas);

  it.each(named)("describes the schema %s and each field of it", (_name, schema) => {
    expect(schema.description ?? schema.example).toBeDefined();
    for (const [field, inner] of Object.entries(schema.properties ?? {})) {
      const said = inner.$ref ?? inner.description ?? inner.example ?? inner["allOf"];
      expect([field, said === undefined]).toEqual([field, false]);
      expect(field).toMatch(/^[a-z0-9_]+$/);
    }
  });

  it.each([
    "CreateAccount",
    "PatchAccount",
    "CreateTarget",
    "PatchTarget",
    "PolicyOverrides",
    "SetKillSwitch",
    "ReplayRequest",
    "GraduateModel",
    "RejectModel",
    "AssignModel",
  ])("says that %s takes no unknown field", (name) => {
    expect(document.components.schemas[name]?.additionalProperties).toBe(false);
  });

  const shownIn = (name: string, key: keyof Policy): Schema | undefined =>
    document.components.schemas[name]?.properties?.[limitName(key)];

  it.each(limitKeys())("shows the limit %s with modes, unit and reason", (key) => {
    const schema = policySchema().shape[key];
    for (const name of ["Policy", "PolicyOverrides", "PolicyChange"]) {
      const shown = shownIn(name, key);
      expect(shown?.["x-modes"]).toEqual(modesOf(key));
      expect(shown?.["x-unit"]).toBe(schema.meta()?.["unit"]);
      expect(shown?.description).toContain(schema.meta()?.description);
      expect(shown?.description).toContain(`Modes: ${modesOf(key).join(", ")}.`);
    }
  });

  it.each(limitKeys())("shows the default of the limit %s, by mode where it differs", (key) => {
    const shown = shownIn("PolicyOverrides", key);
    const byMode = Object.fromEntries(
      modesOf(key).map((mode) => [
        mode,
        shown?.["x-default-by-mode"] === undefined
          ? shown?.["x-default"]
          : (shown["x-default-by-mode"] as Record<string, unknown>)[mode],
      ]),
    );
    expect(byMode).toEqual(
      Object.fromEntries(modesOf(key).map((mode) => [mode, effectivePolicy(mode)[key]])),
    );
  });

  it("gives no single default to a limit whose default differs", () => {
    const shown = shownIn("PolicyOverrides", "maxRisk");
    expect(shown).not.toHaveProperty("x-default");
    expect(shown?.["x-default-by-mode"]).toEqual({ LINEAR: 0.3, CLUSTER: 1, KUBERNETES: 1 });
    expect(shown?.description).toMatch(/Default: 0\.3 in LINEAR, 1 in CLUSTER and KUBERNETES\.$/);
  });
});
