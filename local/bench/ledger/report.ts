/** The ledger beside the bill, a line for each simulated month. */
import { figureColumn, table } from "../../terminal/table.ts";
import { verdict } from "../verdict.ts";
import { ledgerAim, type Reconciled } from "./reconcile.ts";

const usd = (amount: number): string => amount.toFixed(4);

const happenedIn = ({ happened }: Reconciled): string =>
  Object.entries(happened)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([what, count]) => `${String(count)} ${what}`)
    .join(", ");

export const ledgerReport = (months: readonly Reconciled[]): string =>
  [
    `The savings ledger beside the bill: aim ≤ ${String(ledgerAim * 100)} % of what is billed, in each month`,
    "",
    ...table(months, [
      figureColumn("seed", ({ seed }) => String(seed)),
      figureColumn("billed USD", ({ paid }) => usd(paid.billed)),
      figureColumn("stated", ({ paid }) => usd(paid.stated)),
      figureColumn("without us", ({ would }) => usd(would.billed)),
      figureColumn("stated", ({ would }) => usd(would.stated)),
      figureColumn("kept", ({ kept }) => usd(kept.billed)),
      figureColumn("at least", ({ kept }) => usd(kept.least)),
      figureColumn("at most", ({ kept }) => usd(kept.most)),
      figureColumn("difference", ({ difference }) => `${(difference * 100).toFixed(4)} %`),
      figureColumn("aim", ({ meets }) => verdict(meets)),
      { heading: "what happened", cell: happenedIn },
    ]),
  ].join("\n");
