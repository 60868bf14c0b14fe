/** The limits of a policy that may be tried otherwise, as they are typed and as the API takes them. */
import type { EvaluationRecord } from "./story.ts";

type Policy = EvaluationRecord["policy"];
type Name = "min_savings_percent" | "max_risk" | "horizon_hours" | "max_band_percent";

export interface Limit {
  readonly name: Name;
  readonly label: string;
  /** As it stands in the record. */
  readonly shown: (policy: Policy) => string;
  /** What was typed, as the API takes it. */
  readonly taken: (typed: number) => number;
}

const plain = (name: Name, label: string): Limit => ({
  name,
  label,
  shown: (policy) => String(policy[name]),
  taken: (typed) => typed,
});

const whole = 100;

/** Without what binary fractions add: 0.3 is 30 and not 30.000000000000004. */
const rounded = (value: number): number => Number(value.toPrecision(12));

export const limits: readonly Limit[] = [
  plain("min_savings_percent", "Minimum saving, %"),
  {
    name: "max_risk",
    label: "Maximum risk, %",
    shown: ({ max_risk: risk }) => String(rounded(risk * whole)),
    taken: (typed) => rounded(typed / whole),
  },
  plain("horizon_hours", "Horizon, hours"),
  plain("max_band_percent", "Highest band, %"),
];

/** Those alone that were changed. */
export const overridesOf = (
  policy: Policy,
  typed: Readonly<Record<string, string>>,
): Readonly<Partial<Record<Name, number>>> =>
  Object.fromEntries(
    limits.flatMap(({ name, shown, taken }) => {
      const text = typed[name]?.trim();
      const value = Number(text);
      if (text === undefined || text === "" || Number.isNaN(value)) return [];
      return text === shown(policy) ? [] : [[name, taken(value)]];
    }),
  );
