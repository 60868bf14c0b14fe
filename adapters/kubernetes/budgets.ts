/** Disruption budgets of a cluster. */
import type { V1PodDisruptionBudget } from "@kubernetes/client-node/dist/gen/index.js";
import type { BudgetFacts } from "../../core/model/kubernetes/budget.ts";
import { withoutUndefined } from "../aws/without-undefined.ts";
import type { KubernetesClient } from "./client.ts";
import { readList } from "./lists.ts";
import { conditionsOf, identityOf, selectorOf, told } from "./objects.ts";

type Figures = Pick<
  BudgetFacts,
  "disruptionsAllowed" | "currentHealthy" | "desiredHealthy" | "expectedPods"
>;

/** One that its controller has not looked at allows nothing, as the server takes it. */
const figuresOf = ({ status }: V1PodDisruptionBudget): Figures => {
  const shown: { readonly [Figure in keyof Figures]?: number | undefined } = status ?? {};
  const {
    disruptionsAllowed = 0,
    currentHealthy = 0,
    desiredHealthy = 0,
    expectedPods = 0,
  } = shown;
  return { disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods };
};

const budgetFacts = (budget: V1PodDisruptionBudget): BudgetFacts => {
  const { metadata, spec, status } = budget;
  const { name } = identityOf(metadata, "a disruption budget");
  return withoutUndefined({
    namespace: told(metadata?.namespace, `the namespace of budget ${name}`),
    name,
    selector: selectorOf(spec?.selector),
    minAvailable: spec?.minAvailable,
    maxUnavailable: spec?.maxUnavailable,
    unhealthyPodEvictionPolicy: spec?.unhealthyPodEvictionPolicy,
    generation: told(metadata?.generation, `the generation of budget ${name}`),
    observedGeneration: status?.observedGeneration,
    ...figuresOf(budget),
    conditions: conditionsOf(status?.conditions),
  });
};

/** Of all namespaces. */
export const listBudgets = async (client: KubernetesClient): Promise<readonly BudgetFacts[]> => {
  const budgets = await readList(client, { action: "ListPodDisruptionBudgets" }, (page) =>
    client.policy.listPodDisruptionBudgetForAllNamespaces(page),
  );
  return budgets.map(budgetFacts);
};

/** Of one namespace. */
export const listBudgetsIn = async (
  client: KubernetesClient,
  namespace: string,
): Promise<readonly BudgetFacts[]> => {
  const about = { action: "ListPodDisruptionBudgets", resource: `namespace ${namespace}` };
  const budgets = await readList(client, about, (page) =>
    client.policy.listNamespacedPodDisruptionBudget({ ...page, namespace }),
  );
  return budgets.map(budgetFacts);
};
