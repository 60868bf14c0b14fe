/** GET /api/v1/openapi.json: the OpenAPI 3.1 document, made from the same schemas that check the requests. */
import { createRoute } from "@hono/zod-openapi";
import * as z from "./zod.ts";
import { apiBasePath, type ApiApp, type ApiContext } from "./context.ts";
import { withConditionalReads } from "./conditional-reads.ts";
import { withExactOptionals } from "./exact-optionals.ts";
import { publicPrefix } from "./public-path.ts";
import { json, problems } from "./schemas/common.ts";

const documentSchema = z
  .looseObject({ openapi: z.string().meta({ description: "Version of OpenAPI." }) })
  .meta({ id: "OpenApiDocument", description: "See https://spec.openapis.org/oas/v3.1.0." });

const documentRoute = createRoute({
  method: "get",
  path: `${apiBasePath}/openapi.json`,
  tags: ["operations"],
  operationId: "getOpenApiDocument",
  summary: "This document",
  responses: {
    200: json("OpenAPI 3.1 document.", documentSchema),
    ...problems(),
  },
});

const description =
  "Replaces On-Demand EC2 capacity by Spot, safely: nothing healthy is given up before its replacement has proved itself. " +
  "Errors are RFC 9457 problem documents that name the field. Lists page with `limit` and `cursor`. " +
  "POSTs take an `Idempotency-Key`. GETs answer with an `ETag`, and with 304 where `If-None-Match` names it. Unknown fields are refused. Requests are signed with SigV4. " +
  "API Gateway itself answers 403, 413, 429, 502 and 504 with `message` alone.";

interface Served {
  readonly version: string;
  readonly server: string;
  readonly isSigned: boolean;
}

const writeDocument = (app: ApiApp, { version, server, isSigned }: Served) =>
  app.getOpenAPI31Document(
    {
      openapi: "3.1.0",
      info: { title: "Spot Optimizer control API", version, description },
      servers: [{ url: server, description: "Where this document was fetched from." }],
      tags: [
        { name: "accounts", description: "Customer accounts and their role." },
        { name: "targets", description: "Instances that are optimised." },
        { name: "preflight", description: "A fleet judged before anything is registered." },
        { name: "evaluations", description: "Runs: facts, verdict, effects, outcome." },
        {
          name: "approvals",
          description:
            "What persons must agree to, within which bounds, and who may. On a laptop the header `spot-optimizer-identity` names the caller, and nobody checks it.",
        },
        {
          name: "governance",
          description: "Instances without an owner, and what the enforcer does about them.",
        },
        {
          name: "waste",
          description: "What costs money and seems to be of no use, and what is to become of it.",
        },
        { name: "savings", description: "What was saved, net, from what ran and what that cost." },
        { name: "models", description: "Risk models: registry and assignment." },
        {
          name: "operations",
          description: "Kill switch, unclaimed resources, health, this document.",
        },
      ],
      security: isSigned ? [{ sigv4: [] }] : [],
    },
    { unionPreferredType: "oneOf" },
  );

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const withoutDefault = (property: unknown): unknown => {
  if (!isObject(property) || !("default" in property)) return property;
  const { default: value, ...others } = property;
  return { ...others, "x-default": value };
};

/** A field of a body that may be left out: generators take one with a `default` for one that is always there. */
const sayDefaults = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sayDefaults);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === "properties" && isObject(inner)
        ? Object.fromEntries(
            Object.entries(inner).map(([field, property]) => [
              field,
              sayDefaults(withoutDefault(property)),
            ]),
          )
        : sayDefaults(inner),
    ]),
  );
};

const openApiDocument = (app: ApiApp, served: Served) =>
  sayDefaults(
    withConditionalReads(
      withExactOptionals(app.openAPIRegistry.definitions, () => writeDocument(app, served)),
    ),
  );

export const addOpenApiDocument = (app: ApiApp, context: ApiContext): void => {
  app.openAPIRegistry.registerComponent("securitySchemes", "sigv4", {
    type: "apiKey",
    in: "header",
    name: "Authorization",
    description:
      "AWS Signature Version 4 for service execute-api. On a laptop no call asks for it.",
    "x-amazon-apigateway-authtype": "awsSigv4",
  });
  app.openapi(documentRoute, (request) => {
    const served = {
      version: context.version,
      server: publicPrefix(request) || "/",
      isSigned: !context.emulated,
    };
    return request.json(documentSchema.parse(openApiDocument(app, served)), 200);
  });
};
