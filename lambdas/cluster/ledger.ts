/** What the owner of the group asks for, and what of its capacity is our surplus: reckoned at each look, kept in the record. */
import { readActivities } from "../../adapters/aws/autoscaling/group.ts";
import { updateEvaluation } from "../../adapters/store/evaluations.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import { firstLedger, type Ledger, type Reckoning } from "../../core/decide/cluster/capacity.ts";
import { reckonWithAttach, unseenAttach } from "../../core/decide/cluster/hidden-change.ts";
import { reckonWithLeave } from "../../core/decide/cluster/hidden-leave.ts";
import type { LiveGroup } from "../../core/model/group.ts";
import type { Intent } from "../../core/model/intent.ts";
import { withProgress, type ClusterSession } from "./session.ts";

type ReckoningSession = ClusterSession<"autoScaling">;

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

/** Whether what has changed had changed before our attach, which only the group's activities tell: then our surplus stands, and is not its owner's. */
const changeBeforeAttach = async (
  session: ReckoningSession,
  ledger: Ledger,
  { intents, group }: { readonly intents: readonly Intent[]; readonly group: LiveGroup },
): Promise<Reckoning | undefined> => {
  const attach = unseenAttach(ledger, { intents, group });
  if (attach === undefined) return undefined;
  const { autoScaling } = await session.customer();
  const activities = await readActivities(autoScaling, session.evaluation.subject.asgName);
  return reckonWithAttach(ledger, { intents, group, attach }, activities);
};

/** By the group as it was read right before. `since`: of an earlier look of the same step; else the one in the record. */
export const readReckoning = async (
  session: ReckoningSession,
  group: LiveGroup,
  since: Ledger | undefined = session.evaluation.progress.ledger,
): Promise<Reckoning> => {
  const { context, evaluation } = session;
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const ledger = since ?? firstLedger(group);
  const shown = reckonWithLeave(ledger, { intents, group });
  const reckoning =
    shown.change === undefined
      ? shown
      : ((await changeBeforeAttach(session, ledger, { intents, group })) ?? shown);
  if (reckoning.change !== undefined) await noteChange(session, reckoning.ledger);
  return reckoning;
};
