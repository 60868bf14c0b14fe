/** What the report shows, as plain data. The replay fills it in; the report computes no figures of its own. */

/** A policy as it is named in every chart and table. */
export interface Policy {
  readonly policy: string;
  /** It also sees each tick how many of its instances each zone could hold. */
  readonly isProbing: boolean;
  /** It is the product's own, drawn in the product's colour. */
  readonly isOurs: boolean;
}

/** J at the prices of an interruption that are reported, in On-Demand hours. */
interface JByPrice {
  readonly "0": number;
  readonly "0.5": number;
  readonly "2": number;
}

export interface Score extends Policy {
  /** Share of what On-Demand would cost: 0.41. */
  readonly cost: number;
  /** Share of the time: 0.9987. */
  readonly availability: number;
  readonly interruptionsPerUnitWeek: number;
  readonly movesPerUnitWeek: number;
  /** Share of the unit time: 0.92. */
  readonly spotShare: number;
  /** Probability that at least half of the units are lost within five minutes: 0.0006. */
  readonly halfLost: number;
  readonly j: JByPrice;
  /** At the headline price of 0.5 On-Demand hours. */
  readonly jOverOptimum: number;
}

/** Geometric mean over the traces. */
export interface Mean extends Policy {
  readonly units: number;
  readonly jOverOptimum: number;
}

/** Half open: `toTick` is the first tick that is not meant. */
export interface TickRange {
  readonly fromTick: number;
  readonly toTick: number;
}

/** Places of a unit beside the zones. */
export const onDemand = "on-demand";
export const down = "down";

/** Where a unit was serving: a zone's name, `on-demand` or `down`. */
interface Stay extends TickRange {
  readonly place: string;
}

interface Interruption {
  readonly tick: number;
  readonly unit: number;
  readonly zone: string;
}

export interface Timeline extends Policy {
  /** Per unit, in the order of time. */
  readonly units: readonly (readonly Stay[])[];
  readonly interruptions: readonly Interruption[];
}

/** One trace with one number of units. */
export interface ReportRun {
  readonly trace: string;
  readonly units: number;
  readonly gapSeconds: number;
  readonly ticks: number;
  readonly zones: readonly string[];
  /** Per zone: when it had capacity for at least one unit. */
  readonly upZones: readonly (readonly TickRange[])[];
  /** Share of what On-Demand would cost; it is never interrupted, so this is its J too. */
  readonly optimumCost: number;
  readonly scores: readonly Score[];
  /** Of the policies that are worth a look, in the order in which they are drawn. */
  readonly timelines: readonly Timeline[];
}

export interface ReportData {
  readonly title: string;
  /** What was typed to get this report. */
  readonly command: string;
  readonly options: { readonly units: readonly number[]; readonly noticeSeconds: number };
  readonly runs: readonly ReportRun[];
  readonly means: readonly Mean[];
}
