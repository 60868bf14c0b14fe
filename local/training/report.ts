/** What came of a training, as short tables, or as one JSON document. */
import { percent } from "../terminal/figures.ts";
import { figureColumn, table } from "../terminal/table.ts";
import { leastGain, type Choice, type GroupTrial } from "./choose.ts";
import { modelHours } from "./examples.ts";
import { horizons, type HorizonHours, type ScoreRow } from "./comparison.ts";
import type { ReliabilityRow } from "./metrics.ts";
import type { SourceSet, Training } from "./train.ts";

const groupTable = ({ trials }: Choice): readonly string[] =>
  table(
    trials,
    [
      { heading: "group", cell: ({ name }) => name },
      figureColumn("lowers the log loss by", ({ gain }: GroupTrial) =>
        gain === undefined ? "all values are one" : percent(gain, 2),
      ),
      { heading: "verdict", cell: ({ isKept }) => (isKept ? "kept" : "dropped") },
    ],
    "  ",
  );

const setReport = ({ name, choice }: SourceSet, index: number): readonly string[] => [
  `Fitted on ${name}: log loss of the choosing part ${choice.startLogLoss.toFixed(4)} without any group, ${choice.logLoss.toFixed(4)} with those kept${index === 0 ? "" : " (not taken)"}`,
  ...groupTable(choice),
  "",
];

const measures = [
  { title: "Brier score", value: ({ brier }: ScoreRow) => brier },
  { title: "log loss", value: ({ logLoss }: ScoreRow) => logLoss },
  { title: "AUC", value: ({ auc }: ScoreRow) => auc },
] as const;

interface SetLine {
  readonly set: string;
  readonly rows: readonly ScoreRow[];
}

const linesOf = (scores: readonly ScoreRow[]): readonly SetLine[] =>
  [...Map.groupBy(scores, ({ set }) => set)].map(([set, rows]) => ({ set, rows }));

const scoreTable = (
  scores: readonly ScoreRow[],
  value: (row: ScoreRow) => number | undefined,
): readonly string[] => {
  const models = [...new Set(scores.map(({ model }) => model))];
  return table(
    linesOf(scores),
    [
      {
        heading: "set",
        cell: ({ set, rows }) =>
          rows[0]?.isHeldOut === true && !set.startsWith("all ") ? `${set} (held out)` : set,
      },
      figureColumn("examples", ({ rows }: SetLine) => String(rows[0]?.examples ?? 0)),
      figureColumn("lost", ({ rows }: SetLine) => percent(rows[0]?.baseRate ?? 0)),
      ...models.map((model) =>
        figureColumn(model, ({ rows }: SetLine) => {
          const row = rows.find((each) => each.model === model);
          return (row === undefined ? undefined : value(row))?.toFixed(4) ?? "-";
        }),
      ),
    ],
    "  ",
  );
};

const scoreReport = (scores: readonly ScoreRow[], hours: HorizonHours): readonly string[] => {
  const ofHours = scores.filter(({ horizonHours }) => horizonHours === hours);
  if (ofHours.length === 0) return [];
  return measures.flatMap(({ title, value }) => [
    `Lost within ${String(hours)} h: ${title}`,
    ...scoreTable(ofHours, value),
    "",
  ]);
};

const reliabilityReport = (rows: readonly ReliabilityRow[], hours: HorizonHours) =>
  rows.length === 0
    ? []
    : [
        `Reliability within ${String(hours)} h, all trained on`,
        ...table(
          rows,
          [
            figureColumn("from", ({ from }) => percent(from)),
            figureColumn("to", ({ to }) => percent(to)),
            figureColumn("examples", ({ examples }) => String(examples)),
            figureColumn("predicted", ({ predicted }) => percent(predicted)),
            figureColumn("observed", ({ observed }) => percent(observed)),
          ],
          "  ",
        ),
        "",
      ];

export const trainingReport = ({ file, sets, scores, dayReliability }: Training): string =>
  [
    `${file.version}: fitted on ${String(file.trained_on.examples)} examples of ${file.trained_on.traces.join(", ")}`,
    `A group is kept if it lowers the log loss of the choosing part by ${percent(leastGain)}.`,
    "",
    ...sets.flatMap(setReport),
    ...horizons.flatMap((hours) => scoreReport(scores, hours)),
    ...reliabilityReport(file.metrics?.reliability ?? [], modelHours),
    ...reliabilityReport(dayReliability, 24),
  ].join("\n");

export const trainingJson = ({ file, sets, scores, dayReliability }: Training): string =>
  JSON.stringify(
    {
      version: file.version,
      least_gain: leastGain,
      sets: sets.map(({ name, sources, choice }, index) => ({
        name,
        is_taken: index === 0,
        traces: sources.map((source) => source.name),
        log_loss_without_groups: choice.startLogLoss,
        log_loss: choice.logLoss,
        groups: choice.trials.map(({ name: group, gain, isKept }) => ({
          group,
          gain: gain ?? null,
          is_kept: isKept,
        })),
      })),
      scores: scores.map((row) => ({
        set: row.set,
        is_held_out: row.isHeldOut,
        horizon_hours: row.horizonHours,
        model: row.model,
        examples: row.examples,
        base_rate: row.baseRate,
        brier: row.brier,
        log_loss: row.logLoss,
        auc: row.auc ?? null,
      })),
      reliability: {
        [String(modelHours)]: file.metrics?.reliability ?? [],
        "24": dayReliability,
      },
    },
    null,
    2,
  );
