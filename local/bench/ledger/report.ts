/** The ledger beside the bill, a line for each simulated month. */
import { figureColumn, table } from "../../terminal/table.ts";
import { verdict } from "../verdict.ts";
import { ledgerAim, type Reconciled } from "./reconcile.ts";

const usd = (amount: number | undefined): string => (amount ?? 0).toFixed(4);

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
      figureColumn("billed USD", ({ billedUsd }) => usd(billedUsd)),
      figureColumn("stated", ({ statedUsd }) => usd(statedUsd)),
      figureColumn("difference", ({ difference }) => `${(difference * 100).toFixed(4)} %`),
      figureColumn("aim", ({ meets }) => verdict(meets)),
      { heading: "what happened", cell: happenedIn },
    ]),
  ].join("\n");
