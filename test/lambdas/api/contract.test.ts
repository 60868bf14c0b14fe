/** The OpenAPI document against the schemas that check the requests: what may be left out, what is shown as an example. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { apiUnderTest } from "./api-under-test.ts";

interface Json {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly items?: Json;
  readonly oneOf?: readonly Json[];
  readonly anyOf?: readonly Json[];
  readonly allOf?: readonly Json[];
}

interface Body {
  readonly content?: Readonly<Record<string, { readonly schema: unknown }>>;
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly request?: {
    readonly params?: z.ZodObject;
    readonly query?: z.ZodObject;
    readonly headers?: z.ZodObject;
    readonly body?: Body;
  };
  readonly responses: Readonly<Record<string, Body>>;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly required: boolean }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Json }>> }>
  >;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

const isSchema = (value: unknown): value is z.ZodType =>
  typeof value === "object" && value !== null && "_zod" in value;

/** What a wrapper (optional, nullable, default …) holds. */
const unwrapped = (schema: z.ZodType): z.ZodType => {
  const { innerType } = schema._zod.def as { readonly innerType?: z.ZodType };
  return innerType === undefined ? schema : unwrapped(innerType);
};

/** As the validator takes it, and not as it says of itself. */
const mayBeAbsent = (schema: z.ZodType): boolean =>
  z.object({ field: schema }).safeParse({}).success;

