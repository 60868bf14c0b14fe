/**
 * What keeps snapshots, or makes them ready: locks, and fast snapshot restores. Sources: EC2 API reference, DescribeLockedSnapshots,
 * EnableFastSnapshotRestores; EBS user guide, "Amazon EBS fast snapshot restore" (60 minutes a TiB to optimise).
 */
import type {
  DescribeFastSnapshotRestoresCommandInput,
  DescribeFastSnapshotRestoresResult,
  DescribeFastSnapshotRestoreSuccessItem,
  DescribeLockedSnapshotsCommandInput,
  DescribeLockedSnapshotsResult,
  DisableFastSnapshotRestoresCommandInput,
  DisableFastSnapshotRestoresResult,
  EnableFastSnapshotRestoresCommandInput,
  EnableFastSnapshotRestoresResult,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { findOne, lasting, selectVisible, type Ec2Context } from "./context.ts";
import { defined } from "./defined.ts";
import { applyFilters } from "./filters.ts";
import { paginate } from "./paging.ts";
import { kinds, refuse, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { FastRestoreRecord } from "./kept-state.ts";
import type { RegionState, Snapshot, Zone } from "./state.ts";

const hourMs = 3_600_000;
const gibPerTib = 1024;
/** † How long enabling and disabling last. */
const transitionMs = 60_000;

const keyOf = (snapshotId: string, zone: Zone): string => `${snapshotId} ${zone.id}`;

const dateOf = (atMs: number | undefined): Date | undefined =>
  atMs === undefined ? undefined : new Date(atMs);

const view = (record: FastRestoreRecord): DescribeFastSnapshotRestoreSuccessItem => ({
  SnapshotId: record.snapshotId,
  AvailabilityZone: record.zone.name,
  AvailabilityZoneId: record.zone.id,
  State: record.state,
  OwnerId: record.ownerId,
  EnablingTime: new Date(record.enablingAt),
  ...defined({
    EnabledTime: dateOf(record.enabledAt),
    DisabledTime: dateOf(record.disabledAt),
  }),
});

const zonesNamed = (region: RegionState, names: readonly string[]): readonly Zone[] =>
  names.map((name) => {
    const zone = region.zones.find((each) => each.name === name);
    if (zone !== undefined) return zone;
    throw refuse("InvalidParameterValue", `Invalid availability zone: [${name}]`);
  });

/** A scenario may say that it has been enabled for long. */
export const addFastRestore = (
  region: RegionState,
  given: { readonly snapshotId: string; readonly zone: Zone; readonly enabledAt: number },
): FastRestoreRecord => {
  const { snapshotId, zone, enabledAt } = given;
  const record: FastRestoreRecord = {
    snapshotId,
    zone,
    ownerId: region.accountId,
    enablingAt: enabledAt,
    state: "enabled",
    enabledAt,
  };
  region.kept.fastRestores.set(keyOf(snapshotId, zone), record);
  return record;
};

const enable = (
  context: Ec2Context,
  region: RegionState,
  { snapshot, zone }: { readonly snapshot: Snapshot; readonly zone: Zone },
): FastRestoreRecord => {
  const now = context.clock.now();
  const record: FastRestoreRecord = {
    snapshotId: snapshot.id,
    zone,
    ownerId: region.accountId,
    enablingAt: now,
    state: "enabling",
  };
  region.kept.fastRestores.set(keyOf(snapshot.id, zone), record);
  context.timeline.at(now + lasting(context, transitionMs), (optimizingAt) => {
    if (record.state !== "enabling") return;
    record.state = "optimizing";
    context.timeline.at(optimizingAt + (snapshot.sizeGib / gibPerTib) * hourMs, (enabledAt) => {
      if (record.state !== "optimizing") return;
      record.state = "enabled";
      record.enabledAt = enabledAt;
    });
  });
  return record;
};

const isOn = ({ state }: FastRestoreRecord): boolean =>
  state !== "disabling" && state !== "disabled";

/** @returns what was begun; undefined where there is nothing to disable */
const disable = (
  context: Ec2Context,
  region: RegionState,
  { snapshotId, zone }: { readonly snapshotId: string; readonly zone: Zone },
): FastRestoreRecord | undefined => {
  const record = region.kept.fastRestores.get(keyOf(snapshotId, zone));
  if (record === undefined || !isOn(record)) return undefined;
  record.state = "disabling";
  context.timeline.at(context.clock.now() + lasting(context, transitionMs), (atMs) => {
    record.state = "disabled";
    record.disabledAt = atMs;
  });
  return record;
};

const enableRestores =
  (context: Ec2Context) =>
  (call: Call, input: EnableFastSnapshotRestoresCommandInput): EnableFastSnapshotRestoresResult => {
    const region = regionOf(context, call);
    const zones = zonesNamed(region, required(input.AvailabilityZones, "AvailabilityZone"));
    const snapshots = required(input.SourceSnapshotIds, "SourceSnapshotId").map((id) =>
      findOne(context, region.snapshots, { kind: kinds.snapshot, id }),
    );
    const begun = snapshots.flatMap((snapshot) =>
      zones.map((zone) => enable(context, region, { snapshot, zone })),
    );
    return { Successful: begun.map(view), Unsuccessful: [] };
  };

/** † Code and words of what is not enabled. */
const notEnabled = (snapshotId: string, zone: Zone) => ({
  SnapshotId: snapshotId,
  FastSnapshotRestoreStateErrors: [
    {
      AvailabilityZone: zone.name,
      Error: {
        Code: "InvalidFastSnapshotRestore.NotFound",
        Message: "Fast snapshot restore is not enabled.",
      },
    },
  ],
});

const disableRestores =
  (context: Ec2Context) =>
  (
    call: Call,
    input: DisableFastSnapshotRestoresCommandInput,
  ): DisableFastSnapshotRestoresResult => {
    const region = regionOf(context, call);
    const zones = zonesNamed(region, required(input.AvailabilityZones, "AvailabilityZone"));
    const asked = required(input.SourceSnapshotIds, "SourceSnapshotId").flatMap((snapshotId) =>
      zones.map((zone) => ({
        snapshotId,
        zone,
        record: disable(context, region, { snapshotId, zone }),
      })),
    );
    return {
      Successful: asked.flatMap(({ record }) => (record === undefined ? [] : [view(record)])),
      Unsuccessful: asked.flatMap(({ record, snapshotId, zone }) =>
        record === undefined ? [notEnabled(snapshotId, zone)] : [],
      ),
    };
  };

const describeRestores =
  (context: Ec2Context) =>
  (
    call: Call,
    input: DescribeFastSnapshotRestoresCommandInput,
  ): DescribeFastSnapshotRestoresResult => {
    const region = regionOf(context, call);
    const records = applyFilters([...region.kept.fastRestores.values()], input.Filters, {
      "snapshot-id": ({ snapshotId }) => snapshotId,
      "availability-zone": ({ zone }) => zone.name,
      "owner-id": ({ ownerId }) => ownerId,
      state: ({ state }) => state,
    });
    const { items, ...next } = paginate(records, input, {
      min: 0,
      max: 200,
      pageSize: context.settings.pageSize,
    });
    return { FastSnapshotRestores: items.map(view), ...next };
  };

const describeLocks =
  (context: Ec2Context) =>
  (call: Call, input: DescribeLockedSnapshotsCommandInput): DescribeLockedSnapshotsResult => {
    const region = regionOf(context, call);
    const snapshots = selectVisible(context, region.snapshots, {
      kind: kinds.snapshot,
      ids: input.SnapshotIds,
    });
    const locks = snapshots.flatMap(({ id, ownerId, traits }) =>
      traits?.lock === undefined
        ? []
        : [
            {
              SnapshotId: id,
              OwnerId: ownerId,
              LockState: traits.lock.state,
              ...defined({ LockExpiresOn: dateOf(traits.lock.expiresAt) }),
            },
          ],
    );
    const { items, ...next } = paginate(locks, input, {
      min: 5,
      max: 1000,
      pageSize: context.settings.pageSize,
    });
    return { Snapshots: items, ...next };
  };

export const snapshotKeepingOperations = (context: Ec2Context) => ({
  EnableFastSnapshotRestores: enableRestores(context),
  DisableFastSnapshotRestores: disableRestores(context),
  DescribeFastSnapshotRestores: describeRestores(context),
  DescribeLockedSnapshots: describeLocks(context),
});
