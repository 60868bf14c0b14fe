/** Check node: what the node group, its cluster and the pods on its nodes are, and whether a node of it may be replaced, and now. */
import * as z from "zod";
import { saveFacts } from "../../../adapters/store/evaluations.ts";
import {
  judgeNodesEligibility,
  type NodesEligibility,
} from "../../../core/decide/kubernetes/eligibility.ts";
import { notNow } from "../../../core/decide/switch/not-now.ts";
import { refusal } from "../../../core/decide/switch/objection.ts";
import { kindOf } from "../../../core/model/evaluation-kind.ts";
import type { KubernetesEvaluation, StoredFacts } from "../../../core/model/evaluation.ts";
import type { KubernetesFacts } from "../../../core/model/kubernetes/facts.ts";
import { currentJudgementVersion } from "../../../core/model/judgement-version.ts";
import { nameOf } from "../../../core/model/subject.ts";
import type { Verdict } from "../../../core/model/verdict.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { readModelStanding } from "../../judge/model-standing.ts";
import {
  gateClients,
  gatherFromAws,
  gatherFromCluster,
  gatherTrials,
  type GateSession,
} from "./gather.ts";

type CheckedFacts = StoredFacts<"KUBERNETES"> & Required<Pick<StoredFacts, "riskModel">>;

interface Checked {
  readonly facts: CheckedFacts;
  readonly judged: NodesEligibility;
}

const check = async (session: GateSession): Promise<Checked> => {
  const { context, evaluation, now } = session;
  const riskModel = await readModelStanding(context.table, evaluation.modelVersion);
  const [account, target] = [await session.account(), await session.target()];
  const judge = (found: KubernetesFacts): Checked => {
    const facts = { ...found, observedAt: now.toISOString(), riskModel };
    const judged = judgeNodesEligibility({ account, target, policy: evaluation.policy, facts });
    return { facts, judged };
  };
  let stage = await gatherFromAws(session);
  let checked = judge(stage.facts);
  for (const gather of [gatherFromCluster, gatherTrials]) {
    if (checked.judged.kind !== "ELIGIBLE") return checked;
    stage = await gather(session, stage);
    checked = judge(stage.facts);
  }
  return checked;
};

const verdictOf = (
  { evaluation }: GateSession,
  judged: Exclude<NodesEligibility, { readonly kind: "ELIGIBLE" }>,
  judgedAt: string,
): Verdict => {
  const { modelVersion, policyVersion } = evaluation;
  const by = { modelVersion, judgementVersion: currentJudgementVersion, policyVersion, judgedAt };
  return judged.kind === "NOT_NOW"
    ? notNow({ delays: judged.delays, ...by })
    : refusal({ objections: judged.objections, ...by });
};

export const checkNodeStep = defineEvaluationStep({
  name: "check-node",
  clients: gateClients,
  mode: "KUBERNETES",
  input: evaluationInputSchema,
  output: z.object({ kind: z.enum(["ELIGIBLE", "STAY", "REFUSE"]), summary: z.string() }),
  run: async (session) => {
    const { context, evaluation } = session;
    const [account, target] = [await session.account(), await session.target()];
    const { facts, judged } = await check(session);
    await saveFacts(context.table, evaluation.evaluationId, facts);
    const { externalId: _withheld, ...shown } = account;
    const noteRegistered = (record: KubernetesEvaluation): KubernetesEvaluation => ({
      ...record,
      registered: { account: shown, target },
    });
    if (judged.kind === "ELIGIBLE") {
      const what = kindOf(evaluation) === "SWITCH" ? "be replaced by Spot" : "go back to On-Demand";
      return {
        change: noteRegistered,
        output: {
          kind: "ELIGIBLE" as const,
          summary: `Nodes of ${nameOf(evaluation.subject)} can ${what}.`,
        },
      };
    }
    const verdict = verdictOf(session, judged, facts.observedAt);
    return {
      output: {
        kind: verdict.kind === "STAY" ? ("STAY" as const) : ("REFUSE" as const),
        summary: verdict.sentence,
      },
      change: (record) => ({ ...noteRegistered(record), verdict }),
    };
  },
});
