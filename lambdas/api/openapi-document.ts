/** GET /api/v1/openapi.json: the OpenAPI 3.1 document, made from the same schemas that check the requests. */
import { createRoute, z } from "@hono/zod-openapi";
import { apiBasePath, type ApiApp, type ApiContext } from "./context.ts";
import { publicPrefix } from "./public-path.ts";
import { json } from "./schemas/common.ts";

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
  },
});

const description =
  "Replaces On-Demand EC2 capacity by Spot, safely: nothing healthy is given up before its replacement has proved itself. " +
  "Errors are RFC 9457 problem documents that name the field. Lists page with `limit` and `cursor`. " +
  "POSTs take an `Idempotency-Key`. Unknown fields are refused. Requests are signed with SigV4.";

const openApiDocument = (app: ApiApp, version: string, server: string) =>
  app.getOpenAPI31Document(
    {
      openapi: "3.1.0",
      info: { title: "Spot Optimizer control API", version, description },
      servers: [{ url: server, description: "Where this document was fetched from." }],
      tags: [
        { name: "accounts", description: "Customer accounts and their role." },
        { name: "targets", description: "Instances that are optimised." },
        { name: "evaluations", description: "Runs: facts, verdict, effects, outcome." },
        { name: "models", description: "Risk models: registry and assignment." },
        { name: "operations", description: "Kill switch, health, this document." },
      ],
      security: [{ sigv4: [] }],
    },
    { unionPreferredType: "oneOf" },
  );

export const addOpenApiDocument = (app: ApiApp, context: ApiContext): void => {
  app.openAPIRegistry.registerComponent("securitySchemes", "sigv4", {
    type: "apiKey",
    in: "header",
    name: "Authorization",
    description: "AWS Signature Version 4 for service execute-api. Not asked for on a laptop.",
    "x-amazon-apigateway-authtype": "awsSigv4",
  });
  app.openapi(documentRoute, (request) =>
    request.json(
      documentSchema.parse(openApiDocument(app, context.version, publicPrefix(request) || "/")),
      200,
    ),
  );
};
