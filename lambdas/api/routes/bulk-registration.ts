/** Register many instances at once. */
import { createRoute } from "@hono/zod-openapi";
import { answerOnce } from "../answer-once.ts";
import { audit } from "../audit-trail.ts";
import { registerMany } from "../bulk-registration.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { registeredManySchema, registerManySchema } from "../schemas/bulk-registration.ts";
import { idempotencyHeaders, json, jsonBody, problems } from "../schemas/common.ts";

const registerManyRoute = createRoute({
  method: "post",
  path: "/lab/instances/bulk",
  tags: ["targets"],
  operationId: "registerMany",
  summary: "Register many instances, by ids, by tags, or from a preflight",
  description:
    "Always in shadow mode: verdicts are recorded and nothing is touched, until a person ends it target by target. EC2 is asked once for all. What an instance is registered as, its AWS tags say: a member of an Auto Scaling group as that group, a node of a managed node group as that node group with all its nodes, a node of a group that its owner manages as the nodes of that group; any other one by itself. Each has an answer of its own; one that is refused hinders no other, and what is registered already is not registered again. From a preflight: all of an outcome, page by page, or subjects by their ids; what has changed since, EC2 says now.",
  request: { headers: idempotencyHeaders, body: jsonBody(registerManySchema) },
  responses: {
    200: json("An answer for each.", registeredManySchema),
    ...problems(400, 404, 409, 413, 415, 422, 502),
  },
});

export const addBulkRegistrationRoute = (app: ApiApp, context: ApiContext): void => {
  app.openapi(registerManyRoute, async (request) => {
    const body = request.req.valid("json");
    const answer = await answerOnce(context, request, {
      schema: registeredManySchema,
      status: 200,
      body,
      newReference: context.randomId,
      act: async (reference) => {
        const registered = await registerMany(context, body, reference);
        await audit(context, request, {
          action: "CREATE_TARGETS",
          resource: `account ${body.account_id}`,
          detail: {
            ...body,
            targetIds: registered.items.flatMap(({ outcome, target_id: id }) =>
              outcome === "REGISTERED" && id !== undefined ? [id] : [],
            ),
          },
        });
        return registered;
      },
    });
    return request.json(answer, 200);
  });
};
