/** Figures of a told story of a node. */
import type { BudgetHistory, BudgetSample } from "../../lab/pod-ledger.ts";
import type { NodeStoryEnding } from "./node-story.ts";

/** The instant at which fewest pods of the budget were healthy. */
export const leastOf = ({ samples }: BudgetHistory): BudgetSample | undefined =>
  samples.reduce<BudgetSample | undefined>(
    (least, sample) => (least === undefined || sample.healthy < least.healthy ? sample : least),
    undefined,
  );

/** A month's, at the prices of the verdict. Undefined where no node was replaced. */
export const nodeSaving = ({ evaluation }: NodeStoryEnding): number | undefined =>
  evaluation.status === "SWITCHED" ? evaluation.savings?.monthly_usd : undefined;

/** `node 1` … in the order in which they were there; `new node` for one that came. */
export const nodeLabels = ({
  before,
  after,
  moves,
}: NodeStoryEnding): ReadonlyMap<string, string> => {
  const first = before.nodes.map(({ metadata }) => metadata.name);
  const others = [
    ...after.nodes.map(({ metadata }) => metadata.name),
    ...moves.map(({ to }) => to),
  ];
  const added = [...new Set(others)].filter(
    (name): name is string => name !== undefined && !first.includes(name),
  );
  return new Map([
    ...first.map((name, index) => [name, `node ${String(index + 1)}`] as const),
    ...added.map(
      (name, index) => [name, index === 0 ? "new node" : `new node ${String(index + 1)}`] as const,
    ),
  ]);
};
