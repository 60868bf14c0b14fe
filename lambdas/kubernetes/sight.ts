/** What a step saw of the budgets that protect pods of the node that goes, for the course of its evaluation: by what it has read anyway. */
import { budgetPoints } from "../../core/decide/kubernetes/budget-points.ts";
import type { BudgetPoint } from "../../core/model/course.ts";
import type { ClusterView } from "../../core/model/kubernetes/cluster.ts";
import { courseSeen } from "../evaluation/sight.ts";
import type { KubernetesSession } from "./session.ts";

export interface BudgetSight {
  /** One more look, at the instant at which it is told. */
  readonly see: (view: ClusterView) => void;
  /** What was seen since the invocation began, in order of time. */
  readonly seen: () => { readonly budgets: readonly BudgetPoint[] };
}

/** Budgets that were followed once are followed on: their pods come up elsewhere. */
export const openSight = (
  { context, stored }: KubernetesSession,
  node: { readonly name: string },
): BudgetSight => {
  const budgets: BudgetPoint[] = [];
  const before = courseSeen(stored.items, context.log).budgets;
  return {
    see: (view) => {
      const followed = new Set([...before, ...budgets].map(({ name }) => name));
      const at = context.now().toISOString();
      budgets.push(...budgetPoints({ view, node, followed, at }));
    },
    seen: () => ({ budgets }),
  };
};
