/**
 * Heeds a rebalance recommendation where the target's policy says so: it is evaluated at once. What is started moves by its own rules, with time: the
 * original stays until its replacement has proved itself.
 */
import { judgeRecommendation, type Heeding } from "../../../core/decide/switch/recommendation.ts";
import { recommendationStarter } from "../../../core/model/starter.ts";
import type { SpotEventOf } from "../../../core/model/spot-event.ts";
import type { Target } from "../../../core/model/target.ts";
import { effectivePolicy } from "../../../core/policy/policy.ts";
import { startEvaluation, type StartContext, type StartResult } from "../../evaluation/start.ts";
import { readServed, type Known, type NotServed } from "./served.ts";

export type Heeded =
  | Exclude<Heeding, "HEEDED">
  | NotServed
  | StartResult["kind"]
  /** An evaluation a moment ago. */
  | "JUDGED_LATELY";

/** The time between two sweeps: EC2 may repeat a recommendation each minute. */
const judgedEachMs = 15 * 60_000;

const wasJudgedLately = ({ lastEvaluatedAt }: Target, now: Date): boolean =>
  lastEvaluatedAt !== undefined && now.getTime() - Date.parse(lastEvaluatedAt) < judgedEachMs;

/** @throws what the table or Step Functions answers: the message comes again */
export const heed = async (
  context: StartContext,
  event: SpotEventOf<"REBALANCE_RECOMMENDATION">,
  known: Known,
): Promise<Heeded> => {
  const served = await readServed(context, event, known);
  if (typeof served === "string") return served;
  const { target, instance } = served;
  const { pipelineMode, policyOverrides, lastSwitchAt } = target;
  const now = context.now();
  const heeding = judgeRecommendation({
    policy: effectivePolicy(pipelineMode, policyOverrides),
    launchedAt: instance.launchedAt,
    at: now.toISOString(),
    // Members of a group come and go by themselves: its evaluation knows which of them a switch has brought.
    ...(pipelineMode === "LINEAR" && lastSwitchAt !== undefined && { broughtAt: lastSwitchAt }),
  });
  if (heeding !== "HEEDED") return heeding;
  if (wasJudgedLately(target, now)) return "JUDGED_LATELY";
  const started = await startEvaluation(context, { target, startedBy: recommendationStarter });
  return started.kind;
};
