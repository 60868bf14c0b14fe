/** Gathers what a recovery is judged on: what became of the Spot Instance, and what our records keep of the launch that made it. */
import { readSpotHealth, readSpotStatusSince } from "../../../adapters/aws/ec2/health.ts";
import { downSince, takenOf, tellTaken } from "../../../core/decide/linear/recovery.ts";
import { isTakenByPool } from "../../../core/decide/switch/health.ts";
import { isAskedFor, type LinearFacts, type Loss } from "../../../core/model/evaluation.ts";
import type { InstanceHealth } from "../../../core/model/instance.ts";
import type { Pool } from "../../../core/model/market.ts";
import { rememberTaken } from "../../evaluation/remember-taken.ts";
import { findLastLaunch } from "../last-launch.ts";
import type { LinearSession } from "../session.ts";

const lossOf = async (
  session: LinearSession,
  health: InstanceHealth,
  pool: Pool,
): Promise<Loss | undefined> => {
  const taken = takenOf(health);
  if (taken === undefined) return undefined;
  const { context, evaluation } = session;
  const { ec2 } = await session.customer();
  const { instanceId } = evaluation.subject;
  const statusSince = await readSpotStatusSince(ec2, instanceId);
  return {
    ...taken,
    downSince: downSince(taken, { seenAt: context.now().toISOString(), statusSince }),
    sentence: tellTaken(health),
    pool,
    ...(isAskedFor(evaluation) && { isAskedFor: true }),
  };
};

/** The pool is remembered before offers are judged. What an owner ended, or an experiment, says nothing of it. */
const rememberLoss = async (
  session: LinearSession,
  health: InstanceHealth,
  pool: Pool,
): Promise<void> => {
  if (!isTakenByPool(health)) return;
  const { instanceId } = session.evaluation.subject;
  await rememberTaken(session, { pool, instanceId });
};

export const gatherLost = async (session: LinearSession): Promise<Partial<LinearFacts>> => {
  const { context, evaluation } = session;
  const { instanceId } = evaluation.subject;
  const last = await findLastLaunch(context.table, { targetId: evaluation.targetId, instanceId });
  if (last === undefined) return {};
  const { ec2 } = await session.customer();
  const health = await readSpotHealth(ec2, instanceId);
  const lost = await lossOf(session, health, last.pool);
  if (lost !== undefined) await rememberLoss(session, health, last.pool);
  const { placedBy, instance, originalType } = last;
  return {
    placedBy,
    ...(lost === undefined ? {} : { lost }),
    ...(originalType === undefined ? {} : { originalType }),
    ...(instance === undefined
      ? {}
      : { instance: { ...instance, state: health.state ?? "terminated" } }),
  };
};
