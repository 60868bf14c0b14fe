/** Finds out whether a person is needed: what a roll-back may not move stands on a new node, and its owner's budget lets none go. */
import { isOver, isTerminating, type Pdb, type Pod } from "../../cloud/kubernetes/objects.ts";
import { selects } from "../../cloud/kubernetes/selectors.ts";
import type { NodeLab } from "../../lab/node-lab.ts";

const holds = ({ metadata, spec, status }: Pdb, pod: Pod): boolean =>
  metadata.namespace === pod.metadata.namespace &&
  status?.disruptionsAllowed === 0 &&
  selects(spec.selector, pod.metadata.labels);

/** By the cluster as it is at the end, whatever the product says of it. */
export const isHeldByBudget = ({
  cluster,
  before,
}: Pick<NodeLab, "cluster" | "before">): boolean => {
  const { control } = cluster.kubernetes;
  const old = new Set(before.nodes.map(({ metadata }) => metadata.uid));
  const fresh = new Set(
    control
      .list("nodes")
      .filter(({ metadata }) => !old.has(metadata.uid))
      .map(({ metadata }) => metadata.name),
  );
  const budgets = control.list("poddisruptionbudgets");
  return control
    .list("pods")
    .some(
      (pod) =>
        fresh.has(pod.spec.nodeName ?? "") &&
        !isOver(pod) &&
        !isTerminating(pod) &&
        budgets.some((budget) => holds(budget, pod)),
    );
};
