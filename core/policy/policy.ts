/**
 * Every limit that an operator may set, in one flat schema: default, unit, reason and modes stand in `meta`.
 * A target stores overrides only; what applies is `effectivePolicy(mode, overrides)`.
 */
import * as z from "zod";
import type { PipelineMode } from "../model/target.ts";
import { linearLimits } from "./linear.ts";
import { offerLimits } from "./offers.ts";
import { switchLimits } from "./switch.ts";

interface Limit {
  readonly unit: string;
  readonly reason: string;
}

const limit = <T extends z.ZodType>(schema: T, meta: Limit): T =>
  schema.meta({ unit: meta.unit, description: meta.reason });

export const consistencySchema = z.enum(["stateless", "stop-and-image", "move-volumes"]);
export type Consistency = z.infer<typeof consistencySchema>;

/** Identity that cannot move; each must be accepted by name before an instance that has it is touched. */
export const acceptableChangeSchema = z.enum(["primary-private-ip", "public-ip", "ipv6"]);

export const rootTransferSchema = z.enum(["replace-root-volume", "relaunch"]);
export type RootTransfer = z.infer<typeof rootTransferSchema>;

const quarantineSchema = z.strictObject({
  mode: z.enum(["decay", "ban"]),
  hours: z.number().min(1).max(720),
});
export type QuarantineRule = Readonly<z.infer<typeof quarantineSchema>>;

export const policySchema = z.strictObject({
  consistency: limit(consistencySchema.default("stop-and-image"), {
    unit: "kind",
    reason: "How the data travel. The default loses no acknowledged write.",
  }),
  rootTransfer: limit(rootTransferSchema.default("replace-root-volume"), {
    unit: "kind",
    reason:
      "How stop-and-image brings the final root over. Where EC2 refuses to replace a root volume, the replacement is relaunched from the final image.",
  }),
  acceptChangeOf: limit(z.array(acceptableChangeSchema).max(3).default([]), {
    unit: "kinds",
    reason: "Identity that AWS cannot move; nothing is accepted unless the owner says so.",
  }),
  allowProdLinear: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason: "LINEAR means a downtime; a PROD owner must ask for it.",
  }),
  requireApproval: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason: "A person must agree to each switch.",
  }),
  minSavingsPercent: limit(z.number().min(0).max(95).default(15), {
    unit: "percent of the On-Demand price",
    reason: "Below this a switch is not worth its work.",
  }),
  maxRisk: limit(z.number().min(0).max(1).default(0.3), {
    unit: "probability of an interruption within horizon_hours",
    reason: "Above this a pool is not used, however cheap.",
  }),
  horizonHours: limit(z.number().min(0.25).max(168).default(24), {
    unit: "hours",
    reason: "The span over which the risk is stated.",
  }),
  maxBandPercent: limit(z.number().min(0).max(100).default(20), {
    unit: "percent interrupted per month (lower bound of the advisor's band)",
    reason: "Pools in the band that starts here or higher are rejected: default rejects >20 %.",
  }),
  interruptionCostHours: limit(z.number().min(0).max(100).default(0.5), {
    unit: "On-Demand hours per interruption",
    reason: "What an interruption costs the owner; the headline p of the backtest rules.",
  }),
  switchCostHours: limit(z.number().min(0).max(100).default(0.25), {
    unit: "On-Demand hours per switch",
    reason:
      "Double running during a switch: about 15 minutes of the old price, spread over dwell_hours.",
  }),
  dwellHours: limit(z.number().min(0).max(720).default(24), {
    unit: "hours",
    reason: "Shortest time between two switches of a target, so that prices can't make it flap.",
  }),
  hysteresisPercent: limit(z.number().min(0).max(50).default(3), {
    unit: "percent of the On-Demand price",
    reason: "A move must beat staying by this much in expected cost.",
  }),
  fallbackPercent: limit(z.number().min(0).max(100).default(0), {
    unit: "percent of the On-Demand price",
    reason:
      "A Spot pool is left for On-Demand when its price and risk together cost this much more than On-Demand.",
  }),
  quarantine: limit(quarantineSchema.default({ mode: "decay", hours: 168 }), {
    unit: "mode, and hours since a pool took an instance away",
    reason:
      "`ban`: nothing is launched there for these hours. `decay`: the pool stays a candidate, and its risk falls as the loss ages; after these hours the loss is forgotten. A ban costs most of the saving where pools are scarce (docs/backtest.md).",
  }),
  maxPoolSharePercent: limit(z.number().min(1).max(100).default(100), {
    unit: "percent of a target's instances in one pool",
    reason:
      "Spreads a fleet over pools, so that one reclaim does not take all of it. Exceeded where no other pool is worth it.",
  }),
  maxPricePercent: limit(z.number().min(1).max(100).default(100), {
    unit: "percent of the On-Demand price of the original",
    reason: "Spot prices above this are rejected.",
  }),
  maxOffers: limit(z.int().min(1).max(20).default(5), {
    unit: "offers",
    reason: "How many pools the launch tries, in order, before it stays.",
  }),
  maxOversize: limit(z.number().min(1).max(16).default(4), {
    unit: "times the vCPU or memory of the original",
    reason: "Far larger types are odd choices and use up the Spot vCPU quota.",
  }),
  allowPreviousGeneration: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason: "Old generations are scarce and slower per vCPU.",
  }),
  allowBurstable: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason:
      "T types on Spot run unlimited; surplus credits may cost more than the saving. A burstable original may always move to a burstable type.",
  }),
  excludedTypes: limit(z.array(z.string().min(1).max(40)).max(200).default([]), {
    unit: "instance types or families such as m5 or m5.large",
    reason: "Types that the owner knows do not work for this load.",
  }),
  maxPriceAgeHours: limit(z.number().min(1).max(720).default(168), {
    unit: "hours",
    reason: "Older copies of the advisor feed or the price list are refused.",
  }),
  maxSpotPriceAgeMinutes: limit(z.number().min(1).max(1440).default(60), {
    unit: "minutes",
    reason: "Older copies of the Spot prices are refused; prices move a few times an hour at most.",
  }),
  respectReservations: limit(z.boolean().default(true), {
    unit: "yes/no",
    reason: "Usage that a Reserved Instance covers is paid already: Spot would cost more.",
  }),
  coveredHourlyUsd: limit(z.number().min(0).default(0), {
    unit: "USD per hour",
    reason: "What a Savings Plan already pays of this instance; deducted from the saving.",
  }),
  imageDeadlineMinutes: limit(z.int().min(5).max(720).default(120), {
    unit: "minutes",
    reason: "A first image of a large volume can take hours; a later one is a delta.",
  }),
  healthyDeadlineMinutes: limit(z.int().min(2).max(60).default(15), {
    unit: "minutes",
    reason: "EC2 reports its checks every minute and passes within 3 to 5 minutes of the launch.",
  }),
  stopDeadlineMinutes: limit(z.int().min(1).max(60).default(15), {
    unit: "minutes",
    reason: "EC2 forces a hanging stop after some minutes itself.",
  }),
  moveDeadlineMinutes: limit(z.int().min(1).max(60).default(15), {
    unit: "minutes",
    reason: "Detach and attach take seconds; a volume stuck in detaching is rolled back.",
  }),
  cooloffHours: limit(z.number().min(0).max(720).default(24), {
    unit: "hours",
    reason: "The stopped original is kept this long, so that a person can go back.",
  }),
  snapshotDays: limit(z.number().min(0).max(365).default(7), {
    unit: "days",
    reason: "The final image and its snapshots outlive the original by this much.",
  }),
});

