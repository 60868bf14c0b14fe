/** Markets small enough to be checked by hand. */
import type { BacktestPolicy, Desk, Placer } from "../../../local/backtest/policy.ts";
import { everyUnit, type Recording } from "../../../local/backtest/recording.ts";

export interface Sketch {
  readonly gapSeconds?: number;
  /** Zone, then a digit per tick: how many units it holds; `*` holds all. */
  readonly capacity: readonly string[];
  /** Zone, then tick; 0.3 where there is none. */
  readonly price?: readonly (readonly number[])[];
}

export const sketch = ({ gapSeconds = 240, capacity, price }: Sketch): Recording => ({
  name: "sketch",
  gapSeconds,
  ticks: capacity[0]?.length ?? 0,
  zones: capacity.map((_row, zone) => `zone-${String.fromCharCode(97 + zone)}`),
  capacity: capacity.map((row) =>
    Int32Array.from(row, (digit) => (digit === "*" ? everyUnit : Number(digit))),
  ),
  price: capacity.map((row, zone) =>
    Float64Array.from(row, (_digit, tick) => price?.[zone]?.[tick] ?? 0.3),
  ),
});

/** A policy made of hooks. */
export const policyOf = (
  placerIn: (desk?: Desk) => Placer,
  { isProbing = false, isListening = false } = {},
): BacktestPolicy => ({ name: "scripted", isProbing, isListening, start: () => placerIn() });

/** Does at each tick what is written for it: unit, then where to. */
export const scripted = (
  script: Readonly<Record<number, readonly (readonly [unit: number, place: number])[]>>,
  hooks: Omit<Placer, "decide"> = {},
): BacktestPolicy =>
  policyOf(() => ({
    ...hooks,
    decide: (unit, desk) => {
      const [, place] = (script[desk.tick] ?? []).find(([index]) => index === unit.index) ?? [];
      if (place === undefined) return;
      if (place >= 0) desk.launchSpot(unit, place);
      else desk.launchOnDemand(unit);
    },
  }));
