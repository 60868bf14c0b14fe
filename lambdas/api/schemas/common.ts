/** Shapes that several calls share: ids, paging, problem documents. */
import * as z from "../zod.ts";
import {
  accountIdSchema,
  evaluationIdSchema,
  instanceIdSchema,
  targetIdSchema,
} from "../../../core/model/ids.ts";
import { regionSchema, servedRegionSchema } from "../../../core/model/partition.ts";
import { problemMediaType } from "../problem.ts";

export const accountIdField = accountIdSchema.meta({
  description: "AWS account id of the customer, 12 digits.",
  example: "444455556666",
});
export const instanceIdField = instanceIdSchema.meta({
  description: "EC2 instance id.",
  example: "i-0a1b2c3d4e5f60718",
});
export const targetIdField = targetIdSchema.meta({
  description: "Id of the target, given by us at registration.",
  example: "tgt-01j9z0x3k4m5n6p7q8r9",
});
export const evaluationIdField = evaluationIdSchema.meta({
  description: "Id of the evaluation; also the name of its workflow execution.",
  example: "evl-01j9z0x3k4m5n6p7q8r9",
});
export const regionField = regionSchema.meta({
  description: "AWS region.",
  example: "eu-central-1",
});

/** In a request. */
export const servedRegionField = servedRegionSchema.meta({
  description:
    "AWS region of partition `aws`. China, GovCloud (US) and the other partitions are not served.",
  example: "eu-central-1",
});

export const timeField = (description: string) =>
  z.iso.datetime().meta({ description: `${description} ISO 8601, UTC.` });

export const accountParams = z.strictObject({ id: accountIdField });
export const evaluationParams = z.strictObject({ id: evaluationIdField });
export const targetParams = z.strictObject({
  id: z
    .union(
      [targetIdSchema, instanceIdSchema],
      "must be a target id (tgt-…) or an EC2 instance id (i-…)",
    )
    .meta({
      description: "Target id, or the EC2 instance id that the target has now.",
      example: "tgt-01j9z0x3k4m5n6p7q8r9",
    }),
});

/** Bounds of a page: one read of the table stays far below DynamoDB's 1 MB, and an answer below Lambda's 6 MB. */
const largestPage = 100;
const usualPage = 50;

/** @param largest at most 9,999 */
export const pageQueryUpTo = (largest: number) => {
  const message = `must be a whole number from 1 to ${String(largest)}`;
  return {
    limit: z
      .string()
      .regex(/^[1-9]\d{0,3}$/, message)
      .transform(Number)
      .refine((limit) => limit <= largest, { message })
      .default(usualPage)
      .meta({
        type: "integer",
        minimum: 1,
        maximum: largest,
        default: usualPage,
        description: `Entries per page, 1 to ${String(largest)}.`,
        example: usualPage,
      }),
    cursor: z
      .string()
      .min(1)
      .max(2048)
      .exactOptional()
      .meta({ description: "`cursor` of the page before. Opaque." }),
  };
};

export const pageQuery = pageQueryUpTo(largestPage);

export const pageOf = <Entry extends z.ZodType>(entry: Entry, name: string) =>
  z
    .strictObject({
      items: z.array(entry).meta({ description: "The entries of this page." }),
      cursor: z
        .string()
        .exactOptional()
        .meta({ description: "To be passed for the next page; absent on the last one." }),
    })
    .meta({ id: name, description: "One page of a list." });

/** IETF draft-ietf-httpapi-idempotency-key-header; visible ASCII, so that it can stand in a table key. */
export const idempotencyHeaders = z.object({
  "idempotency-key": z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/, "must be 1 to 128 visible ASCII characters")
    .exactOptional()
    .meta({
      description:
        "Makes the request safe to repeat for 24 hours: the same key with the same request gives the same response, with another request 422, and 409 while the first one is being worked on.",
      example: "0d9f6a4e-7a53-4b9e-9d2c-3f8f0c1a2b3c",
    }),
});

const problemSchema = z
  .looseObject({
    type: z.string().meta({ description: "URN of the kind of problem." }),
    title: z.string().meta({ description: "What the kind means." }),
    status: z.int().meta({ description: "HTTP status." }),
    detail: z.string().meta({ description: "What went wrong here, and what to do." }),
    instance: z.string().meta({ description: "Path of the request." }),
    errors: z
      .array(
        z.strictObject({
          field: z.string().meta({ description: "Dotted path in the body, or parameter name." }),
          message: z.string().meta({ description: "What is wrong with it." }),
        }),
      )
      .exactOptional()
      .meta({ description: "One entry per field at fault." }),
    evaluation_id: z.string().exactOptional().meta({
      description: "The evaluation that stands in the way: it runs, or has left something open.",
    }),
  })
  .meta({
    id: "Problem",
    description: "RFC 9457 problem document.",
    example: {
      type: "urn:spot-optimizer:problem:invalid-body",
      title: "The body is not valid",
      status: 422,
      detail: "policy_overrides.max_risk: must be at most 1",
      instance: "/api/v1/lab/instances",
      errors: [{ field: "policy_overrides.max_risk", message: "must be at most 1" }],
    },
  });

const gatewayMessageSchema = z
  .looseObject({ message: z.string().meta({ description: "What API Gateway says." }) })
  .meta({ id: "GatewayMessage", description: "API Gateway's own answer." });

/** What does not fit into an invocation does not come to us. */
const gatewayMessage = (status: ProblemStatus) =>
  status === 413 ? { "application/json": { schema: gatewayMessageSchema } } : {};

const problem = (status: ProblemStatus) => ({
  description: problemDescriptions[status],
  content: { [problemMediaType]: { schema: problemSchema }, ...gatewayMessage(status) },
});

const problemDescriptions = {
  400: "A path, query or header parameter, or the JSON itself, is not valid.",
  403: "Deployed: API Gateway named no IAM caller. Of an approval: the caller may not give it.",
  404: "There is no such thing.",
  405: "The path does not take this method; `Allow` names those that it takes.",
  409: "The request does not fit the present state.",
  413: "The body is larger than 64 KiB (a model file: 4 MiB).",
  415: "The body is not application/json.",
  422: "The body is not valid, or asks for what is not available.",
  500: "The request failed inside the product; the log of the API has the cause.",
  502: "AWS refused a call: a permission is missing, or the customer's role can't be assumed.",
  503: "AWS or the state table did not answer; try again.",
} as const;

type ProblemStatus = keyof typeof problemDescriptions;

/** What any call may be answered. */
const always = [403, 405, 500, 503] as const;

/** Problem responses of a route, for the document. Routes throw them; the app renders them. */
export const problems = (...statuses: readonly Exclude<ProblemStatus, (typeof always)[number]>[]) =>
  Object.fromEntries(
    [...always, ...statuses]
      .toSorted((one, other) => one - other)
      .map((status) => [String(status), problem(status)]),
  ) as Record<string, ReturnType<typeof problem>>;

export const json = <Schema extends z.ZodType>(description: string, schema: Schema) => ({
  description,
  content: { "application/json": { schema } },
});

export const jsonBody = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true as const,
  content: { "application/json": { schema } },
});
