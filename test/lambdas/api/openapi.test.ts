import { describe, expect, it } from "@jest/globals";
import { policySchema } from "../../../core/policy/policy.ts";
import { snakeName } from "../../../core/snake-name.ts";
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

  it("lists the calls of LINEAR under /api/v1", () => {
    expect(operations.map(({ method, path }) => `${method} ${path.slice(7)}`).sort()).toEqual([
      "delete /accounts/{id}",
      "delete /lab/instances/{id}",
      "get /accounts",
      "get /accounts/{id}",
      "get /accounts/{id}/role-template",
      "get /evaluations",
      "get /evaluations/{id}",
      "get /health",
      "get /kill-switch",
      "get /lab/instances",
      "get /lab/instances/{id}",
      "get /models",
      "get /models/{version}",
      "get /openapi.json",
      "patch /accounts/{id}",
      "patch /lab/instances/{id}",
      "post /accounts",
      "post /accounts/{id}/verify",
      "post /evaluations/{id}/replay",
      "post /lab/instances",
      "post /lab/instances/{id}/evaluate",
      "post /models",
      "post /models/{version}/graduate",
      "post /models/{version}/reject",
      "put /kill-switch",
      "put /lab/instances/{id}/model",
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
          expect(Object.keys(response.content ?? {})).toEqual(["application/problem+json"]);
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

  it.each(Object.entries(policySchema.shape))(
    "shows the limit %s with default, unit and reason",
    (name, schema) => {
      const shown = document.components.schemas["PolicyOverrides"]?.properties?.[snakeName(name)];
      expect(shown?.default).toEqual(schema.parse(undefined));
      expect(shown?.["x-unit"]).toBe(schema.meta()?.["unit"]);
      expect(shown?.description).toContain(schema.meta()?.description);
    },
  );
});
