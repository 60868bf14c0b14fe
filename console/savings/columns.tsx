/** A target's month, in the columns that the ledger's terms have. */
import type { Schemas } from "../api/types.ts";
import { TargetLink } from "../fleet/target-name.tsx";
import { accountId, monthlyUsd, none } from "../format.ts";
import type { TableColumn } from "../ui/table.tsx";
import { otherCosts } from "./steps.ts";
import { netText } from "./waterfall.tsx";

type TargetMonth = Schemas["TargetSavings"];

const named = ["double_running", "kept", "reservations"] as const;

const costColumn = (name: (typeof named)[number], heading: string): TableColumn<TargetMonth> => ({
  id: name,
  heading,
  align: "right",
  cell: ({ terms }) => <span title={terms[name].source}>{monthlyUsd(terms[name].usd)}</span>,
  sortKey: ({ terms }) => terms[name].usd,
  firstDirection: "descending",
});

const shadowOf = ({ shadow }: TargetMonth): number | null =>
  shadow === undefined ? null : shadow.proven.saved_usd.likely;

export const savingsColumns: readonly TableColumn<TargetMonth>[] = [
  {
    id: "target",
    heading: "Target",
    cell: ({ target_id: id, account_id: account }) => (
      <>
        <TargetLink id={id} />
        <br />
        <span class="muted">{accountId(account)}</span>
      </>
    ),
    sortKey: ({ target_id: id }) => id,
  },
  {
    id: "gross",
    heading: "Gross",
    align: "right",
    cell: ({ gross_usd: gross }) => monthlyUsd(gross),
    sortKey: ({ gross_usd: gross }) => gross,
    firstDirection: "descending",
  },
  costColumn("double_running", "Double running"),
  costColumn("kept", "Volumes, images"),
  costColumn("reservations", "Reservations"),
  {
    id: "other",
    heading: "Other",
    align: "right",
    cell: (month) => (
      <span title="Public addresses, bytes between zones, what a Savings Plan would have paid, this product">
        {monthlyUsd(otherCosts(month, named))}
      </span>
    ),
    sortKey: (month) => otherCosts(month, named),
    firstDirection: "descending",
  },
  {
    id: "net",
    heading: "Net, realised",
    align: "right",
    cell: (month) => <b>{netText(month)}</b>,
    sortKey: ({ net_usd: net }) => net.low,
    firstDirection: "descending",
  },
  {
    id: "shadow",
    heading: "Shadow, estimated",
    align: "right",
    cell: (month) => {
      const shadow = shadowOf(month);
      return shadow === null ? none : <span class="shadow">{monthlyUsd(shadow)}</span>;
    },
    sortKey: shadowOf,
    firstDirection: "descending",
  },
];