describe("the OpenAPI document and the schemas", () => {
  const { app } = apiUnderTest();
  let document: Document;
  let checked: string[];
  let optional: string[];
  const seen = new Set<string>();

  const resolve = (json: Json): Json => {
    const named = json.$ref ?? json.allOf?.find(({ $ref }) => $ref !== undefined)?.$ref;
    if (named === undefined) return json;
    const found = document.components.schemas[named.slice("#/components/schemas/".length)];
    if (found === undefined) throw new Error(`There is no ${named}.`);
    return found;
  };

  const compareObject = (schema: z.ZodObject, json: Json, where: string): void => {
    const fields = Object.entries(schema.shape) as [string, z.ZodType][];
    const expected = fields.filter(([, field]) => !mayBeAbsent(field)).map(([name]) => name);
    expect([where, [...(json.required ?? [])].sort()]).toEqual([where, expected.sort()]);
    expect([where, Object.keys(json.properties ?? {}).sort()]).toEqual([
      where,
      fields.map(([name]) => name).sort(),
    ]);
    for (const [name, field] of fields) {
      const at = `${where}.${name}`;
      checked.push(at);
      if (mayBeAbsent(field)) optional.push(at);
      compare(field, json.properties?.[name] ?? {}, at);
    }
  };

  const compare = (wrapped: z.ZodType, told: Json, where: string): void => {
    const schema = unwrapped(wrapped);
    const json = resolve(told);
    const key = `${JSON.stringify(json)} ${where.split(".").at(-1) ?? ""}`;
    if (seen.has(key)) return;
    seen.add(key);
    if (schema instanceof z.ZodLiteral || schema instanceof z.ZodEnum) {
      const values = "values" in schema ? [...schema.values] : schema.options;
      const told = (json.enum ?? []).filter((value) => value !== null);
      expect([where, new Set(told)]).toEqual([where, new Set<unknown>(values)]);
    }
    if (schema instanceof z.ZodObject) compareObject(schema, json, where);
    if (schema instanceof z.ZodArray) {
      compare(schema.element as z.ZodType, json.items ?? {}, `${where}[]`);
    }
    if (schema instanceof z.ZodUnion) {
      const forms = json.oneOf ?? json.anyOf ?? [];
      for (const [index, option] of (schema.options as readonly z.ZodType[]).entries()) {
        compare(option, forms[index] ?? {}, `${where}|${String(index)}`);
      }
    }
  };

  const routes = app.openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === "route" ? [definition.route as unknown as Route] : [],
  );

  const operationOf = ({ method, path }: Route): Operation => {
    const operation = document.paths[path]?.[method];
    if (operation === undefined) throw new Error(`${method} ${path} is not documented.`);
    return operation;
  };

  const compareBodies = (route: Route): void => {
    const { requestBody, responses } = operationOf(route);
    for (const [type, { schema }] of Object.entries(route.request?.body?.content ?? {})) {
      const json = requestBody?.content[type]?.schema;
      if (isSchema(schema)) compare(schema, json ?? {}, `${route.method} ${route.path}`);
    }
    for (const [status, { content = {} }] of Object.entries(route.responses)) {
      for (const [type, { schema }] of Object.entries(content)) {
        const json = responses[status]?.content?.[type]?.schema;
        if (isSchema(schema)) compare(schema, json ?? {}, `${route.path} ${status}`);
      }
    }
  };

  beforeAll(async () => {
    document = (await apiUnderTest().send("GET", "/openapi.json")).body;
    checked = [];
    optional = [];
    for (const route of routes) compareBodies(route);
  });

  it("agree about every field, and whether it may be left out", () => {
    expect(routes).toHaveLength(73);
    expect(checked.length).toBeGreaterThan(500);
    expect(optional.length).toBeGreaterThan(110);
  });

  it("agree about every parameter", () => {
    let count = 0;
    for (const route of routes) {
      const { params, query, headers } = route.request ?? {};
      const told = operationOf(route).parameters ?? [];
      for (const [place, schema] of Object.entries({ path: params, query, header: headers })) {
        for (const [name, field] of Object.entries(schema?.shape ?? {})) {
          const parameter = told.find((one) => one.name === name);
          const isRequired = place === "path" || !mayBeAbsent(field as z.ZodType);
          expect([route.path, name, parameter?.required]).toEqual([route.path, name, isRequired]);
          count += 1;
        }
      }
    }
    expect(count).toBeGreaterThan(40);
  });

  it("have every request body that may be left out as not required", () => {
    const optionalBodies = routes
      .filter(
        (route) =>
          (operationOf(route).requestBody as { required?: boolean } | undefined)?.required ===
          false,
      )
      .map(({ path }) => path.slice("/api/v1".length));
    expect(optionalBodies.sort()).toEqual([
      "/accounts/{id}/notices/test",
      "/accounts/{id}/verify",
      "/evaluations/{id}/replay",
      "/lab/instances/{id}/evaluate",
      "/notices/{id}/acknowledge",
    ]);
  });

  it("answer every call with the problems that any call may meet", () => {
    for (const route of routes) {
      expect(Object.keys(operationOf(route).responses)).toEqual(
        expect.arrayContaining(["403", "405", "500", "503"]),
      );
      const takesKey = operationOf(route).parameters?.some(
        ({ name }) => name === "idempotency-key",
      );
      if (takesKey === true) expect(operationOf(route).responses).toHaveProperty("409");
    }
  });

  it("show examples and defaults that they themselves take", () => {
    const visited = new Set<object>();
    const faults: string[] = [];
    let count = 0;
    const visit = (value: unknown): void => {
      if (typeof value !== "object" || value === null || visited.has(value)) return;
      visited.add(value);
      if (!isSchema(value)) {
        for (const inner of Object.values(value)) visit(inner);
        return;
      }
      const meta = z.globalRegistry.get(value) as { example?: unknown; type?: string } | undefined;
      if (meta?.example !== undefined) {
        count += 1;
        // A parameter is text on the wire, whatever its type.
        const given = meta.type === "integer" ? JSON.stringify(meta.example) : meta.example;
        const parsed = value.safeParse(given);
        if (!parsed.success)
          faults.push(`${JSON.stringify(meta.example)}: ${parsed.error.message}`);
      }
      for (const inner of Object.values(value._zod.def)) visit(inner);
    };
    visit(app.openAPIRegistry.definitions);
    expect(faults).toEqual([]);
    expect(count).toBeGreaterThan(40);
  });
});
