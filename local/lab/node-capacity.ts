/**
 * The capacity of a node group and of the Spot node group beside it, as one: what leaves the one joins the other, and what is asked of both together
 * stays as it was.
 */
import type { GroupName } from "../cloud/autoscaling/control.ts";
import type { Platform } from "../platform/platform.ts";
import { watchCapacity, type CapacityLedger, type CapacitySample } from "./capacity-ledger.ts";

type Values = Omit<CapacitySample, "atMs">;

const plus = (one: Values, other: Values): Values => ({
  desired: one.desired + other.desired,
  asked: one.asked + other.asked,
  inService: one.inService + other.inService,
  healthy: one.healthy + other.healthy,
  serving: one.serving + other.serving,
});

/** Before its first sample a group is as in that. */
const at = (samples: readonly CapacitySample[], atMs: number): CapacitySample | undefined =>
  samples.findLast((sample) => sample.atMs <= atMs) ?? samples[0];

const sumOf = (
  one: readonly CapacitySample[],
  other: readonly CapacitySample[],
): readonly CapacitySample[] => {
  const times = new Set([...one, ...other].map(({ atMs }) => atMs));
  return [...times]
    .sort((first, second) => first - second)
    .flatMap((atMs) => {
      const [here, there] = [at(one, atMs), at(other, atMs)];
      return here === undefined || there === undefined ? [] : [{ atMs, ...plus(here, there) }];
    });
};

export interface NodeCapacity {
  samples(): readonly CapacitySample[];
  /** Of the nodes' own group, where what takes over joins that: see the group's ledger. */
  broken(): readonly string[];
  /** Of the same group: see its ledger. */
  owed(): number;
  end(): void;
}

/** From now on, until it is ended. */
export const watchNodeCapacity = (
  platform: Platform,
  groups: { readonly own: GroupName; readonly spot: GroupName; readonly isManaged: boolean },
): NodeCapacity => {
  // What has joined the one for what has left the other is a move that is over: nobody takes it for a surplus any longer.
  const settleMoves = (): void => {
    if (!groups.isManaged) return;
    const moved = Math.max(0, Math.min(spot.surplus(), -own.surplus()));
    spot.settle(moved);
    own.settle(-moved);
  };
  const own: CapacityLedger = watchCapacity(platform, {
    group: groups.own,
    onAbsorb: settleMoves,
  });
  const spot: CapacityLedger = watchCapacity(platform, {
    group: groups.spot,
    onAbsorb: settleMoves,
  });
  return {
    samples: () => sumOf(own.samples, spot.samples),
    broken: () => (groups.isManaged ? [] : own.broken),
    owed: () => (groups.isManaged ? 0 : own.owed()),
    end: () => {
      for (const ledger of [own, spot]) ledger.end();
    },
  };
};
