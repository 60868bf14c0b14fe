/** Which risk model judges a target. */
import { createRoute } from "@hono/zod-openapi";
import { updateTarget } from "../../../adapters/store/targets.ts";
import { judgeModelUse } from "../../../core/decide/models/model-assignment.ts";
import type { Target } from "../../../core/model/target.ts";
import { readModelStanding } from "../../judge/model-standing.ts";
import { audit } from "../audit-trail.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { ApiProblem, invalid } from "../problem.ts";
import { json, jsonBody, problems, targetParams } from "../schemas/common.ts";
import { assignModelSchema } from "../schemas/models.ts";
import { targetJson, targetSchema } from "../schemas/targets.ts";
import { requireTarget } from "../target-registration.ts";
import { requireAccount } from "./accounts.ts";

const assignModelRoute = createRoute({
  method: "put",
  path: "/lab/instances/{id}/model",
  tags: ["models"],
  operationId: "assignModel",
  summary: "Assign a risk model to a target",
  description:
    "A candidate may judge targets of LAB accounts only, an archived model none. The rule is asked again by each evaluation; a running one goes on with the model that it was started with.",
  request: { params: targetParams, body: jsonBody(assignModelSchema) },
  responses: {
    200: json("The target as changed.", targetSchema),
    ...problems(400, 404, 409, 413, 415, 422),
  },
});

/** Throws the problem 422 for an unknown version, and 409 for one that may not judge there. */
const requireUsable = async (
  context: ApiContext,
  target: Target,
  version: string,
): Promise<void> => {
  const standing = await readModelStanding(context.table, version);
  if (standing.status === "unknown") {
    const message = `there is no risk model ${version}; GET /models lists them`;
    throw invalid("body", [{ field: "model_version", message }]);
  }
  const { environment } = await requireAccount(context, target.accountId);
  const use = judgeModelUse(standing, environment);
  if (use.kind === "ALLOWED") return;
  throw new ApiProblem("conflict", `${use.sentence} Next: ${use.nextStep}`, {
    errors: [{ field: "model_version", message: `${version} may not judge this target` }],
  });
};

const withModel = (target: Target, version: string | null, now: string): Target => {
  const { modelVersion: _former, ...others } = target;
  return { ...others, ...(version === null ? {} : { modelVersion: version }), updatedAt: now };
};

export const addTargetModelRoute = (app: ApiApp, context: ApiContext): void => {
  app.openapi(assignModelRoute, async (request) => {
    const body = request.req.valid("json");
    const version = body.model_version;
    const target = await requireTarget(context, request.req.valid("param").id);
    if (version !== null) await requireUsable(context, target, version);
    const now = context.now().toISOString();
    const changed = await updateTarget(context.table, target.targetId, (stored) =>
      withModel(stored, version, now),
    );
    await audit(context, request, {
      action: "ASSIGN_MODEL",
      resource: `target ${target.targetId}`,
      detail: body,
    });
    return request.json(targetJson(changed), 200);
  });
};
