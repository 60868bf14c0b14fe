/** Check node: what the node group, its cluster and the pods on its nodes are, and whether a node of it may be replaced, and now. */
import { saveFacts } from "../../../adapters/store/evaluations.ts";
import {
  judgeNodesEligibility,
  type NodesEligibility,
} from "../../../core/decide/kubernetes/eligibility.ts";
import { kindOf } from "../../../core/model/evaluation-kind.ts";
import type { StoredFacts } from "../../../core/model/evaluation.ts";
import type { KubernetesFacts } from "../../../core/model/kubernetes/facts.ts";
import { nameOf } from "../../../core/model/subject.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { answerOfGate, gateOutputSchema } from "../../evaluation/gate-answer.ts";
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

export const checkNodeStep = defineEvaluationStep({
  name: "check-node",
  clients: gateClients,
  mode: "KUBERNETES",
  input: evaluationInputSchema,
  output: gateOutputSchema,
  run: async (session) => {
    const { context, evaluation } = session;
    const { facts, judged } = await check(session);
    await saveFacts(context.table, evaluation.evaluationId, facts);
    const what = kindOf(evaluation) === "SWITCH" ? "be replaced by Spot" : "go back to On-Demand";
    const eligible = `Nodes of ${nameOf(evaluation.subject)} can ${what}.`;
    return answerOfGate(session, judged, { judgedAt: facts.observedAt, eligible });
  },
});
