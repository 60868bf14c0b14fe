/** What is another after a conversion of a group, for who agrees to it. */
import type { Policy } from "../../policy/policy.ts";

export const changesOfGroup = ({
  batchSize,
  onDemandBase,
  keepOriginalsHours,
}: Policy): readonly string[] => [
  `members are replaced, ${String(batchSize)} at a time; ${String(onDemandBase)} stay On-Demand`,
  keepOriginalsHours > 0
    ? `originals are kept stopped for ${String(keepOriginalsHours)} h`
    : "originals are terminated through the group",
];
