/** Check eligibility: what the instance is, read from the customer's account, and whether it may be switched. */
import { z } from "zod";
import { readTargetGroupsOf } from "../../adapters/aws/elb.ts";
import { readInstanceTypes } from "../../adapters/aws/ec2/market.ts";
import { saveFacts } from "../../adapters/store/evaluations.ts";
import { judgeEligibility } from "../../core/decide/eligibility.ts";
import { refusal } from "../../core/decide/linear-verdict.ts";
import type { Evaluation, EvaluationFacts } from "../../core/model/evaluation.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  type EvaluationSession,
} from "../runtime/evaluation-step.ts";
import { readLiveInstance } from "../runtime/live-instance.ts";

const gatherFacts = async (session: EvaluationSession): Promise<EvaluationFacts> => {
  const observedAt = session.now.toISOString();
  // A disabled account is refused by the decision, and not called.
  if (session.account.status === "DISABLED") return { observedAt };
  const found = await readLiveInstance(session, session.evaluation.instanceId);
  if (found === undefined) return { observedAt };
  const { elb } = await session.customer();
  const instance = { ...found, targetGroups: await readTargetGroupsOf(elb, found.instanceId) };
  const marketEc2 = session.context.marketEc2(session.evaluation.region);
  const [originalType] = await readInstanceTypes(marketEc2, [instance.instanceType]);
  return { observedAt, instance, ...(originalType === undefined ? {} : { originalType }) };
};

export const checkEligibilityStep = defineEvaluationStep({
  name: "check-eligibility",
  input: evaluationInputSchema,
  output: z.object({ kind: z.enum(["ELIGIBLE", "REFUSE"]), summary: z.string() }),
  run: async (session) => {
    const { context, evaluation, account, target } = session;
    const facts = await gatherFacts(session);
    await saveFacts(context.table, evaluation.evaluationId, facts);
    const judged = judgeEligibility({
      account,
      target,
      instance: facts.instance,
      type: facts.originalType,
      policy: evaluation.policy,
    });
    const { externalId: _withheld, ...shown } = account;
    const noteSubject = (record: Evaluation): Evaluation => ({
      ...record,
      subject: { account: shown, target },
    });
    if (judged.kind === "ELIGIBLE") {
      return {
        change: noteSubject,
        output: {
          kind: "ELIGIBLE" as const,
          summary: `${evaluation.instanceId} can be switched (${evaluation.policy.consistency}).`,
        },
      };
    }
    const verdict = refusal({
      findings: judged.findings,
      modelVersion: evaluation.modelVersion,
      policyVersion: evaluation.policyVersion,
      judgedAt: facts.observedAt,
    });
    return {
      output: { kind: "REFUSE" as const, summary: verdict.sentence },
      change: (record) => ({ ...noteSubject(record), verdict }),
    };
  },
});
