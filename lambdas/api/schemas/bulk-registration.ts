/** Body and answer of the registration of many. */
import * as z from "../zod.ts";
import { accountIdField, instanceIdField, servedRegionField, targetIdField } from "./common.ts";
import { preflightIdField } from "./preflight.ts";
import { outcomeField } from "./preflight-totals.ts";
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

const given = (...members: readonly unknown[]): number =>
  members.filter((member) => member !== undefined).length;

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
    preflight_id: preflightIdField.exactOptional().meta({
      description:
        "What a preflight of the account has found in the region, once it is DONE there.",
    }),
    outcome: outcomeField
      .exactOptional()
      .meta({ description: "With `preflight_id`: all of this outcome." }),
    subject_ids: z
      .array(z.string().min(1).max(512))
      .min(1)
      .max(mostAtOnce)
      .refine((ids) => new Set(ids).size === ids.length, "names a subject twice")
      .exactOptional()
      .meta({
        description: `With \`preflight_id\`: up to ${String(mostAtOnce)} of its subjects, by their \`id\`.`,
      }),
    cursor: z.string().min(1).max(2048).exactOptional().meta({
      description: "With `tags` or `outcome`: `cursor` of the answer before. Opaque.",
    }),
  })
  .refine(({ instance_ids: ids, tags, preflight_id: id }) => given(ids, tags, id) === 1, {
    path: ["instance_ids"],
    message: "one of instance_ids, tags and preflight_id must be given, and only one",
  })
  .refine(
    ({ preflight_id: id, outcome, subject_ids: ids }) =>
      given(outcome, ids) === (id === undefined ? 0 : 1),
    {
      path: ["preflight_id"],
      message: "goes with outcome or subject_ids, one of both, and these with nothing else",
    },
  )
  .refine(({ cursor, tags, outcome }) => cursor === undefined || given(tags, outcome) > 0, {
    path: ["cursor"],
    message: "goes with tags or outcome",
  })
  .meta({
    id: "RegisterMany",
    description: "What is to be registered: by ids, by tags, or from a preflight.",
  });
export type RegisterManyJson = z.infer<typeof registerManySchema>;

const registrationSchema = z
  .strictObject({
    instance_id: instanceIdField
      .exactOptional()
      .meta({ description: "By which it is registered. Absent: there is none." }),
    subject_id: text("Of a preflight's subject: its id.").exactOptional(),
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
  .meta({
    id: "Registration",
    description: "The answer for one instance, or for one subject of a preflight.",
  });

const count = (description: string) => z.int().nonnegative().meta({ description });

export const registeredManySchema = z
  .strictObject({
    items: z.array(registrationSchema).meta({
      description:
        "An answer for each, in the order of `instance_ids` or `subject_ids`, or as EC2 or the preflight lists them.",
    }),
    registered: count("How many were registered."),
    already_registered: count("How many were so before."),
    refused: count("How many were refused."),
    cursor: z.string().exactOptional().meta({
      description:
        "There may be more with these tags, or of this outcome: to be passed with the same body; absent where there are none.",
    }),
  })
  .meta({ id: "RegisteredMany", description: "What was registered, item by item." });
export type RegisteredManyJson = z.infer<typeof registeredManySchema>;
export type RegistrationJson = z.infer<typeof registrationSchema>;
