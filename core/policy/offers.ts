/** Limits of what is worth launching. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { everyMode, fleetModes, limit } from "./limit.ts";

const quarantineSchema = atFirstUse(() =>
  z.strictObject({
    mode: z.enum(["decay", "ban"]),
    hours: z.number().min(1).max(720),
  }),
);
export type QuarantineRule = Readonly<z.infer<ReturnType<typeof quarantineSchema>>>;

// eslint-disable-next-line max-lines-per-function -- a list of limits, made at its first use
export const offerLimits = atFirstUse(() => ({
  minSavingsPercent: limit(z.number().min(0).max(95).default(15), {
    unit: "percent of the On-Demand price",
    reason: "Below this a switch is not worth its work.",
    modes: everyMode,
  }),
  maxRisk: limit(z.number().min(0).max(1).default(0.3), {
    unit: "probability of an interruption within horizon_hours",
    reason: "Above this a pool is not used, however cheap.",
    modes: everyMode,
  }),
  horizonHours: limit(z.number().min(0.25).max(168).default(24), {
    unit: "hours",
    reason: "The span over which the risk is stated.",
    modes: everyMode,
  }),
  maxBandPercent: limit(z.number().min(0).max(100).default(20), {
    unit: "percent interrupted per month (lower bound of the advisor's band)",
    reason: "Pools in the band that starts here or higher are rejected: default rejects >20 %.",
    modes: everyMode,
  }),
  interruptionCostHours: limit(z.number().min(0).max(100).default(0.5), {
    unit: "On-Demand hours per interruption",
    reason: "What an interruption costs the owner; the headline p of the backtest rules.",
    modes: everyMode,
  }),
  switchCostHours: limit(z.number().min(0).max(100).default(0.25), {
    unit: "On-Demand hours per switch",
    reason:
      "Double running during a switch, spread over dwell_hours: in LINEAR about 15 minutes of the old price, the way back that is reserved meanwhile included; in a fleet 4 at 30 % of it.",
    modes: everyMode,
  }),
  dwellHours: limit(z.number().min(0).max(720).default(24), {
    unit: "hours",
    reason: "Shortest time between two switches of a target, so that prices can't make it flap.",
    modes: everyMode,
  }),
  hysteresisPercent: limit(z.number().min(0).max(50).default(3), {
    unit: "percent of the On-Demand price",
    reason: "A move must beat staying by this much in expected cost.",
    modes: everyMode,
  }),
  fallbackPercent: limit(z.number().min(0).max(100).default(0), {
    unit: "percent of the On-Demand price",
    reason:
      "A Spot pool is left for On-Demand when its price and risk together cost this much more than On-Demand.",
    modes: everyMode,
  }),
  quarantine: limit(quarantineSchema().default({ mode: "decay", hours: 168 }), {
    unit: "mode, and hours since a pool took an instance away",
    reason:
      "`ban`: nothing is launched there for these hours. `decay`: the pool stays a candidate, and its risk falls as the loss ages; after these hours the loss is forgotten. A ban costs most of the saving where pools are scarce (docs/backtest.md).",
    modes: everyMode,
  }),
  maxPoolSharePercent: limit(z.number().min(1).max(100).default(100), {
    unit: "percent of a target's instances in one pool",
    reason:
      "Spreads a fleet over pools, so that one reclaim does not take all of it. Exceeded where no other pool is worth it.",
    modes: fleetModes,
  }),
  maxPricePercent: limit(z.number().min(1).max(100).default(100), {
    unit: "percent of the On-Demand price of the original",
    reason: "Spot prices above this are rejected.",
    modes: everyMode,
  }),
  maxOffers: limit(z.int().min(1).max(20).default(5), {
    unit: "offers",
    reason: "How many pools the launch tries, in order, before it stays.",
    modes: everyMode,
  }),
  maxOversize: limit(z.number().min(1).max(16).default(4), {
    unit: "times the vCPU or memory of the original",
    reason: "Far larger types are odd choices and use up the Spot vCPU quota.",
    modes: everyMode,
  }),
  allowPreviousGeneration: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason:
      "Old generations are scarce and slower per vCPU. A type of the original's generation, or newer, is never rejected for its age.",
    modes: everyMode,
  }),
  allowBurstable: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason:
      "T types on Spot run unlimited; surplus credits may cost more than the saving. A burstable original may always move to a burstable type.",
    modes: everyMode,
  }),
  excludedTypes: limit(z.array(z.string().min(1).max(40)).max(200).default([]), {
    unit: "instance types or families such as m5 or m5.large",
    reason: "Types that the owner knows do not work for this load.",
    modes: everyMode,
  }),
  maxPriceAgeHours: limit(z.number().min(1).max(720).default(168), {
    unit: "hours",
    reason: "Older copies of the advisor feed or the price list are refused.",
    modes: everyMode,
  }),
  maxSpotPriceAgeMinutes: limit(z.number().min(1).max(1440).default(60), {
    unit: "minutes",
    reason: "Older copies of the Spot prices are refused; prices move a few times an hour at most.",
    modes: everyMode,
  }),
  respectReservations: limit(z.boolean().default(true), {
    unit: "yes/no",
    reason: "Usage that a Reserved Instance covers is paid already: Spot would cost more.",
    modes: everyMode,
  }),
  coveredHourlyUsd: limit(z.number().min(0).default(0), {
    unit: "USD per hour",
    reason: "What a Savings Plan already pays of this instance; deducted from the saving.",
    modes: everyMode,
  }),
}));
