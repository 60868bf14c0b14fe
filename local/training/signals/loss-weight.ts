/**
 * Measures how long a pool's losses count: the model's terms are fitted anew with losses that weigh half as much after so many hours, and with
 * none at all. What foretells better is the lower log loss.
 */
import { streak1 } from "../../../core/risk/models/streak-1.ts";
import { memoryHours } from "../../../core/risk/pool-history.ts";
import { levelAt, type Recording } from "../../backtest/recording.ts";
import { logLossWith } from "../choose.ts";
import type { Example } from "../examples.ts";
import { samplesOf } from "../samples.ts";
import { sourceOf, type Source } from "../sources.ts";
import { termGroups, type TermGroup } from "../terms.ts";

export interface WeightFigure {
  /** Absent: losses do not count by their number. */
  readonly halfLifeHours?: number;
  /** Of the choosing part of the traces that are trained on, fitted on their first part. */
  readonly choosing: number;
  /** Of the traces held out, fitted on both parts. Absent: none is. */
  readonly heldOut?: number;
}

const halfLives = [1, 3, 6, 12, 24, 48, 96, 168] as const;

const lossFeature = "recent_pool_losses";

type Shape = TermGroup["terms"][number];

const shapeOf = (term: Shape): string =>
  JSON.stringify([term.feature, term.transform, term.transform === "log" ? term.offset : 0]);

/** Those that the default model was made of. */
const modelGroups = (): readonly TermGroup[] => {
  const shapes = new Set(streak1.terms.map(shapeOf));
  return termGroups.filter(({ terms }) => terms.every((term) => shapes.has(shapeOf(term))));
};

/** By zone, seconds since tick 0 of each tick at which it was found empty. */
const lossTimes = (market: Recording): ReadonlyMap<string, readonly number[]> =>
  new Map(
    market.zones.map((name, zone) => [
      name,
      Array.from({ length: market.ticks }, (_, tick) => tick)
        .filter(
          (tick) =>
            tick > 0 &&
            levelAt(market.capacity, zone, tick) === 0 &&
            levelAt(market.capacity, zone, tick - 1) > 0,
        )
        .map((tick) => tick * market.gapSeconds),
    ]),
  );

const reweighed = (example: Example, times: readonly number[], halfLifeHours: number): Example => {
  const ages = times
    .map((at) => (example.atSeconds - at) / 3600)
    .filter((hours) => hours >= 0 && hours <= memoryHours);
  const { recentPoolLosses: _, ...others } = example.features;
  if (ages.length === 0) return { ...example, features: others };
  const recentPoolLosses = ages.reduce((sum, hours) => sum + 2 ** (-hours / halfLifeHours), 0);
  return { ...example, features: { ...others, recentPoolLosses } };
};

interface Observed {
  readonly source: Source;
  readonly times: ReadonlyMap<string, readonly number[]>;
}

const withHalfLife = ({ source, times }: Observed, halfLifeHours: number): Source => ({
  ...source,
  examples: source.examples.map((example) =>
    reweighed(example, times.get(example.zone) ?? [], halfLifeHours),
  ),
});

const figureOf = (
  {
    trained,
    heldOut,
  }: { readonly trained: readonly Source[]; readonly heldOut: readonly Source[] },
  groups: readonly TermGroup[],
): Omit<WeightFigure, "halfLifeHours"> => {
  const fit = samplesOf(trained, ["fit"]);
  const choosing = logLossWith(groups, { fit, choose: samplesOf(trained, ["choose"]) });
  if (heldOut.length === 0) return { choosing };
  const both = samplesOf(trained, ["fit", "choose"]);
  const later = samplesOf(heldOut, ["fit", "choose", "report"]);
  return { choosing, heldOut: logLossWith(groups, { fit: both, choose: later }) };
};

/** First without the number of losses, then by half-life. @throws Error naming a market from which nothing can be learnt */
export const weightFigures = ({
  trained,
  heldOut,
}: {
  readonly trained: readonly Recording[];
  readonly heldOut: readonly Recording[];
}): readonly WeightFigure[] => {
  const observe = (market: Recording): Observed => ({
    source: sourceOf({ name: market.name, kind: "trace" }, [market]),
    times: lossTimes(market),
  });
  const observed = { trained: trained.map(observe), heldOut: heldOut.map(observe) };
  const sourcesAt = (hours: number) => ({
    trained: observed.trained.map((one) => withHalfLife(one, hours)),
    heldOut: observed.heldOut.map((one) => withHalfLife(one, hours)),
  });
  const groups = modelGroups();
  const others = groups.filter(({ terms }) =>
    terms.every(({ feature }) => feature !== lossFeature),
  );
  return [
    figureOf(sourcesAt(memoryHours), others),
    ...halfLives.map((halfLifeHours) => ({
      halfLifeHours,
      ...figureOf(sourcesAt(halfLifeHours), groups),
    })),
  ];
};
