/** Reads what a person's decision about the conversion of a group rests on. */
import { listIntents } from "../../adapters/store/intents.ts";
import { getTarget } from "../../adapters/store/targets.ts";
import { launchedBy, planGroupResolution } from "../../core/decide/cluster/resolution.ts";
import type { ResolutionPlan } from "../../core/decide/switch/resolution.ts";
import type { ClusterEvaluation } from "../../core/model/evaluation.ts";
import type { GroupWish } from "../../core/model/resolution.ts";
import type { Swap } from "../../core/model/swap.ts";
import type { ApiContext } from "./context.ts";
import { latestBegun, readRegistrations, requireAccount, whyStopped } from "./resolution-facts.ts";

export interface LeftOpenGroup {
  readonly evaluation: ClusterEvaluation;
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
  return planGroupResolution(
    {
      evaluation,
      swaps,
      intents,
      ...latest,
      ...(stopped === undefined ? {} : { stopped }),
      targetGroup: target?.pipelineMode === "CLUSTER" ? target.group.asgName : undefined,
      registeredElsewhere,
    },
    wish,
  );
};
