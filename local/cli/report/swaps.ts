/** Tells who takes whose place in a group, or among nodes. */
import { figureColumn, type Column } from "../../terminal/table.ts";
import type { Schemas } from "../api/client.ts";

export const swapColumns: readonly Column<Schemas["Swap"]>[] = [
  figureColumn("Batch", ({ batch }) => String(batch ?? "")),
  { heading: "Original", cell: (swap) => swap.original_id },
  { heading: "Stage", cell: ({ stage }) => stage },
  { heading: "Replacement", cell: ({ replacement }) => replacement?.instance_id ?? "" },
  {
    heading: "Pool",
    cell: ({ replacement }) =>
      replacement === undefined
        ? ""
        : `${replacement.pool.instance_type} in ${replacement.pool.zone_id}`,
  },
];
