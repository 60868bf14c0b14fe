/**
 * The trained model beside others, on the same later examples: `hazard-1`, the plain hazard of the pool's own past, and
 * the base rate of the trained examples. For the model's own hour, and for the 24 h by which a move to Spot is judged.
 */
import { fileModel } from "../../core/risk/file-model.ts";
import { hazard1, hazardModel } from "../../core/risk/hazard-model.ts";
import type { LogisticFile } from "../../core/risk/model-file.ts";
import { modelHours, type Example } from "./examples.ts";
import {
  reliabilityOf,
  scoresOf,
  type Forecast,
  type ReliabilityRow,
  type Scores,
} from "./metrics.ts";
import { evenWeights } from "./samples.ts";
import type { Source } from "./sources.ts";

/** The model's own hours, and those of a LINEAR verdict. */
export const horizons = [modelHours, 24] as const;
export type HorizonHours = (typeof horizons)[number];

export interface Contender {
  readonly name: string;
  readonly probability: (example: Example, horizonHours: HorizonHours) => number;
}

export interface ScoreRow extends Scores {
  /** Name of a trace or price file, or of all together, in which each counts the same. */
  readonly set: string;
  readonly isHeldOut: boolean;
  readonly horizonHours: HorizonHours;
  readonly model: string;
  readonly examples: number;
}

/** Undefined: not known, the recording ends before. */
const isLostWithin = (example: Example, hours: HorizonHours): boolean | undefined =>
  hours === modelHours ? example.isLost : example.isLostInDay;

const share = (examples: readonly Example[], hours: HorizonHours): number => {
  const known = examples.flatMap((example) => isLostWithin(example, hours) ?? []);
  return known.filter((isLost) => isLost).length / Math.max(1, known.length);
};

/** Mean over the fitted sources of their trained parts: what one knows beforehand without any feature. */
const baseRate = (fitted: readonly Source[]): Contender => {
  const trained = fitted.map(({ examples }) =>
    examples.filter(({ part }) => part === "fit" || part === "choose"),
  );
  const [own, day] = horizons.map(
    (hours) => trained.reduce((sum, examples) => sum + share(examples, hours), 0) / trained.length,
  );
  return { name: "base-rate", probability: (_, hours) => (hours === modelHours ? own : day) ?? 0 };
};

/** The trained model comes first. */
export const contendersOf = (
  file: LogisticFile,
  fitted: readonly Source[],
): readonly Contender[] => [
  ...[fileModel(file), hazardModel(hazard1)].map(({ version, probability }) => ({
    name: version,
    probability: ({ features }: Example, hours: HorizonHours) => probability(features, hours),
  })),
  {
    name: "plain-hazard",
    probability: ({ plainHazard }, hours) => -Math.expm1(-plainHazard * hours),
  },
  baseRate(fitted),
];

/** Examples of one source that are reported on: the later part, or all where nothing of it was trained on. */
export interface Reported {
  readonly name: string;
  readonly isHeldOut: boolean;
  readonly examples: readonly Example[];
}

/** Each of the reported sources counts the same. */
export const forecastsOf = (
  { probability }: Contender,
  reported: readonly Reported[],
  hours: HorizonHours,
): readonly Forecast[] => {
  const known = reported.map(({ examples }) =>
    examples.filter((example) => isLostWithin(example, hours) !== undefined),
  );
  const weights = evenWeights(known.map(({ length }) => length));
  return known.flat().map((example, row) => ({
    probability: probability(example, hours),
    isLost: isLostWithin(example, hours) === true,
    weight: weights[row] ?? 0,
  }));
};

export const reliabilityFor = (
  contender: Contender,
  reported: readonly Reported[],
  hours: HorizonHours,
): readonly ReliabilityRow[] => reliabilityOf(forecastsOf(contender, reported, hours));

interface ScoredSet {
  readonly set: string;
  readonly reported: readonly Reported[];
}

/** Each source, and all of them where there are several. */
const setsOf = (reported: readonly Reported[], title: string): readonly ScoredSet[] => [
  ...reported.map((each) => ({ set: each.name, reported: [each] })),
  ...(reported.length > 1 ? [{ set: title, reported }] : []),
];

/** Sets without an example at a horizon (a part shorter than it) have no row there. */
export const compare = (
  contenders: readonly Contender[],
  reported: readonly Reported[],
): readonly ScoreRow[] => {
  const sets = [
    ...setsOf(
      reported.filter(({ isHeldOut }) => !isHeldOut),
      "all trained on",
    ),
    ...setsOf(
      reported.filter(({ isHeldOut }) => isHeldOut),
      "all held out",
    ),
  ];
  return horizons.flatMap((horizonHours) =>
    sets.flatMap(({ set, reported: ofSet }) =>
      contenders.flatMap((contender) => {
        const forecasts = forecastsOf(contender, ofSet, horizonHours);
        if (forecasts.length === 0) return [];
        const isHeldOut = ofSet.some((each) => each.isHeldOut);
        const row = { set, isHeldOut, horizonHours, model: contender.name };
        return [{ ...row, examples: forecasts.length, ...scoresOf(forecasts) }];
      }),
    ),
  );
};
