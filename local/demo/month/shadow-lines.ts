/** What shadow mode would have saved, by whether there was capacity. */
import { usd } from "../../terminal/figures.ts";
import { figureColumn, table } from "../../terminal/table.ts";
import type { MonthEnding } from "./month-story.ts";

const indent = "  ";

/** Empty where no verdict in shadow mode is settled yet. */
export const shadowRows = ({ savings: { total } }: Pick<MonthEnding, "savings">) => {
  const { shadow } = total;
  return shadow === undefined
    ? []
    : (["proven", "unproven"] as const).map((name) => ({ name, ...shadow[name] }));
};

export const shadowLines = (ending: Pick<MonthEnding, "savings">): readonly string[] =>
  table(
    shadowRows(ending),
    [
      { heading: "Capacity", cell: ({ name }) => name },
      figureColumn("Verdicts", ({ decisions }) => String(decisions)),
      figureColumn("Hours", ({ hours }) => String(hours)),
      figureColumn("Would have saved", ({ saved_usd: saved }) => usd(saved.likely)),
      figureColumn("The best offer more", ({ regret_to_best_usd: more }) => usd(more)),
      figureColumn("Brier: model", ({ brier }) => brier?.model.toFixed(4) ?? "-"),
      figureColumn("base rate", ({ brier }) => brier?.base_rate.toFixed(4) ?? "-"),
    ],
    indent,
  );
