/** Reads what a person's decision about the conversion of a group, or about nodes of a node group, rests on. */
import { listIntents } from "../../adapters/store/intents.ts";
import { getTarget } from "../../adapters/store/targets.ts";
import { planGroupResolution } from "../../core/decide/cluster/resolution.ts";
import { planNodeResolution } from "../../core/decide/kubernetes/resolution.ts";
import type { ResolutionPlan } from "../../core/decide/switch/resolution.ts";
import {
  launchedBy,
  type SwapsResolutionFacts,
} from "../../core/decide/switch/resolution-of-swaps.ts";
import type { ClusterEvaluation, KubernetesEvaluation } from "../../core/model/evaluation.ts";
import type { GroupWish } from "../../core/model/resolution.ts";
import { nameOf, nodeGroupSubject } from "../../core/model/subject.ts";
import type { Swap } from "../../core/model/swap.ts";
import type { ApiContext } from "./context.ts";
import { latestBegun, readRegistrations, requireAccount, whyStopped } from "./resolution-facts.ts";

export interface LeftOpenGroup {
  readonly evaluation: ClusterEvaluation | KubernetesEvaluation;
  readonly swaps: readonly Swap[];
  readonly wish: GroupWish;
}

export const readGroupPlan = async (
  context: ApiContext,
  { evaluation, swaps, wish }: LeftOpenGroup,
): Promise<ResolutionPlan> => {
  const { evaluationId, targetId } = evaluation;
  const account = await requireAccount(context, evaluation);
  const intents = await listIntents(context.table, evaluationId);
  const [target, stopped, latest, registeredElsewhere] = await Promise.all([
    getTarget(context.table, targetId),
    whyStopped(context, account),
    latestBegun(context, evaluation),
    readRegistrations(context, targetId, launchedBy(intents)),
  ]);
  const facts: Omit<SwapsResolutionFacts, "evaluation"> = {
    swaps,
    intents,
    ...latest,
    ...(stopped === undefined ? {} : { stopped }),
    registeredElsewhere,
  };
  if (evaluation.mode === "CLUSTER") {
    const targetGroup = target?.pipelineMode === "CLUSTER" ? target.group.asgName : undefined;
    return planGroupResolution({ ...facts, evaluation, targetGroup }, wish);
  }
  const targetGroup =
    target?.pipelineMode === "KUBERNETES" ? nameOf(nodeGroupSubject(target)) : undefined;
  return planNodeResolution({ ...facts, evaluation, targetGroup }, wish);
};
