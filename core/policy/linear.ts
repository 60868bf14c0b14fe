/** Limits of one instance whose identity and data move to its replacement, with a downtime. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { hooksSchema } from "./command.ts";
import { everyMode, limit } from "./limit.ts";

export const consistencySchema = z.enum(["stateless", "stop-and-image", "move-volumes"]);
export type Consistency = z.infer<typeof consistencySchema>;

/** Identity that cannot move; each must be accepted by name before an instance that has it is touched. */
export const acceptableChangeSchema = z.enum(["primary-private-ip", "public-ip", "ipv6"]);

export const rootTransferSchema = z.enum(["replace-root-volume", "relaunch", "move-root-volume"]);
export type RootTransfer = z.infer<typeof rootTransferSchema>;

/** What the owner must agree to by name. */
const consents = atFirstUse(() => ({
  acceptChangeOf: limit(z.array(acceptableChangeSchema).max(3).default([]), {
    unit: "kinds",
    reason: "Identity that AWS cannot move; nothing is accepted unless the owner says so.",
    modes: ["LINEAR"],
  }),
  allowProdLinear: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason: "LINEAR means a downtime; a PROD owner must ask for it.",
    modes: ["LINEAR"],
  }),
  allowMoves: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason:
      "What stands on Spot is moved to another Spot pool where that is worth it. A one-time Spot Instance can't be stopped: a move ends it, and a load with data is down meanwhile. Going back to On-Demand needs no such consent.",
    modes: ["LINEAR"],
  }),
  acceptIacDrift: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason:
      "The instance, or the group, bears a tag of Terraform, CloudFormation and the like, whose state will name an instance that is replaced, or whose next run sets the group's sizes and ends Spot members; the owner brings it after. Where such a tool makes a lost Spot Instance anew its recovery stops.",
    modes: everyMode,
  }),
  acceptUnsecuredReturn: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason:
      "Where EC2 refuses the reservation of hold_return_capacity the original is stopped all the same; whether it can start again then depends on the capacity that there is.",
    modes: ["LINEAR"],
  }),
  acceptOwnerStops: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason:
      "The owner, or a scheduler of his, stops and starts the instance; its replacement, one-time Spot, can't be stopped.",
    modes: ["LINEAR"],
  }),
}));

/** How long what AWS does is waited for. */
const deadlines = atFirstUse(() => ({
  imageDeadlineMinutes: limit(z.int().min(5).max(720).default(120), {
    unit: "minutes",
    reason: "A first image of a large volume can take hours; a later one is a delta.",
    modes: ["LINEAR"],
  }),
  stopDeadlineMinutes: limit(z.int().min(1).max(60).default(15), {
    unit: "minutes",
    reason: "EC2 forces a hanging stop after some minutes itself.",
    modes: ["LINEAR"],
  }),
  recoverDeadlineMinutes: limit(z.int().min(5).max(720).default(60), {
    unit: "minutes",
    reason:
      "After an interruption the host of a load with data waits so long for the end of the Spot Instance and its volumes. EC2 forces an end after hours; the host is paid meanwhile, and then released and launched anew later.",
    modes: ["LINEAR"],
  }),
  moveDeadlineMinutes: limit(z.int().min(1).max(60).default(15), {
    unit: "minutes",
    reason:
      "Detach and attach take seconds; a volume stuck in detaching is rolled back. Counts from the last progress, four times it in all.",
    modes: ["LINEAR"],
  }),
}));

export const linearLimits = atFirstUse(() => ({
  ...consents(),
  consistency: limit(consistencySchema.default("stop-and-image"), {
    unit: "kind",
    reason: "How the data travel. The default loses no acknowledged write.",
    modes: ["LINEAR"],
  }),
  rootTransfer: limit(rootTransferSchema.default("replace-root-volume"), {
    unit: "kind",
    reason:
      "How stop-and-image brings the final root over: an image in place, another launch from it, or the volume itself. What EC2 refuses, another way does.",
    modes: ["LINEAR"],
  }),
  // The underscore keeps the number apart in the API's spelling: max_downtime_minutes_per_30_days.
  maxDowntimeMinutesPer_30Days: limit(z.number().min(0).max(1440).default(15), {
    unit: "minutes in 30 days, roll-backs counted",
    reason:
      "What a load with a downtime may lose to switches. What the next one is expected to take must fit in: six minutes, or as long as the longest that was measured.",
    modes: ["LINEAR"],
  }),
  hooks: limit(hooksSchema().default([]), {
    unit: "SSM documents",
    reason:
      "What the owner does himself around a switch: quiesce a database on the original before it is stopped, tell others once its replacement serves. Each runs once. One before the freeze that fails ends the switch before anything is stopped.",
    modes: ["LINEAR"],
  }),
  holdReturnCapacity: limit(z.boolean().default(true), {
    unit: "yes/no",
    reason:
      "While the original is stopped its On-Demand capacity is reserved, at the On-Demand price, so that a roll-back can start it. A stateless load is not stopped before its replacement serves.",
    modes: ["LINEAR"],
  }),
  ...deadlines(),
  cooloffHours: limit(z.number().min(0).max(720).default(24), {
    unit: "hours",
    reason: "The stopped original is kept this long, so that a person can go back.",
    modes: ["LINEAR"],
  }),
  snapshotDays: limit(z.number().min(0).max(365).default(7), {
    unit: "days",
    reason:
      "The last image and its snapshots outlive the original by this much, and stay as long as the load stands on Spot: the final one, or that from before the stop.",
    modes: ["LINEAR"],
  }),
}));
