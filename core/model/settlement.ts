/** What became of something that was due: a retired original, an image that has expired, its capacity, a setting of a group or a mark on a node that was not put back in time. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { settingKinds } from "./intents/group.ts";
import { markKinds } from "./intents/node.ts";

/** Why something due is left to its owner for good. */
export const keepingReasons = [
  /** It runs again, beside its successor. */
  "STARTED_AGAIN",
  /** It was started and stopped again since: it may hold writes. */
  "USED_SINCE",
  /** Our tag of this very retirement is not there, or says something else. */
  "TAG_CHANGED",
  /** It carries the tags of another evaluation or deployment. */
  "NOT_OURS",
  /** It is the instance that serves the target now. */
  "SERVES",
  /** Its owner protects it from termination. */
  "PROTECTED",
  /** Something was attached to it, or launched from it, that is not of this switch. */
  "IN_USE",
  /** A target group has it. */
  "REGISTERED",
  /** By its tags a service, a tool or a schedule of its owner has it, and he has not consented, or no longer does. */
  "OWNED_BY_OTHERS",
  /** Other accounts may use it. */
  "SHARED",
  /** Its owner has set it to something else since: that stands. */
  "CHANGED_SINCE",
  /** The account was disconnected: we can no longer act in it. */
  "DISCONNECTED",
] as const;
export type KeepingReason = (typeof keepingReasons)[number];

/** Kinds of intents that become due. */
export const settledKinds = [
  "RETIRE_ORIGINAL",
  "EXPIRE_IMAGE",
  "RESERVE_CAPACITY",
  "ISOLATE",
  "KEEP_TEMPLATE",
  ...settingKinds,
  ...markKinds,
] as const;

export const settlementKinds = [
  /** We terminated or deleted it. */
  "REMOVED",
  /** We have put it back as it was. */
  "RESTORED",
  /** It was gone already. */
  "GONE",
  /** A person decided otherwise, or uses it: never looked at again. */
  "KEPT",
  /** Not now: it is looked at again. */
  "WAITING",
] as const;

export const settlementSchema = atFirstUse(() =>
  z.strictObject({
    of: z.enum(settledKinds),
    resource: z.string(),
    kind: z.enum(settlementKinds),
    /** Of what is KEPT. */
    reason: z.enum(keepingReasons).exactOptional(),
    sentence: z.string(),
    /** Since when it is so. */
    at: z.iso.datetime(),
  }),
);
export type Settlement = Readonly<z.infer<ReturnType<typeof settlementSchema>>>;

/** An original that was neither terminated nor gone goes on costing its owner: the switch saves what nobody can tell. */
export const isSavingInDoubt = (settlements: readonly Settlement[] | undefined): boolean =>
  settlements?.some(({ of, kind }) => of === "RETIRE_ORIGINAL" && kind === "KEPT") ?? false;
