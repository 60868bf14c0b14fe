/** The figures of the waste scanner as a table, with what was aimed at. */
import { figureColumn, table } from "../terminal/table.ts";
import { verdict, whole } from "./verdict.ts";
import { wasteAims, type WasteFigures } from "./waste.ts";

export const wasteReport = (figures: WasteFigures): string =>
  [
    `A scan for waste: aim ≤ ${String(wasteAims.pages)} calls for the lists of 10,000 resources, then ≤ ${String(wasteAims.lookUpsPerCandidate)} look-ups of each candidate before it is shown`,
    "",
    ...table(
      [figures],
      [
        figureColumn("resources", ({ resources }) => whole(resources)),
        figureColumn("calls for lists", ({ pages }) => whole(pages)),
        figureColumn("aim", ({ meets }) => verdict(meets.pages)),
        figureColumn("candidates", ({ candidates }) => whole(candidates)),
        figureColumn("look-ups", ({ lookUps }) => whole(lookUps)),
        figureColumn("of each", ({ lookUpsPerCandidate }) => lookUpsPerCandidate.toFixed(2)),
        figureColumn("aim", ({ meets }) => verdict(meets.lookUps)),
      ],
    ),
    "",
    ...table(
      Object.entries(figures.callsByOperation).map(([operation, calls]) => ({ operation, calls })),
      [
        { heading: "calls of two days", cell: ({ operation }) => operation },
        figureColumn("calls", ({ calls }) => whole(calls)),
      ],
    ),
  ].join("\n");
