/** A request that is tried without being carried out, and what it would do. */
import * as z from "../zod.ts";

export const dryRunRequestSchema = z
  .strictObject({
    method: z
      .enum(["POST", "PUT", "PATCH", "DELETE"])
      .meta({ description: "Method of the request.", example: "PUT" }),
    path: z
      .string()
      .max(2048)
      .regex(/^\/(?!dry-run(?![\w-]))[^\s#]+$/, "must be a path of another call, as /kill-switch")
      .meta({
        description: "Path of the request below `/api/v1`, with its query.",
        example: "/kill-switch",
      }),
    body: z
      .unknown()
      .exactOptional()
      .meta({
        description: "Body of the request, as its own call takes it. Absent: none.",
        example: { engaged: true, reason: "Incident 4711" },
      }),
  })
  .meta({ id: "DryRunRequest", description: "The request that is to be tried." });

const changeSchema = z.strictObject({
  path: z.string().meta({
    description: "Dotted path of what would change; empty: the whole is made or taken away.",
    example: "is_shadow_mode",
  }),
  before: z.unknown().exactOptional().meta({ description: "As it is. Absent: not there." }),
  after: z.unknown().exactOptional().meta({ description: "As it would be. Absent: not there." }),
});

export const dryRunSchema = z
  .strictObject({
    is_complete: z.boolean().meta({
      description:
        "Whether it was tried to its end. False: the request would make one of `calls`, and what AWS answers to that is not known.",
    }),
    status: z
      .int()
      .exactOptional()
      .meta({ description: "HTTP status that it would be answered with. Absent: not complete." }),
    answer: z.unknown().exactOptional().meta({
      description:
        "What it would be answered. Ids, secrets and times in it are made up for the dry run.",
    }),
    subject: z.string().exactOptional().meta({
      description: "The GET whose answer would change. Absent: no GET shows it by itself.",
      example: "/lab/instances/tgt-01j9z0x3k4m5n6p7q8r9",
    }),
    changes: z
      .array(changeSchema)
      .meta({ description: "Where the answer of that GET would differ, at most 100 places." }),
    actions: z
      .array(
        z.strictObject({
          action: z.string().meta({ description: "As the audit names it.", example: "EXEMPT" }),
          resource: z.string().meta({
            description: "What it is done to.",
            example: "account 444455556666",
          }),
        }),
      )
      .meta({ description: "What the audit would say." }),
    calls: z
      .array(
        z.strictObject({
          operation: z.string().meta({
            description: "Operation of AWS, as IAM spells it after the colon.",
            example: "StartExecution",
          }),
        }),
      )
      .meta({
        description: "Calls that change something outside the state table. None was made.",
      }),
  })
  .meta({ id: "DryRun", description: "What a request would do." });
export type DryRunJson = z.infer<typeof dryRunSchema>;
export type DryRunRequestJson = z.infer<typeof dryRunRequestSchema>;
