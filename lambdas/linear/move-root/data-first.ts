/**
 * Brings the data volumes of a Spot Instance that has ended to what takes its place, before that boots from the load's own root: a guest that
 * mounts them at its boot would wait for them, or start without them.
 */
import { attachedInterfaces, attachedParts } from "../../../adapters/aws/ec2/attached.ts";
import { showInstance } from "../../../adapters/aws/ec2/instances.ts";
import { attachVolume, readVolumes } from "../../../adapters/aws/ec2/volumes.ts";
import type { IdentityMove } from "../../../core/decide/linear/identity-plan.ts";
import { alikeCallsAtOnce } from "../../../core/decide/linear/paces.ts";
import type { ChangeOf } from "../../../core/model/intent.ts";
import { perform } from "../../evaluation/perform.ts";
import { assertOriginalRests } from "../guards.ts";
import { nextForVolume } from "../identity/attachable.ts";
import { identityPlan } from "../identity/plan.ts";
import { replacementId, type LinearSession } from "../session.ts";

type VolumeMove = IdentityMove & { readonly change: ChangeOf<"MOVE_VOLUME"> };

const isVolumeMove = (move: IdentityMove): move is VolumeMove => move.change.kind === "MOVE_VOLUME";

const attach = async (session: LinearSession, { id, change }: VolumeMove): Promise<void> => {
  const { volumeId, toInstanceId: instanceId, deviceName } = change;
  await assertOriginalRests(session);
  const { ec2 } = await session.customer();
  await perform(session, {
    intent: { id, change },
    action: "AttachVolume",
    resource: volumeId,
    call: () => attachVolume(ec2, { volumeId, instanceId, deviceName }),
  });
};

/** Undefined where it is attached; else what is waited for, after the call that brings it nearer. */
const bring = async (
  session: LinearSession,
  move: VolumeMove,
  volumes: Parameters<typeof nextForVolume>[1],
): Promise<string | undefined> => {
  const { volumeId } = move.change;
  const next = nextForVolume(move.change, volumes);
  if (next.kind === "IN_PLACE") return undefined;
  if (next.kind === "WAIT") return next.sentence;
  // Nothing is taken from what ends: it lets it go.
  if (next.call.action !== "AttachVolume") return `${volumeId} is still shown where it was.`;
  await attach(session, move);
  return `AttachVolume of ${volumeId} is under way.`;
};

/** Undefined once all are attached; else what must be waited for. */
export const bringDataVolumes = async (session: LinearSession): Promise<string | undefined> => {
  const { ec2 } = await session.customer();
  const instanceId = replacementId(session);
  const shown = await showInstance(ec2, instanceId);
  if (shown === undefined) return `EC2 does not show ${instanceId}.`;
  const attached = attachedParts(shown);
  const missing = (await identityPlan(session, attachedInterfaces(shown)))
    .filter(isVolumeMove)
    .filter(({ change: { volumeId } }) => !attached.has(volumeId));
  if (missing.length === 0) return undefined;
  const volumes = await readVolumes(
    ec2,
    missing.map(({ change: { volumeId } }) => volumeId),
  );
  const waited: string[] = [];
  for (const move of missing.slice(0, alikeCallsAtOnce)) {
    const sentence = await bring(session, move, volumes);
    if (sentence !== undefined) waited.push(sentence);
  }
  return waited[0];
};
