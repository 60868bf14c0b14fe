/**
 * A load with data that leaves a Spot Instance, on its way back or because EC2 has taken that. A one-time Spot Instance can't be stopped, and it
 * holds the newer writes: its end is the freeze, and its root and volumes are taken once EC2 shows it terminated and them `available`. What takes
 * its place is proved as a machine before. From there on there is no way but forward.
 */
import type { InstanceFacts, InstanceState } from "../../model/instance.ts";
import { kindOf, type EvaluationKind } from "../../model/evaluation-kind.ts";
import { noticeMs } from "../../model/spot-status.ts";
import type { Policy } from "../../policy/policy.ts";
import { travellingPrivateIps } from "./travelling-parts.ts";

/** Is what leaves a Spot Instance whose data are taken from it after its end? */
export const takesDataBack = (evaluation: {
  readonly kind?: EvaluationKind;
  readonly policy: Pick<Policy, "consistency">;
}): boolean => kindOf(evaluation) !== "SWITCH" && evaluation.policy.consistency !== "stateless";

/**
 * Private addresses that nobody would hold between the end of the Spot Instance and the moment at which its successor has them: they are
 * on its primary interface, which ends with it, and EC2 may give them to whoever launches next. None: they are all safe.
 */
export const addressesAtRisk = (instance: InstanceFacts): readonly string[] =>
  travellingPrivateIps(instance);

/** A volume as EC2 shows it. */
interface FoundVolume {
  readonly volumeId: string;
  /** As EC2 spells it. */
  readonly state: string;
  readonly attachedTo?: string;
}

export interface FreezeInput {
  /** Of the Spot Instance; undefined once EC2 no longer shows it, an hour after its end. */
  readonly state: InstanceState | undefined;
  readonly instanceId: string;
  /** Who takes its place, and one that was to and is given up. */
  readonly hostIds: readonly string[];
  /** All that it had when it was judged, its root among them. */
  readonly volumeIds: readonly string[];
  /** Those of them that EC2 shows. */
  readonly found: readonly FoundVolume[];
}

export type FreezeJudgement =
  /** Nobody writes to them, and each can be taken, or was taken already. */
  | { readonly kind: "FREE" }
  | { readonly kind: "WAITING"; readonly sentence: string; readonly resource: string }
  /** One that EC2 does not show once its instance has ended may be gone for good. */
  | { readonly kind: "MISSING"; readonly sentence: string; readonly resource: string }
  | { readonly kind: "TAKEN"; readonly sentence: string; readonly resource: string };

/**
 * Whether the data of a Spot Instance that was asked to end, or that EC2 takes back, may be attached elsewhere. An instance that is
 * `shutting-down` may still write.
 */
export const judgeFreeze = (input: FreezeInput): FreezeJudgement => {
  const { state, instanceId, hostIds, volumeIds, found } = input;
  if (state !== undefined && state !== "terminated") {
    return { kind: "WAITING", sentence: `${instanceId} is ${state}.`, resource: instanceId };
  }
  const missing = volumeIds.find((id) => !found.some(({ volumeId }) => volumeId === id));
  if (missing !== undefined) {
    const sentence = `EC2 does not show volume ${missing} of ${instanceId}, which has ended.`;
    return { kind: "MISSING", sentence, resource: missing };
  }
  const others = found.filter(({ attachedTo = "" }) => !hostIds.includes(attachedTo));
  const taken = others.find(
    ({ attachedTo }) => attachedTo !== undefined && attachedTo !== instanceId,
  );
  if (taken !== undefined) {
    const { volumeId, attachedTo = "" } = taken;
    const sentence = `Somebody else attached ${volumeId} of ${instanceId} to ${attachedTo}.`;
    return { kind: "TAKEN", sentence, resource: volumeId };
  }
  const held = others.find((each) => each.attachedTo !== undefined || each.state !== "available");
  return held === undefined
    ? { kind: "FREE" }
    : {
        kind: "WAITING",
        sentence: `${held.volumeId} of ${instanceId} is ${held.state}, and not available yet.`,
        resource: held.volumeId,
      };
};

/**
 * Since when an instance that EC2 has taken back may be down, ISO 8601: two minutes after its request's status, which tells of the notice. One
 * that EC2 took without a notice was down for up to so long before.
 * @param seenAt when it was seen to have ended
 * @param statusSince of its Spot request; undefined where EC2 does not say
 */
export const takenSince = (seenAt: string, statusSince: string | undefined): string => {
  if (statusSince === undefined) return seenAt;
  const endMs = Math.min(Date.parse(seenAt), Date.parse(statusSince) + noticeMs);
  return new Date(endMs).toISOString();
};
