/** The registry of risk models. */
import { createRoute } from "@hono/zod-openapi";
import { answerOnce } from "../answer-once.ts";
import { audit } from "../audit-trail.ts";
import { actorOf } from "../caller.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import {
  addCandidate,
  archiveModel,
  graduateModel,
  listAllModels,
  showModel,
} from "../model-registry.ts";
import { locationOf } from "../public-path.ts";
import { idempotencyHeaders, json, jsonBody, problems } from "../schemas/common.ts";
import {
  graduateModelSchema,
  modelJson,
  modelListQuery,
  modelPageSchema,
  modelParams,
  modelSchema,
  registerModelSchema,
  rejectModelSchema,
} from "../schemas/models.ts";

const tags = ["models"];

const listModelsRoute = createRoute({
  method: "get",
  path: "/models",
  tags,
  operationId: "listModels",
  summary: "List the risk models",
  description: "The built-in ones first, then the registered ones, oldest first.",
  request: { query: modelListQuery },
  responses: { 200: json("A page of models.", modelPageSchema), ...problems(400) },
});

const getModelRoute = createRoute({
  method: "get",
  path: "/models/{version}",
  tags,
  operationId: "getModel",
  summary: "Show a risk model",
  request: { params: modelParams },
  responses: { 200: json("The model.", modelSchema), ...problems(400, 404) },
});

const registerModelRoute = createRoute({
  method: "post",
  path: "/models",
  tags,
  operationId: "registerModel",
  summary: "Register a risk model as a candidate",
  description:
    "The body is the model file, at most 4 MiB. A version never changes: the same file again gives the same answer, another file under the same version 409. An ONNX model is tried out on one row.",
  request: { headers: idempotencyHeaders, body: jsonBody(registerModelSchema) },
  responses: {
    201: json("The model.", modelSchema),
    ...problems(400, 409, 413, 415, 422),
  },
});

const graduateModelRoute = createRoute({
  method: "post",
  path: "/models/{version}/graduate",
  tags,
  operationId: "graduateModel",
  summary: "Let a candidate judge targets of any account",
  description:
    "Needs the metrics of its file. Refused, with the figures, when the Brier score does not beat always saying the base rate, unless force is set.",
  request: {
    params: modelParams,
    headers: idempotencyHeaders,
    body: jsonBody(graduateModelSchema),
  },
  responses: {
    200: json("The model as it is now.", modelSchema),
    ...problems(400, 404, 409, 413, 415, 422),
  },
});

const rejectModelRoute = createRoute({
  method: "post",
  path: "/models/{version}/reject",
  tags,
  operationId: "rejectModel",
  summary: "Archive a model for good",
  description:
    "Targets that have it are refused at their next evaluation, until another one is assigned. Replays of what it judged stay possible.",
  request: {
    params: modelParams,
    headers: idempotencyHeaders,
    body: jsonBody(rejectModelSchema),
  },
  responses: {
    200: json("The model as it is now.", modelSchema),
    ...problems(400, 404, 409, 413, 415, 422),
  },
});

const addReadRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(listModelsRoute, async (request) =>
    request.json(await listAllModels(context, request.req.valid("query")), 200),
  );
  app.openapi(getModelRoute, async (request) =>
    request.json(await showModel(context, request.req.valid("param").version), 200),
  );
};

const addRegisterRoute = (app: ApiApp, context: ApiContext): void => {
  app.openapi(registerModelRoute, async (request) => {
    const file = request.req.valid("json");
    const registered = await answerOnce(context, request, {
      schema: modelSchema,
      status: 201,
      body: file,
      newReference: () => `model-${context.randomId()}`,
      act: async () => {
        const model = await addCandidate(context, file, actorOf(context, request));
        await audit(context, request, {
          action: "REGISTER_MODEL",
          resource: `risk model ${model.version}`,
          detail: { kind: model.kind, digest: model.digest },
        });
        return modelJson(model);
      },
    });
    request.header("location", locationOf(request, `/models/${registered.version}`));
    return request.json(registered, 201);
  });
};

const addGraduateRoute = (app: ApiApp, context: ApiContext): void => {
  app.openapi(graduateModelRoute, async (request) => {
    const { version } = request.req.valid("param");
    const body = request.req.valid("json");
    const by = actorOf(context, request);
    const graduated = await answerOnce(context, request, {
      schema: modelSchema,
      status: 200,
      body,
      newReference: () => `model-${context.randomId()}`,
      act: async () => {
        const { reason, force = false } = body;
        const model = await graduateModel(context, { version, by, reason, force });
        await audit(context, request, {
          action: "GRADUATE_MODEL",
          resource: `risk model ${version}`,
          detail: body,
        });
        return modelJson(model);
      },
    });
    return request.json(graduated, 200);
  });
};

const addRejectRoute = (app: ApiApp, context: ApiContext): void => {
  app.openapi(rejectModelRoute, async (request) => {
    const { version } = request.req.valid("param");
    const body = request.req.valid("json");
    const by = actorOf(context, request);
    const archived = await answerOnce(context, request, {
      schema: modelSchema,
      status: 200,
      body,
      newReference: () => `model-${context.randomId()}`,
      act: async () => {
        const model = await archiveModel(context, { version, by, reason: body.reason });
        await audit(context, request, {
          action: "REJECT_MODEL",
          resource: `risk model ${version}`,
          detail: body,
        });
        return modelJson(model);
      },
    });
    return request.json(archived, 200);
  });
};

export const addModelRoutes = (app: ApiApp, context: ApiContext): void => {
  addReadRoutes(app, context);
  addRegisterRoute(app, context);
  addGraduateRoute(app, context);
  addRejectRoute(app, context);
};