/** All limits, whatever the mode: one that does not apply to it has its default. */
export type Policy = Readonly<z.infer<typeof policySchema>>;

export const limitKeys = Object.keys(policySchema.shape) as readonly (keyof Policy)[];

/** Overrides: any subset of the policy, nothing else, and no default filled in. */
export const policyOverridesSchema = z.strictObject(
  Object.fromEntries(
    Object.entries(policySchema.shape).map(([key, schema]) => [
      key,
      schema.unwrap().exactOptional(),
    ]),
  ) as unknown as { [K in keyof Policy]: z.ZodExactOptional<z.ZodType<Policy[K]>> },
);
export type PolicyOverrides = Readonly<z.infer<typeof policyOverridesSchema>>;

/**
 * Defaults of CLUSTER and KUBERNETES where they differ: many alike that launch in minutes and hold no data. Of the settings
 * within 0.5 % of the best J on one half of the recorded markets, that with the fewest interruptions (docs/backtest.md has the figures
 * of both halves).
 */
const fleetDefaults: PolicyOverrides = {
  // No limit on the risk itself: what an interruption costs is weighed against what Spot saves.
  maxRisk: 1,
  // What is young is risky now, and is looked at again every 15 minutes.
  horizonHours: 0.5,
  interruptionCostHours: 0.8,
  // 240 s of double running at 30 % of the On-Demand price.
  switchCostHours: 0.02,
  dwellHours: 0,
  hysteresisPercent: 0.5,
  fallbackPercent: 25,
  maxOffers: 20,
};

/** Where they differ from those of the schema, which are LINEAR's. */
const defaultsOf: Readonly<Record<PipelineMode, PolicyOverrides>> = {
  LINEAR: {},
  CLUSTER: fleetDefaults,
  KUBERNETES: fleetDefaults,
};

/** Those in which the limit is read. */
export const modesOf = (key: keyof Policy): readonly PipelineMode[] =>
  policySchema.shape[key].meta()?.["modes"] as readonly PipelineMode[];

const withoutEffectIn = (mode: PipelineMode): ReadonlySet<string> =>
  new Set(limitKeys.filter((key) => !modesOf(key).includes(mode)));

const inapplicableKeys: Readonly<Record<PipelineMode, ReadonlySet<string>>> = {
  LINEAR: withoutEffectIn("LINEAR"),
  CLUSTER: withoutEffectIn("CLUSTER"),
  KUBERNETES: withoutEffectIn("KUBERNETES"),
};

/** Overrides that would change nothing in this mode: whoever sets one is refused, and told which. */
export const inapplicableOverrides = (
  mode: PipelineMode,
  overrides: PolicyOverrides,
): readonly (keyof Policy)[] =>
  limitKeys.filter((key) => key in overrides && inapplicableKeys[mode].has(key));

/**
 * Defaults of the mode with the overrides laid over them. An override of an older target that does not apply to its mode has no
 * effect: new ones are refused where they are set. Throws a ZodError on an unknown or invalid key.
 */
export const effectivePolicy = (mode: PipelineMode, overrides: PolicyOverrides = {}): Policy =>
  policySchema.parse({
    ...defaultsOf[mode],
    ...Object.fromEntries(
      Object.entries(overrides).filter(([key]) => !inapplicableKeys[mode].has(key)),
    ),
  });
