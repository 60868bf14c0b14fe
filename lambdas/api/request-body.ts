/** Bodies that may be absent. Required ones are read and checked by the route's own validator. */
import * as z from "./zod.ts";
import type { ApiRequest } from "./context.ts";
import { ApiProblem, faultsOf, invalid } from "./problem.ts";

/** API Gateway passes 10 MB; but for model files the largest body that makes sense is a policy of a few KiB. */
export const largestBodyBytes = 64 * 1024;

/** 4 MiB: with what API Gateway adds and escapes it stays under the 6 MB of a Lambda invocation. */
export const largestModelBytes = 4 * 1024 * 1024;

/** For calls that take no body: anything in one is refused, not ignored. */
export const emptyBodySchema = z
  .strictObject({})
  .meta({ id: "EmptyBody", description: "No fields; the body may be left out." });

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ApiProblem(
      "malformed-json",
      `The body is not JSON: ${error instanceof Error ? error.message : "it can't be parsed"}.`,
    );
  }
};

/** No body counts as `{}`. Throws problems 400, 415 and 422. */
export const readOptionalBody = async <Schema extends z.ZodType>(
  request: ApiRequest,
  schema: Schema,
): Promise<z.output<Schema>> => {
  const text = await request.req.text();
  const present = text.trim() !== "";
  const mediaType = request.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (present && mediaType !== "application/json") {
    throw new ApiProblem("unsupported-media-type", "The body must be application/json.");
  }
  const parsed = schema.safeParse(present ? parseJson(text) : {});
  if (!parsed.success) throw invalid("body", faultsOf(parsed.error));
  return parsed.data;
};

/** For the document: by reference, so that the route's own validator, which wants a body, leaves it to us. */
export const optionalJsonBody = (name: string) => ({
  required: false as const,
  content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } },
});
