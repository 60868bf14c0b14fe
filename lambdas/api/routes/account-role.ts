/** The customer's role: the template that makes it, and the proof that it is as it should be. */
import { createRoute } from "@hono/zod-openapi";
import * as z from "../zod.ts";
import { answerOnce } from "../answer-once.ts";
import { audit } from "../audit-trail.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { emptyBodySchema, optionalJsonBody, readOptionalBody } from "../request-body.ts";
import { regionTemplateYaml, roleTemplateYaml } from "../role-template.ts";
import { verificationSchema } from "../schemas/verification.ts";
import { accountParams, idempotencyHeaders, json, problems } from "../schemas/common.ts";
import { verifyAccount } from "../verify-account.ts";
import { requireAccount } from "./accounts.ts";

const tags = ["accounts"];
const yamlMediaType = "application/yaml";

const templateQuery = z.strictObject({
  only: z
    .literal("events")
    .optional()
    .meta({ description: "For a further region of the account." }),
});

const roleTemplateRoute = createRoute({
  method: "get",
  path: "/accounts/{id}/role-template",
  tags,
  operationId: "getRoleTemplate",
  summary: "CloudFormation template of the customer role",
  description:
    "Least privilege, with the ExternalId of the account inside. A managed policy for each feature, and a rule for each kind of event that is forwarded; a parameter leaves one out. An account has the role once: in its further regions `only=events` forwards events, and keeps deleted waste in the Recycle Bin where that part is chosen.",
  request: { params: accountParams, query: templateQuery },
  responses: {
    200: {
      description: "The template.",
      content: {
        [yamlMediaType]: {
          schema: z.looseObject({}).meta({ description: "A CloudFormation template." }),
        },
      },
    },
    ...problems(400, 404),
  },
});

const verifyRoute = createRoute({
  method: "post",
  path: "/accounts/{id}/verify",
  tags,
  operationId: "verifyAccount",
  summary: "Prove that the customer role is as it should be",
  description:
    "Proves that the role can be assumed, that it can't be without the ExternalId, and that the permissions of each feature are there (by dry run where AWS has one). A feature that the customer left out is not a failure; one that is there in part is. A passed verification makes a PENDING account ACTIVE.",
  request: {
    params: accountParams,
    headers: idempotencyHeaders,
    body: optionalJsonBody("EmptyBody"),
  },
  responses: {
    200: json("What was proved, and what is missing.", verificationSchema),
    ...problems(400, 404, 409, 413, 415, 422),
  },
});

export const addAccountRoleRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(roleTemplateRoute, async (request) => {
    const account = await requireAccount(context, request.req.valid("param").id);
    const { trustedRolePattern, eventBusArn } = context;
    const isRole = request.req.valid("query").only === undefined;
    const yaml = isRole
      ? await roleTemplateYaml({ account, trustedRolePattern, eventBusArn })
      : await regionTemplateYaml({ account, eventBusArn });
    return request.body(yaml, 200, {
      "content-type": yamlMediaType,
      // It holds the ExternalId.
      "cache-control": "no-store",
    });
  });
  app.openapi(verifyRoute, async (request) => {
    const { id } = request.req.valid("param");
    const body = await readOptionalBody(request, emptyBodySchema);
    const verification = await answerOnce(context, request, {
      schema: verificationSchema,
      status: 200,
      body,
      newReference: () => `verify-${context.randomId()}`,
      act: async (sessionName) => {
        const account = await requireAccount(context, id);
        const result = await verifyAccount(context, account, sessionName);
        await audit(context, request, {
          action: "VERIFY_ACCOUNT",
          resource: `account ${id}`,
          detail: { verified: result.verified, status: result.status },
        });
        return result;
      },
    });
    return request.json(verification, 200);
  });
};
