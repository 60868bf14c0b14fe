/** What a step saw of the group's capacity, for the course of its evaluation: by what it has read anyway. */
import { listIntents } from "../../adapters/store/intents.ts";
import { firstLedger, type Ledger } from "../../core/decide/cluster/capacity.ts";
import { lackingByUs, shownPoint, wholePoint } from "../../core/decide/cluster/capacity-point.ts";
import { ledgerOfBatch, reckonWithLeave } from "../../core/decide/cluster/hidden-leave.ts";
import type { CapacityPoint } from "../../core/model/course.ts";
import type { LiveGroup } from "../../core/model/group.ts";
import type { Intent } from "../../core/model/intent.ts";
import { openPairs } from "../../core/decide/cluster/undo/pairs.ts";
import type { ClusterSession, LiveSession } from "./session.ts";

const nowOf = ({ context }: ClusterSession): string => context.now().toISOString();

/** Of a look that asked the group alone. */
export const seenShown = (
  session: ClusterSession,
  group: LiveGroup,
  { asked }: Pick<Ledger, "asked">,
): CapacityPoint => shownPoint({ group, asked, at: nowOf(session) });

/** Of a look that asked the group, EC2 and the balancers. By whom members are missing is found out where some are. */
export const seenWhole = async (
  session: ClusterSession,
  group: LiveGroup,
  { asked }: Pick<Ledger, "asked">,
): Promise<CapacityPoint> => {
  const { context, evaluation, swaps } = session;
  const point = wholePoint({ group, asked, at: nowOf(session) });
  if (point.serving === undefined || point.serving >= asked) return point;
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const byUs = lackingByUs({ asked }, group, { intents, swaps });
  return byUs === 0 ? point : { ...point, lackingByUs: byUs };
};

/**
 * Of a look of an undo, whose readings differ: with the batch's pairs under way it asked the group, EC2 and the balancers, afterwards the group alone. What our
 * attaches have added is not asked for, as long as it stands.
 */
export const seenInUndo = (
  { context, evaluation, swaps }: LiveSession,
  group: LiveGroup,
  intents: readonly Intent[],
): CapacityPoint => {
  const at = context.now().toISOString();
  const last = evaluation.progress.ledger ?? firstLedger(group);
  const { asked } = reckonWithLeave(last, { intents, group }).ledger;
  if (openPairs(intents).length === 0) return shownPoint({ group, asked, at });
  const point = wholePoint({ group, asked, at });
  const byUs = lackingByUs({ asked }, group, { intents, swaps });
  return byUs === 0 ? point : { ...point, lackingByUs: byUs };
};

/** Between batches: nothing of what earlier ones have added is ours any longer. */
export const seenBeforeBatch = async (
  session: ClusterSession,
  group: LiveGroup,
): Promise<CapacityPoint> => {
  const { context, evaluation } = session;
  const { ledger } = evaluation.progress;
  if (ledger === undefined) return seenWhole(session, group, firstLedger(group));
  const intents = await listIntents(context.table, evaluation.evaluationId);
  return seenWhole(session, group, ledgerOfBatch(ledger, { intents, group }));
};
