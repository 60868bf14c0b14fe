/** What signals are worth, as short tables. */
import { percent } from "../../terminal/figures.ts";
import { figureColumn, table } from "../../terminal/table.ts";
import type { WeightFigure } from "./loss-weight.ts";
import { lossHours, type Moment, type PartialLossFigure } from "./partial-losses.ts";
import type { RecommendationFigure } from "./recommendations.ts";

export interface SignalFigures {
  readonly lossWeight: readonly WeightFigure[];
  /** None: no trace counts instances. */
  readonly partialLosses: readonly PartialLossFigure[];
  readonly recommendations: readonly RecommendationFigure[];
}

const fourDigits = (figure: number | undefined): string => figure?.toFixed(4) ?? "";

const weightLines = (figures: readonly WeightFigure[]): readonly string[] => [
  "How long a loss counts: log loss within half an hour, losses weighing half as much after so long",
  ...table(
    figures,
    [
      {
        heading: "half-life",
        cell: ({ halfLifeHours }) =>
          halfLifeHours === undefined ? "not counted" : `${String(halfLifeHours)} h`,
      },
      figureColumn("choosing part", ({ choosing }) => fourDigits(choosing)),
      figureColumn("held out", ({ heldOut }) => fourDigits(heldOut)),
    ],
    "  ",
  ),
  "",
];

const momentNames: Readonly<Record<Moment, string>> = {
  AT_PARTIAL_LOSS: "when a part was lost",
  TWO_HOURS_AFTER: "up to 2 h after",
  OTHER: "all others",
};

const partialLines = (figures: readonly PartialLossFigure[]): readonly string[] =>
  figures.length === 0
    ? ["No trace counts instances: nothing is known of partial losses.", ""]
    : [
        "What a partial loss foretells: the rest of the pool is lost as well (in brackets what the model said)",
        ...table(
          figures,
          [
            { heading: "trace", cell: ({ trace }) => trace },
            { heading: "moments", cell: ({ moment }) => momentNames[moment] },
            figureColumn("examples", ({ examples }) => String(examples)),
            ...lossHours.map((hours, index) =>
              figureColumn(
                `within ${String(hours)} h`,
                ({ lost, foretold }: PartialLossFigure) =>
                  `${percent(lost[index] ?? 0)} (${percent(foretold[index] ?? 0)})`,
              ),
            ),
          ],
          "  ",
        ),
        "",
      ];

const recommendationLines = (figures: readonly RecommendationFigure[]): readonly string[] => [
  "What heeding announcements is worth: the product with a probe, one unit",
  ...table(
    figures,
    [
      {
        heading: "false alarms a day and pool",
        cell: ({ falseAlarmsPerDay }) =>
          falseAlarmsPerDay === undefined ? "nothing is announced" : String(falseAlarmsPerDay),
      },
      figureColumn("of all true", ({ trueShare }) =>
        trueShare === undefined ? "" : percent(trueShare),
      ),
      figureColumn("J ÷ optimum", ({ jOverOptimum }) => fourDigits(jOverOptimum)),
    ],
    "  ",
  ),
];

export const signalLines = (figures: SignalFigures): readonly string[] => [
  ...weightLines(figures.lossWeight),
  ...partialLines(figures.partialLosses),
  ...recommendationLines(figures.recommendations),
];
