/** Body and answer of the registration of many. */
import * as z from "../zod.ts";
import { accountIdField, instanceIdField, servedRegionField, targetIdField } from "./common.ts";
import { tagFilterSchema } from "./tag-filter.ts";
import { pipelineModeField } from "./targets.ts";
import { text } from "./verdict.ts";

/** A few writes for each, one after the other: far within the half minute that API Gateway waits. */
export const mostAtOnce = 100;

const tagsField = tagFilterSchema.meta({
  description:
    "Instances that have all of these tags, value for value; those that have ended are left out.",
  example: { team: "payments" },
});

export const registerManySchema = z
  .strictObject({
    account_id: accountIdField,
    region: servedRegionField,
    instance_ids: z
      .array(instanceIdField)
      .min(1)
      .max(mostAtOnce)
      .refine((ids) => new Set(ids).size === ids.length, "names an instance twice")
      .exactOptional()
      .meta({ description: `Up to ${String(mostAtOnce)} instances.` }),
    tags: tagsField.exactOptional(),
    cursor: z.string().min(1).max(2048).exactOptional().meta({
      description: "With `tags`: `cursor` of the answer before. Opaque.",
    }),
  })
  .refine((body) => (body.instance_ids === undefined) !== (body.tags === undefined), {
    path: ["instance_ids"],
    message: "either instance_ids or tags must be given, and not both",
  })
  .refine((body) => body.cursor === undefined || body.tags !== undefined, {
    path: ["cursor"],
    message: "goes with tags",
  })
  .meta({ id: "RegisterMany", description: "What is to be registered, by ids or by tags." });
export type RegisterManyJson = z.infer<typeof registerManySchema>;

const registrationSchema = z
  .strictObject({
    instance_id: instanceIdField,
    outcome: z.enum(["REGISTERED", "ALREADY_REGISTERED", "REFUSED"]).meta({
      description:
        "REGISTERED: by this request, in shadow mode. ALREADY_REGISTERED: it, or the group that it belongs to, was so before, perhaps by another instance of this request.",
    }),
    target_id: targetIdField.exactOptional(),
    pipeline_mode: pipelineModeField.exactOptional(),
    subject: text("What the target is about: the instance, its group or its node group.")
      .exactOptional()
      .meta({ example: "group web-blue" }),
    detail: text("Why it is refused, and what to do.").exactOptional(),
  })
  .meta({ id: "Registration", description: "The answer for one instance." });

const count = (description: string) => z.int().nonnegative().meta({ description });

export const registeredManySchema = z
  .strictObject({
    items: z.array(registrationSchema).meta({
      description: "An answer for each, in the order of `instance_ids` or as EC2 lists them.",
    }),
    registered: count("How many were registered."),
    already_registered: count("How many were so before."),
    refused: count("How many were refused."),
    cursor: z.string().exactOptional().meta({
      description:
        "There may be more with these tags: to be passed with the same body; absent where there are none.",
    }),
  })
  .meta({ id: "RegisteredMany", description: "What was registered, item by item." });
export type RegisteredManyJson = z.infer<typeof registeredManySchema>;
export type RegistrationJson = z.infer<typeof registrationSchema>;
