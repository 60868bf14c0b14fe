/** What the owner of the group asks for, and what of its capacity is our surplus: reckoned at each look, kept in the record. */
import { listIntents } from "../../adapters/store/intents.ts";
import {
  firstLedger,
  ownCallsOf,
  reckon,
  type Ledger,
  type Reckoning,
} from "../../core/decide/cluster/capacity.ts";
import type { LiveGroup } from "../../core/model/group.ts";
import type { ClusterSession } from "./session.ts";

/** By the group as it was read right before. `since`: of an earlier look of the same step; else the one in the record. */
export const readReckoning = async (
  { context, evaluation }: ClusterSession,
  group: LiveGroup,
  since: Ledger | undefined = evaluation.progress.ledger,
): Promise<Reckoning> => {
  const intents = await listIntents(context.table, evaluation.evaluationId);
  return reckon(since ?? firstLedger(group), ownCallsOf(intents, group), group);
};
