/** What a step saw of the group's capacity, for the course of its evaluation: by what it has read anyway. */
import { listIntents } from "../../adapters/store/intents.ts";
import { firstLedger, type Ledger } from "../../core/decide/cluster/capacity.ts";
import { lackingByUs, shownPoint, wholePoint } from "../../core/decide/cluster/capacity-point.ts";
import { ledgerOfBatch } from "../../core/decide/cluster/hidden-leave.ts";
import type { CapacityPoint } from "../../core/model/course.ts";
import type { LiveGroup } from "../../core/model/group.ts";
import type { ClusterSession } from "./session.ts";

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
