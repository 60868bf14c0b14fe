/** Gathers what a recovery is judged on: what became of the Spot Instance, and what our records keep of the launch that made it. */
import { readSpotHealth, readSpotStatusSince } from "../../../adapters/aws/ec2/health.ts";
import { readVolumes } from "../../../adapters/aws/ec2/volumes.ts";
import { takesDataBack } from "../../../core/decide/linear/data-way-back.ts";
import { downSince, takenOf, tellTaken } from "../../../core/decide/linear/recovery.ts";
import { isTakenByPool } from "../../../core/decide/switch/health.ts";
import { isAskedFor, type LinearFacts } from "../../../core/model/evaluation.ts";
import type { InstanceFacts, InstanceHealth } from "../../../core/model/instance.ts";
import type { Loss } from "../../../core/model/loss.ts";
import type { Pool } from "../../../core/model/market.ts";
import type { SharedHealth } from "../../../core/model/shared-reading.ts";
import { readLiveInstance } from "../../evaluation/live-instance.ts";
import { rememberTaken } from "../../evaluation/remember-taken.ts";
import { readSharedHealth } from "../../evaluation/shared-reading.ts";
import { untilShown } from "../../evaluation/until-shown.ts";
import { findLastLaunch, type LastLaunch } from "../last-launch.ts";
import type { LinearSession } from "../session.ts";

/** Of one of many by what was read for all, where that tells of its end: what does not is read by itself. */
const readLost = async (session: LinearSession, causedAt: string): Promise<SharedHealth> => {
  const { instanceId } = session.evaluation.subject;
  const shared = await readSharedHealth(session, { instanceId, causedAt });
  if (shared !== undefined && takenOf(shared) !== undefined) return shared;
  const { ec2 } = await session.customer();
  return readSpotHealth(ec2, instanceId);
};

/** Nothing rests on what was told of it, and its two minutes are not to pass because EC2 shows it some seconds later. */
const readTold = (session: LinearSession): Promise<SharedHealth> => {
  let causedAt = session.evaluation.startedAt;
  const read = async (): Promise<SharedHealth> => {
    const health = await readLost(session, causedAt);
    causedAt = session.context.now().toISOString();
    return health;
  };
  return untilShown(session, read, (health) => takenOf(health) !== undefined);
};

const lossOf = async (
  session: LinearSession,
  health: SharedHealth,
  { pool, bootSeconds }: LastLaunch,
): Promise<Loss | undefined> => {
  const taken = takenOf(health);
  if (taken === undefined) return undefined;
  const { context, evaluation } = session;
  const { ec2 } = await session.customer();
  const { instanceId } = evaluation.subject;
  const statusSince = health.spotStatusSince ?? (await readSpotStatusSince(ec2, instanceId));
  return {
    ...taken,
    downSince: downSince(taken, { seenAt: context.now().toISOString(), statusSince }),
    sentence: tellTaken(health),
    pool,
    ...(bootSeconds > 0 && { bootSeconds }),
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

/** Where it stood last, and on which root volume. A volume that EC2 does not show is waited for later, before it is taken. */
const onLastRoot = async (
  session: LinearSession,
  instance: InstanceFacts,
  { pool: { zoneId }, rootVolumeId }: LastLaunch & { readonly rootVolumeId: string },
): Promise<InstanceFacts> => {
  const { ec2 } = await session.customer();
  const [found] = await readVolumes(ec2, [rootVolumeId]);
  const { zoneName = instance.zoneName, encrypted } = found ?? {};
  return {
    ...instance,
    zoneId,
    zoneName,
    volumes: instance.volumes.map((volume) =>
      volume.isRoot
        ? { ...volume, volumeId: rootVolumeId, zoneName, encrypted: encrypted ?? volume.encrypted }
        : volume,
    ),
  };
};

/** What its owner has attached since the switch, or taken from it, EC2 tells while it runs. */
const withShownVolumes = async (
  session: LinearSession,
  instance: InstanceFacts,
): Promise<InstanceFacts | undefined> => {
  const shown = await readLiveInstance(session, instance.instanceId);
  return shown?.volumes.some(({ isRoot }) => isRoot) === true
    ? { ...instance, zoneId: shown.zoneId, zoneName: shown.zoneName, volumes: shown.volumes }
    : undefined;
};

/** Undefined where nothing says enough to launch it anew: of a load with data, which root volume it had. */
const lastKnown = async (
  session: LinearSession,
  { instance, rootVolumeId, ...last }: LastLaunch,
  { state }: InstanceHealth,
): Promise<InstanceFacts | undefined> => {
  if (instance === undefined || !takesDataBack(session.evaluation)) return instance;
  const shown = state === "running" ? await withShownVolumes(session, instance) : undefined;
  if (shown !== undefined || rootVolumeId === undefined) return shown;
  return onLastRoot(session, instance, { ...last, rootVolumeId });
};

export const gatherLost = async (session: LinearSession): Promise<Partial<LinearFacts>> => {
  const { context, evaluation } = session;
  const { instanceId } = evaluation.subject;
  const last = await findLastLaunch(context.table, { targetId: evaluation.targetId, instanceId });
  if (last === undefined) return {};
  const health = await readTold(session);
  const lost = await lossOf(session, health, last);
  if (lost !== undefined) await rememberLoss(session, health, last.pool);
  const { placedBy, originalType } = last;
  const instance = await lastKnown(session, last, health);
  return {
    placedBy,
    ...(lost === undefined ? {} : { lost }),
    ...(originalType === undefined ? {} : { originalType }),
    ...(instance === undefined
      ? {}
      : { instance: { ...instance, state: health.state ?? "terminated" } }),
  };
};
