/** A month of the ledger as steps from what was saved gross to what is left of it. Figures are US dollars. */
import type { Schemas } from "../api/types.ts";

export type MonthSums = Pick<
  Schemas["TargetSavings"],
  "gross_usd" | "net_usd" | "terms" | "shadow" | "is_final"
>;
type Terms = MonthSums["terms"];
type CostName = Exclude<keyof Terms, "would" | "ran">;

export interface Step {
  readonly word: string;
  readonly from: number;
  readonly to: number;
  readonly kind: "GROSS" | "COST" | "UNKNOWN" | "NET";
  /** How certain it is, in the API's words; absent of what is summed up. */
  readonly source?: string;
}

/** What is taken off, in the order in which it is shown. */
const costWords: Readonly<Record<CostName, string>> = {
  double_running: "Double running",
  kept: "Volumes and images",
  reservations: "Reservations",
  extras: "Public addresses",
  cross_zone: "Between zones",
  covered: "Savings Plan",
  tool: "This product",
};

const costNames = Object.keys(costWords) as CostName[];

/** What is not worth a step: less than half a cent. */
const isSeen = (usd: number): boolean => Math.abs(usd) >= 0.005;

const after = (steps: readonly Step[]): number => steps.at(-1)?.to ?? 0;

/** The last one ends at the lower end of the net, so that the steps add up to what is told. */
export const stepsOf = ({ gross_usd: gross, net_usd: net, terms }: MonthSums): readonly Step[] => {
  const steps: Step[] = [{ word: "Gross", from: 0, to: gross, kind: "GROSS" }];
  for (const name of costNames) {
    const { usd, source } = terms[name];
    const from = after(steps);
    if (isSeen(usd)) {
      steps.push({ word: costWords[name], from, to: from - usd, kind: "COST", source });
    }
  }
  const known = after(steps);
  if (isSeen(known - net.low)) {
    steps.push({ word: "Not known, at most", from: known, to: net.low, kind: "UNKNOWN" });
  }
  return [...steps, { word: "Net", from: 0, to: net.low, kind: "NET" }];
};

/** What was taken off by names that have no column of their own. */
export const otherCosts = ({ terms }: MonthSums, shown: readonly CostName[]): number =>
  costNames.filter((name) => !shown.includes(name)).reduce((sum, name) => sum + terms[name].usd, 0);

const monthText = "2026-11";

export const isMonth = (text: string | null): text is string =>
  text !== null && /^\d{4}-(?:0[1-9]|1[0-2])$/.test(text);

/** @param ms since the epoch; the month by UTC */
export const monthAt = (ms: number): string =>
  new Date(ms).toISOString().slice(0, monthText.length);

/** The months until that one, it included, the oldest first. */
export const monthsUntil = (month: string, count: number): readonly string[] => {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return Array.from({ length: count }, (_, index) =>
    monthAt(Date.UTC(year, number - count + index, 1)),
  );
};
