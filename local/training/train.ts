/** From sources to a model file: what is fitted on, which groups of terms, the fit itself, and how good it is later. */
import {
  modelFileFormat,
  parseModelFile,
  type LogisticFile,
  type LogisticTerm,
  type ModelMetrics,
} from "../../core/risk/model-file.ts";
import { featureVersion } from "../../core/risk/feature-vector.ts";
import { chooseGroups, fitTerms, leastGain, type Choice, type FittedTerms } from "./choose.ts";
import {
  compare,
  contendersOf,
  forecastsOf,
  reliabilityFor,
  type Contender,
  type Reported,
  type ScoreRow,
} from "./comparison.ts";
import { reliabilityOf, scoresOf, type ReliabilityRow } from "./metrics.ts";
import { modelHours } from "./examples.ts";
import { samplesOf } from "./samples.ts";
import type { Source } from "./sources.ts";
import { termGroups, whereKnown } from "./terms.ts";

export interface TrainingInput {
  readonly version: string;
  readonly sources: readonly Source[];
  /** Names of the sources that are only reported on. */
  readonly heldOut: readonly string[];
}

/** What the groups were chosen and fitted on. */
export interface SourceSet {
  readonly name: string;
  readonly sources: readonly Source[];
  readonly choice: Choice;
}

export interface Training {
  readonly file: LogisticFile;
  /** The one that was taken first. */
  readonly sets: readonly SourceSet[];
  readonly scores: readonly ScoreRow[];
  /** Of the trained model, over all that was trained on, for 24 h. That for its own hour is in the file. */
  readonly dayReliability: readonly ReliabilityRow[];
}

/** Of the numbers that are written: more change with every rounding, and say nothing. */
const rounded = (value: number): number => Number(value.toPrecision(6));

/**
 * Traces alone, and with price files: prices are of another time, so that they stay only if they lower the log loss of
 * the traces' choosing part by as much as a group must.
 */
const chooseSources = (fitted: readonly Source[]): readonly [SourceSet, ...SourceSet[]] => {
  const traces = fitted.filter(({ kind }) => kind === "trace");
  const judged = traces.length > 0 ? traces : fitted;
  const choose = samplesOf(judged, ["choose"]);
  const setOf = (name: string, sources: readonly Source[]): SourceSet => {
    const fit = samplesOf(sources, ["fit"]);
    return { name, sources, choice: chooseGroups(termGroups, { fit, choose }) };
  };
  const alone = setOf(traces.length > 0 ? "traces" : "prices", judged);
  if (judged.length === fitted.length) return [alone];
  const both = setOf("traces and prices", fitted);
  const isBetter = both.choice.logLoss <= alone.choice.logLoss * (1 - leastGain);
  return isBetter ? [both, alone] : [alone, both];
};

const trainedOn = (sources: readonly Source[], examples: number): LogisticFile["trained_on"] => {
  const spans = sources.flatMap(({ trainedMs }) => trainedMs ?? []);
  if (spans.length === 0) {
    throw new Error("None of the traces states its start, which the model's file needs.");
  }
  return {
    from: new Date(Math.min(...spans.map(({ from }) => from))).toISOString(),
    to: new Date(Math.max(...spans.map(({ to }) => to))).toISOString(),
    traces: sources.map(({ name }) => name),
    examples,
  };
};

const roundedTerm = (term: LogisticTerm): LogisticTerm => ({
  ...term,
  weight: rounded(term.weight),
  mean: rounded(term.mean),
  scale: rounded(term.scale),
});

const fileOf = (
  version: string,
  { intercept, terms }: FittedTerms,
  trained: LogisticFile["trained_on"],
): LogisticFile => ({
  format: modelFileFormat,
  version,
  feature_version: featureVersion,
  kind: "logistic",
  horizon_hours: modelHours,
  trained_on: trained,
  intercept: rounded(intercept),
  beside_band: { where_known: whereKnown },
  terms: terms.map(roundedTerm),
});

const metricsOf = (model: Contender, reported: readonly Reported[]): ModelMetrics => {
  const forecasts = forecastsOf(model, reported, modelHours);
  const { brier, logLoss, auc, baseRate } = scoresOf(forecasts);
  if (auc === undefined) {
    throw new Error("The later parts hold no loss, or nothing else: no metrics can be measured.");
  }
  return {
    brier: rounded(brier),
    log_loss: rounded(logLoss),
    auc: rounded(auc),
    base_rate: rounded(baseRate),
    reliability: reliabilityOf(forecasts).map((row) => ({
      ...row,
      predicted: rounded(row.predicted),
      observed: rounded(row.observed),
    })),
  };
};

const reportedOf = (sources: readonly Source[], fitted: readonly Source[]): readonly Reported[] =>
  sources.map(({ name, examples }) => {
    const isHeldOut = !fitted.some((source) => source.name === name);
    return {
      name,
      isHeldOut,
      examples: isHeldOut ? examples : examples.filter(({ part }) => part === "report"),
    };
  });

const validated = (file: LogisticFile): LogisticFile => {
  const parsed = parseModelFile(file, `risk model ${file.version}`);
  if (parsed.kind !== "logistic") throw new Error("A trained model is logistic.");
  return parsed;
};

/**
 * The groups are chosen on the choosing part; then they are fitted anew on both parts together.
 *
 * @throws Error where nothing is left to fit, or a source has too little in it.
 */
export const train = ({ version, sources, heldOut }: TrainingInput): Training => {
  const fittable = sources.filter(({ name }) => !heldOut.includes(name));
  if (fittable.length === 0) throw new Error("All is held out: nothing is left to train on.");
  const sets = chooseSources(fittable);
  const [{ sources: fitted, choice }] = sets;
  const samples = samplesOf(fitted, ["fit", "choose"]);
  const terms = choice.groups.flatMap((group) => group.terms);
  const trained = trainedOn(fitted, samples.examples.length);
  const bare = validated(fileOf(version, fitTerms(terms, samples), trained));
  const contenders = contendersOf(bare, fitted);
  const [model] = contenders;
  const reported = reportedOf(sources, fitted);
  const later = reported.filter(({ isHeldOut }) => !isHeldOut);
  if (model === undefined) throw new Error("There is no model to report on.");
  return {
    file: validated({ ...bare, metrics: metricsOf(model, later) }),
    sets,
    scores: compare(contenders, reported),
    dayReliability: reliabilityFor(model, later, 24),
  };
};
