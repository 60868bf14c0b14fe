/** What verdicts in shadow mode would have saved, as the API tells it. */
import { usdOf } from "../../../core/ledger/money.ts";
import { brierOf } from "../../../core/ledger/shadow-month.ts";
import {
  unscoredReasons,
  type ShadowMonth,
  type ShadowSums,
} from "../../../core/model/ledger/shadow.ts";
import * as z from "../zod.ts";

const usdField = (description: string) =>
  z.number().meta({ description: `${description} US dollars, six digits.`, example: 12.345678 });

const count = (description: string) => z.int().meta({ description });

const sumsSchema = z
  .strictObject({
    decisions: count("Verdicts that were scored; of a group or of nodes each that was to go."),
    hours: z.number().meta({ description: "Of their horizons together." }),
    exposed_hours: z.number().meta({
      description: "Of these, in which an instance of a PROD account really ran in the very pool.",
    }),
    saved_usd: z
      .strictObject({
        low: usdField("At the upper end of the chances of a loss."),
        likely: usdField("At their likely values."),
        high: usdField("At their lower ends."),
        median: usdField("Of each verdict the likelier of its outcomes."),
      })
      .meta({ description: "Net, by the prices that came, with all that switches cost." }),
    regret_to_best_usd: usdField("The best of the offers of each would have saved so much more."),
    regret_to_stay_usd: usdField("Staying would have cost so much less, where it would have."),
    brier: z
      .strictObject({
        decisions: count("Verdicts of which it is known whether their pool was lost."),
        model: z.number().meta({ description: "Mean of (predicted − came)²: 0 is perfect." }),
        base_rate: z.number().meta({
          description: "The same of always predicting the share that came: a model must be below.",
        }),
      })
      .exactOptional()
      .meta({ description: "Absent: of none it is known." }),
  })
  .meta({ id: "ShadowSums", description: "Of verdicts in shadow mode, each scored once." });

const unscoredSchema = z
  .strictObject(
    Object.fromEntries(unscoredReasons.map((reason) => [reason, count("Verdicts.")])) as Record<
      (typeof unscoredReasons)[number],
      ReturnType<typeof count>
    >,
  )
  .meta({
    description:
      "Verdicts without a score, of a group or of nodes each that was to go. NOT_ONE_INSTANCE: of a group or of nodes, judged by a release that did not write down who was to go where. NOT_FROM_ON_DEMAND: it stood on Spot already, or was to go back. FACTS_MISSING: its facts or offers are gone. NO_PRICE: a part of its horizon has no price.",
  });

export const shadowSchema = z
  .strictObject({
    proven: sumsSchema,
    unproven: sumsSchema,
    unscored: unscoredSchema,
  })
  .meta({
    id: "ShadowSavings",
    description:
      "What shadow mode would have saved. `proven`, the headline: an instance was launched in the very pool within an hour of the verdict, so there was capacity. `unproven`: nobody knows.",
  });

const dollars = (nanoUsd: bigint): number => Number(usdOf(nanoUsd));

const sumsJson = (sums: ShadowSums): z.infer<typeof sumsSchema> => {
  const brier = brierOf(sums);
  return {
    decisions: sums.decisions,
    hours: sums.hours,
    exposed_hours: sums.exposedHours,
    saved_usd: {
      low: dollars(sums.lowNanoUsd),
      likely: dollars(sums.likelyNanoUsd),
      high: dollars(sums.highNanoUsd),
      median: dollars(sums.medianNanoUsd),
    },
    regret_to_best_usd: dollars(sums.regretToBestNanoUsd),
    regret_to_stay_usd: dollars(sums.regretToStayNanoUsd),
    ...(brier !== undefined && {
      brier: { decisions: sums.known, model: brier.model, base_rate: brier.baseRate },
    }),
  };
};

export const shadowJson = ({
  proven,
  unproven,
  unscored,
}: Pick<ShadowMonth, "proven" | "unproven" | "unscored">): z.infer<typeof shadowSchema> => ({
  proven: sumsJson(proven),
  unproven: sumsJson(unproven),
  unscored: { ...unscored },
});
