/** A preflight: what an account's fleet would gain on Spot, and what stands in the way, before anything is registered. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { accountIdSchema, instanceIdSchema, preflightIdSchema, targetIdSchema } from "./ids.ts";
import { regionSchema } from "./partition.ts";
import { pipelineModeSchema } from "./pipeline-mode.ts";
import { vcpuQuotaSchema } from "./vcpu-quota.ts";

export const preflightSchema = atFirstUse(() =>
  z.strictObject({
    preflightId: preflightIdSchema,
    accountId: accountIdSchema,
    regions: z.array(regionSchema).min(1),
    /** ARN of the caller. */
    requestedBy: z.string(),
    requestedAt: z.iso.datetime(),
  }),
);
export type Preflight = Readonly<z.infer<ReturnType<typeof preflightSchema>>>;

export const preflightOutcomes = [
  /** A sweep would switch it, were it registered and not in shadow mode. */
  "WILL",
  /** As far as the lists of its region tell; it was not looked at by itself yet. */
  "WOULD",
  /** It would, once what is missing is there. */
  "WILL_ONCE",
  "WONT",
  /** What was read of it does not allow a judgement. */
  "NOT_JUDGED",
] as const;
export type PreflightOutcome = (typeof preflightOutcomes)[number];

export const missingKinds = [
  /** A limit of the policy by which the owner agrees. */
  "CONSENT",
  /** Of the customer's role. */
  "PERMISSION",
  /** A tag by which the owner lets us change a thing. */
  "TAG",
  /** To an EKS cluster: it does not map the customer's role, or not with the rights that we need. */
  "ACCESS",
  /** A Service Quota that has no room for it. */
  "QUOTA",
] as const;

const missingSchema = atFirstUse(() =>
  z.strictObject({
    kind: z.enum(missingKinds),
    /** A limit with its value as the API takes it, an IAM action, a tag with its value. */
    name: z.string(),
    /** The reason that it would lift. */
    reason: z.string(),
    sentence: z.string(),
  }),
);
export type Missing = Readonly<z.infer<ReturnType<typeof missingSchema>>>;

const preflightOfferSchema = atFirstUse(() =>
  z.strictObject({
    instanceType: z.string(),
    zoneId: z.string(),
    spotHourlyUsd: z.number(),
    /** 0…1 within the horizon. */
    risk: z.number(),
    horizonHours: z.number(),
  }),
);

/** What could be a target, and what would become of it. */
export const preflightRowSchema = atFirstUse(() =>
  z.strictObject({
    /** The same in every preflight of the account: the region, and in it an instance id or the names of group and cluster. */
    id: z.string(),
    region: regionSchema,
    mode: pipelineModeSchema,
    /** As sentences name it. */
    name: z.string(),
    /** By which it would be registered. Absent: a group without a member. */
    instanceId: instanceIdSchema.exactOptional(),
    instanceType: z.string().exactOptional(),
    zoneName: z.string().exactOptional(),
    /** As which it is registered already. */
    targetId: targetIdSchema.exactOptional(),
    /** How many instances would go to Spot. */
    instances: z.int(),
    /** Those of AWS left out. */
    tags: z.record(z.string(), z.string()),
    outcome: z.enum(preflightOutcomes),
    /** Of the verdict, or the name of an error. */
    reason: z.string(),
    sentence: z.string(),
    missing: z.array(missingSchema()),
    /** Best first, at most three. */
    offers: z.array(preflightOfferSchema()).max(3),
    /** All its instances together, for 730 hours. */
    monthlyUsd: z.number().exactOptional(),
    savingsPercent: z.number().exactOptional(),
    /** For which the load is likely to be down during a switch. */
    downtimeSeconds: z.number(),
    /** What a switch loses or interrupts, a sentence each. */
    losses: z.array(z.string()),
    /** What happens to it afterwards by itself, a sentence each. */
    later: z.array(z.string()),
    /** Reasons against that were not looked at. */
    unchecked: z.array(z.string()),
  }),
);
export type PreflightRow = Readonly<z.infer<ReturnType<typeof preflightRowSchema>>>;

const countsSchema = atFirstUse(() =>
  z.strictObject({
    subjects: z.int(),
    /** Of those that save anything. */
    monthlyUsd: z.number(),
  }),
);

/** How many, and what they would save, by each question. */
const preflightTotalsSchema = atFirstUse(() =>
  z.strictObject({
    /** By outcome, by mode and outcome (`LINEAR WILL`), by outcome and reason (`WONT ALREADY_SPOT`), by what is missing. */
    outcomes: z.record(z.string(), countsSchema()),
    modes: z.record(z.string(), countsSchema()),
    reasons: z.record(z.string(), countsSchema()),
    missing: z.record(z.string(), countsSchema()),
  }),
);
export type PreflightTotals = Readonly<z.infer<ReturnType<typeof preflightTotalsSchema>>>;

export const noTotals: PreflightTotals = { outcomes: {}, modes: {}, reasons: {}, missing: {} };

/** One region of a preflight: how far it is. */
export const preflightPlaceSchema = atFirstUse(() =>
  z.strictObject({
    preflightId: preflightIdSchema,
    region: regionSchema,
    /** WAITING: nothing was read. LOOKING: the lists are judged, and what would switch is looked at by itself. */
    status: z.enum(["WAITING", "LOOKING", "DONE", "FAILED"]),
    /** Of the reading, on which all rows of the place rest. */
    readAt: z.iso.datetime().exactOptional(),
    /** When this was last noted. */
    notedAt: z.iso.datetime(),
    /** How many pages of rows are stored. */
    pages: z.int(),
    rows: z.int(),
    /** Of those that would switch: looked at, and to be looked at in all. */
    lookedAt: z.int(),
    toLookAt: z.int(),
    totals: preflightTotalsSchema(),
    /** On which what would go to Spot draws. Absent: they were not looked at yet. */
    quotas: z.array(vcpuQuotaSchema()).exactOptional(),
    failure: z.strictObject({ error: z.string(), cause: z.string() }).exactOptional(),
  }),
);
export type PreflightPlace = Readonly<z.infer<ReturnType<typeof preflightPlaceSchema>>>;
