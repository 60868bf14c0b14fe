/** What of the inventory of Spot a complete reading of a place changes: nothing, as long as nothing of it has changed. */
import { canonicalJson } from "../../canonical.ts";
import type { InstanceId, TargetId } from "../../model/ids.ts";
import type { BulkInstance, PlaceReading } from "../../model/place-reading.ts";
import type { SpotInstance } from "../../model/spot-instance.ts";
import type { Target, TargetOf } from "../../model/target.ts";
import { effectivePolicy } from "../../policy/policy.ts";
import { findGroup, type GroupFound } from "./facts-of-group.ts";
import { groupBehind } from "./facts-of-nodes.ts";

/** EC2 may show a launch some time after it was made: what was launched right before the reading is not missed yet. */
const shownAfterMs = 10 * 60_000;

/** Nodes of a managed group that were moved stand in the one on Spot. */
const groupsBehind = (
  reading: PlaceReading,
  target: TargetOf<"KUBERNETES">,
): readonly GroupFound[] => {
  const { node, policyOverrides } = target;
  const own = groupBehind(reading, target);
  const { spotNodeGroup } = effectivePolicy("KUBERNETES", policyOverrides);
  if (node.asgName !== undefined || spotNodeGroup === "") return [own];
  return [own, groupBehind(reading, { ...target, node: { ...node, nodeGroup: spotNodeGroup } })];
};

/** Of a group or nodes all that the reading shows of them; one that can't be read has none. */
export const membersOf = (reading: PlaceReading, target: Target): readonly InstanceId[] => {
  if (target.pipelineMode === "LINEAR") return [target.instanceId];
  if (target.pipelineMode === "KUBERNETES" && target.node.scope === "ONE") {
    return [target.instanceId];
  }
  const groups =
    target.pipelineMode === "CLUSTER"
      ? [findGroup(reading, target.group.asgName)]
      : groupsBehind(reading, target);
  return groups.flatMap((found) =>
    found.kind === "READ" ? (found.group?.members ?? []).map(({ instanceId }) => instanceId) : [],
  );
};

type Owners = ReadonlyMap<InstanceId, TargetId>;

/** A target of one instance is told before that of its group. */
const ownersIn = (reading: PlaceReading, targets: readonly Target[]): Owners => {
  const owned = targets.flatMap((target) =>
    membersOf(reading, target).map((instanceId) => [instanceId, target] as const),
  );
  const isOfMany = ([, { pipelineMode }]: (typeof owned)[number]): number =>
    pipelineMode === "LINEAR" ? 1 : 0;
  return new Map(
    owned
      .toSorted((one, other) => isOfMany(one) - isOfMany(other))
      .map(([instanceId, { targetId }]) => [instanceId, targetId]),
  );
};

const rowOf = (
  { accountId, region }: PlaceReading,
  { instanceId, instanceType, zoneId, platformDetails: product, launchedAt }: BulkInstance,
  targetId: TargetId | undefined,
): SpotInstance => ({
  accountId,
  region,
  instanceId,
  instanceType,
  zoneId,
  product,
  launchedAt,
  ...(targetId !== undefined && { targetId }),
});

export interface InventoryChange {
  readonly put: readonly SpotInstance[];
  readonly gone: readonly SpotInstance[];
}

type Stored = ReadonlyMap<InstanceId, SpotInstance>;

const isMissed = (
  { instanceId, launchedAt }: SpotInstance,
  { reading, shown }: { readonly reading: PlaceReading; readonly shown: ReadonlySet<InstanceId> },
): boolean =>
  !shown.has(instanceId) &&
  // It is there, however odd its description.
  !reading.unreadable.some(({ id }) => id === instanceId) &&
  (reading.instances.some((one) => one.instanceId === instanceId) ||
    Date.parse(reading.readAt) - Date.parse(launchedAt) > shownAfterMs);

/** @param targets of the place, all of them */
export const inventoryChange = (
  stored: Stored,
  { reading, targets }: { readonly reading: PlaceReading; readonly targets: readonly Target[] },
): InventoryChange => {
  const owners = ownersIn(reading, targets);
  const known = new Set<TargetId>(targets.map(({ targetId }) => targetId));
  const alive = reading.instances.filter(
    ({ lifecycle, state }) => lifecycle === "spot" && state !== "terminated",
  );
  const rows = alive.map((instance) => {
    const before = stored.get(instance.instanceId)?.targetId;
    // One that a switch has launched serves its target before the target names it.
    const launchedFor = before !== undefined && known.has(before) ? before : undefined;
    return rowOf(reading, instance, owners.get(instance.instanceId) ?? launchedFor);
  });
  const shown = new Set(alive.map(({ instanceId }) => instanceId));
  return {
    put: rows.filter(
      (row) => canonicalJson(row) !== canonicalJson(stored.get(row.instanceId) ?? null),
    ),
    gone: [...stored.values()].filter((row) => isMissed(row, { reading, shown })),
  };
};
