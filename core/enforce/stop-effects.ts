/** What a stop would do to an instance besides, and what follows: stopped within the cap, asked for, or reported. */
import type { StopEffect, StopVerdict } from "../model/enforcer.ts";
import type { SeenInstance } from "../model/seen-instance.ts";
import { stackTag } from "./owner-lists.ts";

/**
 * REPORT: EC2 refuses, the owner has refused beforehand, others fall with it, or what it stands in may not come back. ASK: its data or
 * what has made it suffer. TELL: said in the notice. Source: EC2 user guide, "Stop and start your instance".
 */
const follows = {
  ROOT_IN_INSTANCE_STORE: "REPORT",
  TARGETED_RESERVATION: "REPORT",
  DEDICATED_HOST: "REPORT",
  OUTPOST: "REPORT",
  LOCAL_ZONE: "REPORT",
  FORWARDS_TRAFFIC: "REPORT",
  STOP_PROTECTED: "REPORT",
  TERMINATION_PROTECTED: "REPORT",
  ROUTE_TARGET: "REPORT",
  LAST_IN_TARGET_GROUP: "REPORT",
  INSTANCE_STORE_DISKS: "ASK",
  INSTANCE_STORE_UNKNOWN: "ASK",
  CLOUDFORMATION_STACK: "ASK",
  LOSES_PUBLIC_ADDRESS: "TELL",
} as const satisfies Readonly<Record<StopEffect, "REPORT" | "ASK" | "TELL">>;

/** What no list of instances shows, but a call for each of them. */
export const effectsSeenApart = [
  "STOP_PROTECTED",
  "TERMINATION_PROTECTED",
  "ROUTE_TARGET",
  "LAST_IN_TARGET_GROUP",
] as const satisfies readonly StopEffect[];
type EffectSeenApart = (typeof effectsSeenApart)[number];

export const isSeenApart = (effect: StopEffect): effect is EffectSeenApart =>
  effectsSeenApart.some((one) => one === effect);

/** A zone of the region itself has its name and one letter: `us-west-2-lax-1a` is a Local Zone. */
const isInLocalZone = (zoneName: string): boolean =>
  !/^[a-z]{2}-[a-z]+-\d{1,2}[a-z]$/.test(zoneName);

/** `disks`: whether the type has instance-store disks; undefined where it was not read. */
export const effectsOf = (
  instance: SeenInstance,
  disks: boolean | undefined,
): readonly StopEffect[] => {
  const is: Readonly<Partial<Record<StopEffect, boolean>>> = {
    ROOT_IN_INSTANCE_STORE: !instance.hasRootOnEbs,
    TARGETED_RESERVATION: instance.isInTargetedReservation,
    DEDICATED_HOST: instance.isOnDedicatedHost,
    OUTPOST: instance.isOnOutpost,
    LOCAL_ZONE: isInLocalZone(instance.zoneName),
    FORWARDS_TRAFFIC: instance.forwards,
    INSTANCE_STORE_DISKS: disks === true,
    INSTANCE_STORE_UNKNOWN: disks === undefined,
    CLOUDFORMATION_STACK: Object.hasOwn(instance.tags, stackTag),
    LOSES_PUBLIC_ADDRESS: instance.hasLentAddress,
  };
  return (Object.keys(follows) as StopEffect[]).filter((effect) => is[effect] === true);
};

export const verdictOf = (effects: readonly StopEffect[]): StopVerdict => {
  if (effects.some((effect) => follows[effect] === "REPORT")) return "REPORT";
  return effects.some((effect) => follows[effect] === "ASK") ? "ASK" : "STOP";
};
