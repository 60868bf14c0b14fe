/** How the budgets stood at one look that protect the pods of a node that is replaced, as the course of its evaluation tells it. */
import type { BudgetPoint } from "../../model/course.ts";
import type { ClusterView } from "../../model/kubernetes/cluster.ts";
import { budgetsOf, nameOfBudget } from "./budgets.ts";
import { isMirror, isOfDaemonSet } from "./pods/kind-of-pod.ts";

export interface BudgetLook {
  readonly view: Pick<ClusterView, "budgets" | "daemonSets" | "pods">;
  readonly node: { readonly name: string };
  /** Of those that are followed already, whether pods of theirs are on the node or not: `namespace/name`. */
  readonly followed: ReadonlySet<string>;
  /** ISO 8601 */
  readonly at: string;
}

/** By the budgets' own status: whoever decides on evictions goes by it. What stays on a node, agents for one, has no say. */
export const budgetPoints = ({ view, node, followed, at }: BudgetLook): readonly BudgetPoint[] => {
  const leaving = view.pods.filter(
    (pod) => pod.nodeName === node.name && !isMirror(pod) && !isOfDaemonSet(pod, view.daemonSets),
  );
  const concerned = new Set(leaving.flatMap((pod) => budgetsOf(pod, view.budgets)));
  return view.budgets
    .filter((budget) => concerned.has(budget) || followed.has(nameOfBudget(budget)))
    .map((budget) => ({
      at,
      name: nameOfBudget(budget),
      allowed: budget.disruptionsAllowed,
      healthy: budget.currentHealthy,
      needed: budget.desiredHealthy,
    }));
};
