/** What the owner of the group asks for, and what of its capacity is our surplus: reckoned at each look, kept in the record. */
import { updateEvaluation } from "../../adapters/store/evaluations.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import {
  firstLedger,
  ownCallsOf,
  reckon,
  type Ledger,
  type Reckoning,
} from "../../core/decide/cluster/capacity.ts";
import type { LiveGroup } from "../../core/model/group.ts";
import { withProgress, type ClusterSession } from "./session.ts";

/** Before any further call: a step that dies after one would take what somebody has changed before it for a change of now, and ours for his. */
const noteChange = async (
  { context, evaluation }: ClusterSession,
  ledger: Ledger,
): Promise<void> => {
  await updateEvaluation(context.table, evaluation.evaluationId, (stored) =>
    stored.mode !== "CLUSTER" || stored.endedAt !== undefined
      ? stored
      : withProgress({ ledger })(stored),
  );
};

/** By the group as it was read right before. `since`: of an earlier look of the same step; else the one in the record. */
export const readReckoning = async (
  session: ClusterSession,
  group: LiveGroup,
  since: Ledger | undefined = session.evaluation.progress.ledger,
): Promise<Reckoning> => {
  const { context, evaluation } = session;
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const reckoning = reckon(since ?? firstLedger(group), ownCallsOf(intents, group), group);
  if (reckoning.change !== undefined) await noteChange(session, reckoning.ledger);
  return reckoning;
};
