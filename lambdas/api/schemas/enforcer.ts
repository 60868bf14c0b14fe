/** Bodies of the enforcer's settings, and where it stands in each region. */
import * as z from "../zod.ts";
import { capOf, leftOfCap } from "../../../core/enforce/cap.ts";
import { flagsOnlyUntil } from "../../../core/enforce/grace.ts";
import {
  enforcerModes,
  incompleteReasons,
  topicArnPattern,
  type EnforcerPlace,
  type EnforcerSettings,
} from "../../../core/model/enforcer.ts";
import { snakeKeys } from "../letter-case.ts";
import { accountIdField, instanceIdField, regionField, timeField } from "./common.ts";

const fields = {
  mode: z.enum(enforcerModes).meta({
    description:
      "OFF: nothing is read. DRY_RUN: instances without an owner are flagged, nobody is told, and nothing is stopped. ON: after a week of flags alone they are stopped once their grace is over. Each switch to ON begins that week anew.",
  }),
  topic_arn: z
    .string()
    .regex(
      topicArnPattern,
      "must be the ARN of an SNS topic whose name begins with spot-optimizer-",
    )
    .exactOptional()
    .meta({
      description:
        "SNS topic in the account, to which the notices go. Its name begins with `spot-optimizer-`: the customer's role lets us publish to no other. Needed where the mode is ON; else the one of before stays where none is named, for the owners of what was stopped.",
      example: "arn:aws:sns:eu-central-1:444455556666:spot-optimizer-notices",
    }),
  allowed_tags: z
    .array(
      z.strictObject({
        key: z.string().min(1).max(128).meta({ description: "Key of the tag." }),
        value: z.string().max(256).exactOptional().meta({ description: "Absent: any." }),
      }),
    )
    .max(50)
    .default([])
    .meta({
      description: "What carries one of these has an owner.",
      example: [{ key: "team" }],
    }),
  allowed_instance_ids: z
    .array(instanceIdField)
    .max(200)
    .default([])
    .meta({ description: "These are never flagged." }),
  allowed_image_ids: z
    .array(z.string().regex(/^ami-[0-9a-f]{8,17}$/, "must be an AMI id"))
    .max(200)
    .default([])
    .meta({ description: "What runs from these is never flagged." }),
  allowed_principals: z.array(z.string().min(1).max(512)).max(200).default([]).meta({
    description:
      "What these have launched is never flagged: the requester as EC2 shows it, the tag `aws:createdBy`, the service that manages it, or the ARN of its instance profile.",
  }),
  terminate_after_days: z.int().min(1).max(365).exactOptional().meta({
    description:
      "An instance that we have stopped, and that stood stopped so long, may be terminated once persons have agreed. Absent: never.",
  }),
};

export const setEnforcerSettingsSchema = z
  .strictObject(fields)
  .refine(({ mode, topic_arn }) => mode !== "ON" || topic_arn !== undefined, {
    path: ["topic_arn"],
    message: "is missing: nothing is stopped of which nobody was told",
  })
  .meta({ id: "SetEnforcerSettings", description: "Takes the place of what was set before." });

const placeSchema = z
  .strictObject({
    region: regionField,
    complete_at: timeField("Of the last complete reading. Absent: there was none.").exactOptional(),
    incomplete: z
      .strictObject({
        at: timeField("When."),
        because: z.enum(incompleteReasons).meta({
          description:
            "NO_TAGS: EC2 showed instances without the tags that they have. NOT_READ: a call failed or was throttled.",
        }),
      })
      .exactOptional()
      .meta({ description: "A reading since then concluded nothing: it flags and counts nobody." }),
    running: z.int().exactOptional().meta({
      description: "Running instances at the last complete reading, managed ones among them.",
    }),
    by_tag_only: z.int().exactOptional().meta({
      description: "Running ones that nothing exempts but a tag that anybody may write.",
    }),
    cap: z.int().exactOptional().meta({
      description:
        "So many are stopped a day without asking: 2 % of the running ones, rounded down, 5 at most. Where more are due, none is, and persons are asked for all of them.",
    }),
    left_of_cap: z.int().exactOptional().meta({ description: "Of it, for the next 24 hours." }),
    flags_only_until: timeField(
      "Until then only flags are made: for a week from the first reading, each change of the rules, each switch to ON, and in a restored table.",
    ).exactOptional(),
    paused: z
      .strictObject({
        since: timeField("Since when."),
        newly_flagged: z.int().meta({ description: "Instances that the changed rules flag." }),
      })
      .exactOptional()
      .meta({
        description:
          "Changed rules flag more than a tenth of the running instances: nobody is told and nothing is stopped until the settings are set again.",
      }),
  })
  .meta({ id: "EnforcerPlace", description: "Where the enforcer stands in a region." });

export const enforcerSchema = z
  .strictObject({
    account_id: accountIdField,
    ...fields,
    on_since: timeField("Since when it is ON.").exactOptional(),
    updated_at: timeField("When it was set. Absent: never, and it is off.").exactOptional(),
    places: z.array(placeSchema).meta({ description: "Regions that were read." }),
  })
  .meta({ id: "Enforcer", description: "The enforcer of an account." });

const placeJson = (place: EnforcerPlace, now: Date): z.infer<typeof placeSchema> => {
  const { region, completeAt, incomplete, running, byTagOnly, paused } = place;
  const until = flagsOnlyUntil(place);
  return {
    region,
    ...(completeAt !== undefined && { complete_at: completeAt }),
    ...(incomplete !== undefined && { incomplete }),
    ...(running !== undefined && {
      running,
      cap: capOf(running),
      left_of_cap: leftOfCap(place, now),
    }),
    ...(byTagOnly !== undefined && { by_tag_only: byTagOnly }),
    ...(until !== undefined && { flags_only_until: until }),
    ...(paused !== undefined && {
      paused: { since: paused.since, newly_flagged: paused.newlyFlagged },
    }),
  };
};

const off = {
  mode: "OFF" as const,
  allowedTags: [],
  allowedInstanceIds: [],
  allowedImageIds: [],
  allowedPrincipals: [],
};

/** `settings`: undefined where nobody has set any. */
export const enforcerJson = (
  accountId: EnforcerPlace["accountId"],
  {
    settings,
    places,
    now,
  }: {
    readonly settings: EnforcerSettings | undefined;
    readonly places: readonly EnforcerPlace[];
    readonly now: Date;
  },
): z.infer<typeof enforcerSchema> => {
  const { setBy: _known, ...shown } = settings ?? { ...off, setBy: undefined };
  return {
    account_id: accountId,
    ...snakeKeys(shown),
    places: places
      .filter((place) => place.accountId === accountId)
      .map((place) => placeJson(place, now)),
  };
};
