/** The answer of a verification: what was proved of an account's role, and what was found of the keys of its targets. */
import * as z from "../zod.ts";
import { features } from "../../access/features.ts";
import { accountIdField, regionField, timeField } from "./common.ts";

const checkSchema = z
  .strictObject({
    check: z
      .enum(["role_assumable", "external_id_enforced", "permissions_granted"])
      .meta({ description: "What was to be proved." }),
    outcome: z.enum(["PASSED", "FAILED", "SKIPPED"]).meta({
      description: "SKIPPED: an earlier check failed, so that this one could not be made.",
    }),
    code: z
      .enum([
        "role_not_assumable",
        "external_id_not_enforced",
        "region_not_enabled",
        "permissions_missing",
      ])
      .exactOptional()
      .meta({ description: "Why it failed." }),
    message: z.string().meta({ description: "What was found, and what to do." }),
  })
  .meta({ id: "AccountCheck", description: "One proof of the verification." });

const permissionSchema = z
  .strictObject({
    action: z.string().meta({ description: "IAM action.", example: "ec2:RunInstances" }),
    region: regionField,
    reason: z.string().exactOptional().meta({ description: "What AWS said." }),
  })
  .meta({ id: "Permission", description: "An action in a region." });

const featureGrantSchema = z
  .strictObject({
    feature: z.enum(features).meta({
      description:
        "What the part is for. What proves `events` is that one has come: it is GRANTED, or UNPROVED in these regions. What proves `notices` is that a topic has taken one: send a test notice.",
    }),
    status: z.enum(["GRANTED", "UNPROVED", "INCOMPLETE", "ABSENT", "SKIPPED"]).meta({
      description:
        "GRANTED: the part is there, and nothing was refused. UNPROVED: nothing was refused, and nothing proves that the part is there; verify again with a tagged target. INCOMPLETE: the part is there, and lacks permissions. ABSENT: refused, and nothing proves that the part is there; the customer left it out. SKIPPED: the role can't be assumed.",
    }),
    missing: z.array(permissionSchema).meta({
      description:
        "Refused by AWS in a dry run. Of an INCOMPLETE part: update the customer's stack.",
    }),
    unproved: z.array(permissionSchema).meta({
      description:
        "AWS offers no dry run for these, nothing was there to try them on, or AWS answered neither yes nor no.",
    }),
  })
  .meta({ id: "FeatureGrant", description: "What was found of one part of the role." });

const verifiedKeySchema = z
  .strictObject({
    key_id: z.string().meta({
      description: "ARN of a KMS key.",
      example: "arn:aws:kms:eu-central-1:444455556666:key/0d990263-018e-4e65-a703-eff731de951e",
    }),
    region: regionField,
    volumes: z.array(z.string()).meta({
      description:
        "Volumes of registered instances that are encrypted under it, and devices that registered groups would launch under it, with the snapshots of these.",
      example: ["vol-0a1b2c3d4e5f60718"],
    }),
    status: z.enum(["USABLE", "UNUSABLE", "UNREAD"]).meta({
      description:
        "UNUSABLE: its targets are refused until it is mended. UNREAD: it, its policy or its grants may not be read; its targets are not refused for that.",
    }),
    message: z.string().meta({ description: "What was found, and what to do." }),
  })
  .meta({
    id: "VerifiedKey",
    description: "A key of encrypted volumes, as a switch would find it.",
  });

const snapshotRoomSchema = z
  .strictObject({
    region: regionField,
    status: z.enum(["ENOUGH", "USED_UP", "UNREAD"]).meta({
      description:
        "Whether the account may make the snapshots of a switch. USED_UP: loads with data are refused until it may. UNREAD: it could not be found out, and no target is refused for that.",
    }),
    message: z.string().meta({ description: "What was found, and what to do." }),
  })
  .meta({ id: "SnapshotRoom", description: "Room for snapshots in a region." });

const eventsSchema = z
  .strictObject({
    region: regionField,
    status: z.enum(["ARRIVED", "NONE_YET"]).meta({
      description:
        "ARRIVED: an event has come the whole way within a month. NONE_YET: none has, and nothing proves that one would; AWS alone can send one.",
    }),
    at: timeField("When the last one reached us. Absent: none has.").exactOptional(),
    message: z.string().meta({ description: "What was found, and what to do." }),
  })
  .meta({ id: "VerifiedEvents", description: "The way of events from a region to us." });

export const verificationSchema = z
  .strictObject({
    account_id: accountIdField,
    verified: z.boolean().meta({ description: "True if every check passed." }),
    status: z
      .enum(["PENDING", "ACTIVE", "DISABLED"])
      .meta({ description: "Status of the account after the verification." }),
    checked_at: timeField("When it was verified."),
    checks: z.array(checkSchema).meta({ description: "In the order in which they were made." }),
    features: z.array(featureGrantSchema).meta({ description: "One for each part of the role." }),
    on_demand_fallback: z.enum(["GRANTED", "UNPROVED", "ABSENT", "SKIPPED"]).meta({
      description:
        "Whether the role may launch On-Demand where a load on Spot needs it (AllowOnDemandFallback). ABSENT: it was left out, and no way back to On-Demand is begun. UNPROVED: verify again with a target.",
    }),
    keys: z.array(verifiedKeySchema).meta({
      description:
        "KMS keys of the encrypted volumes of registered instances, and of what registered groups would launch. They do not count for `verified`.",
    }),
    keys_are_part: z.boolean().meta({
      description: "Whether there are more targets or keys than were looked at.",
    }),
    snapshots: z.array(snapshotRoomSchema).meta({
      description: "One for each region. They do not count for `verified`.",
    }),
    events: z.array(eventsSchema).meta({
      description: "One for each region. They do not count for `verified`.",
    }),
  })
  .meta({ id: "Verification", description: "What was proved of an account's role." });
export type VerificationJson = z.infer<typeof verificationSchema>;
