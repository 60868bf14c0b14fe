/**
 * Judges what a reading of a region has brought, kind by kind. Of a kind for which something was not read to its end nothing is
 * concluded.
 */
import type { Place } from "../model/place.ts";
import type { AddressList, OwnInterface } from "../model/waste/address.ts";
import type { BackupSelection } from "../model/waste/backup-selection.ts";
import type { WasteKind } from "../model/waste/finding.ts";
import type { LaunchSource, OwnImage } from "../model/waste/image.ts";
import type { NatRoute, OwnLoadBalancer, OwnNatGateway } from "../model/waste/network.ts";
import type { WastePrices } from "../model/waste/price.ts";
import { daysOf, type WasteSettings } from "../model/waste/settings.ts";
import type { FastRestore, OwnSnapshot, SnapshotLock } from "../model/waste/snapshot.ts";
import type { StoppedInstance } from "../model/waste/stopped.ts";
import type { Tagged } from "../model/waste/tagged.ts";
import type { OwnVolume } from "../model/waste/volume.ts";
import { judgeIdleAddress, judgeUnassociated } from "./addresses.ts";
import { monthlyCost } from "./cost.ts";
import { fastRestoreId, judgeFastRestore } from "./fast-restores.ts";
import { judgeImage, surroundingsOfImages } from "./images.ts";
import type { Judgement } from "./judgement.ts";
import { judgeLoadBalancer } from "./load-balancers.ts";
import { judgeNat } from "./nat-gateways.ts";
import type { SeenResource } from "./reading.ts";
import { judgeSnapshot, surroundingsOfSnapshots } from "./snapshots.ts";
import { judgeStopped } from "./stopped-instances.ts";
import { judgeVolume } from "./volumes.ts";

/** Each list of the account in the region, read to its end. Those that are absent could not be read. */
export interface Inventory {
  readonly addresses: AddressList;
  readonly interfaces: readonly OwnInterface[];
  readonly volumes: readonly OwnVolume[];
  readonly snapshots: readonly OwnSnapshot[];
  readonly locks: readonly SnapshotLock[];
  readonly fastRestores: readonly FastRestore[];
  readonly images: readonly OwnImage[];
  /** Launch configurations. */
  readonly configurations: readonly LaunchSource[];
  /** Launch templates, at $Latest and $Default. */
  readonly templates: readonly LaunchSource[];
  readonly protectedArns: ReadonlySet<string>;
  readonly backupSelections: readonly BackupSelection[];
  readonly stopped: readonly StoppedInstance[];
  readonly natGateways: readonly OwnNatGateway[];
  readonly natRoutes: readonly NatRoute[];
  readonly loadBalancers: readonly OwnLoadBalancer[];
  /** By load balancer the endpoint service that leads to it. */
  readonly endpointServices: ReadonlyMap<string, string>;
}

export interface InventoryView {
  readonly place: Place;
  readonly settings: WasteSettings;
  readonly claimedIds: ReadonlySet<string>;
  /** Undefined: the price list could not be read. */
  readonly prices: WastePrices | undefined;
  readonly now: Date;
}

type Judged = Tagged & { readonly resourceId: string; readonly judgement: Judgement };

const byId = <Row>(rows: readonly Row[], idOf: (row: Row) => string): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [idOf(row), row]));

const judged = <Row extends Tagged>(
  rows: readonly Row[],
  idOf: (row: Row) => string,
  judge: (row: Row) => Judgement,
): readonly Judged[] =>
  rows.map((row) => ({ resourceId: idOf(row), tags: row.tags, judgement: judge(row) }));

interface Rule<Name extends keyof Inventory = keyof Inventory> {
  readonly needs: readonly Name[];
  readonly judge: (lists: Pick<Inventory, Name>, view: InventoryView) => readonly Judged[];
}

const rule = <Name extends keyof Inventory>(rule: Rule<Name>): Rule => rule;

const addressesAround = (
  { addresses, interfaces, stopped }: Pick<Inventory, "addresses"> & Partial<Inventory>,
  { place, claimedIds }: InventoryView,
) => ({
  accountId: place.accountId,
  transfers: addresses.transfers,
  reverseNames: addresses.reverseNames,
  interfaces: interfaces ?? [],
  stoppedInstanceIds: new Set((stopped ?? []).map(({ instanceId }) => instanceId)),
  claimedIds,
});

const rules: Readonly<Record<WasteKind, Rule>> = {
  UNASSOCIATED_ADDRESS: rule({
    needs: ["addresses"],
    judge: (lists, view) =>
      judged(
        lists.addresses.addresses,
        ({ allocationId }) => allocationId,
        (address) => judgeUnassociated(address, addressesAround(lists, view)),
      ),
  }),
  IDLE_ADDRESS: rule({
    needs: ["addresses", "interfaces", "stopped"],
    judge: (lists, view) =>
      judged(
        lists.addresses.addresses,
        ({ allocationId }) => allocationId,
        (address) => judgeIdleAddress(address, addressesAround(lists, view)),
      ),
  }),
  UNATTACHED_VOLUME: rule({
    needs: ["volumes", "protectedArns", "backupSelections"],
    judge: ({ volumes, ...backups }, { claimedIds, place }) =>
      judged(
        volumes,
        ({ volumeId }) => volumeId,
        (volume) => judgeVolume(volume, { claimedIds, place, ...backups }),
      ),
  }),
  OLD_SNAPSHOT: rule({
    needs: [
      "snapshots",
      "volumes",
      "images",
      "configurations",
      "templates",
      "locks",
      "fastRestores",
      "protectedArns",
    ],
    judge: (lists, { claimedIds, settings, now }) => {
      const sources = [...lists.configurations, ...lists.templates];
      const around = surroundingsOfSnapshots({ ...lists, sources, claimedIds });
      const days = daysOf(settings, "OLD_SNAPSHOT");
      return judged(
        lists.snapshots,
        ({ snapshotId }) => snapshotId,
        (snapshot) => judgeSnapshot(snapshot, around, { now, days }),
      );
    },
  }),
  UNUSED_IMAGE: rule({
    needs: ["images", "configurations", "templates", "snapshots", "fastRestores"],
    judge: (lists, { claimedIds, settings, now }) => {
      const around = surroundingsOfImages({
        ...lists,
        sources: [...lists.configurations, ...lists.templates],
        snapshots: byId(lists.snapshots, ({ snapshotId }) => snapshotId),
        claimedIds,
      });
      const days = daysOf(settings, "UNUSED_IMAGE");
      return judged(
        lists.images,
        ({ imageId }) => imageId,
        (image) => judgeImage(image, around, { now, days }),
      );
    },
  }),
  FAST_SNAPSHOT_RESTORE: rule({
    needs: ["fastRestores", "volumes", "snapshots"],
    judge: ({ fastRestores, volumes, snapshots }, { place, claimedIds, now }) => {
      const known = byId(snapshots, ({ snapshotId }) => snapshotId);
      const around = { accountId: place.accountId, snapshots: known, volumes, claimedIds, now };
      return judged(
        fastRestores.map((one) => ({ ...one, tags: known.get(one.snapshotId)?.tags ?? {} })),
        fastRestoreId,
        (restore) => judgeFastRestore(restore, around),
      );
    },
  }),
  STOPPED_INSTANCE: rule({
    needs: ["stopped", "volumes", "addresses"],
    judge: ({ stopped, volumes, addresses }, { claimedIds }) => {
      const known = byId(volumes, ({ volumeId }) => volumeId);
      const around = { volumes: known, addresses: addresses.addresses, claimedIds };
      return judged(
        stopped,
        ({ instanceId }) => instanceId,
        (instance) => judgeStopped(instance, around),
      );
    },
  }),
  IDLE_NAT_GATEWAY: rule({
    needs: ["natGateways", "natRoutes"],
    judge: ({ natGateways, natRoutes }, { settings, now }) => {
      const around = { routes: natRoutes, now, days: daysOf(settings, "IDLE_NAT_GATEWAY") };
      return judged(
        natGateways,
        ({ natGatewayId }) => natGatewayId,
        (gateway) => judgeNat(gateway, around),
      );
    },
  }),
  IDLE_LOAD_BALANCER: rule({
    needs: ["loadBalancers", "endpointServices"],
    judge: ({ loadBalancers, endpointServices }, { settings, now }) => {
      const days = daysOf(settings, "IDLE_LOAD_BALANCER");
      return judged(
        loadBalancers.map((balancer) => ({ ...balancer, tags: {} })),
        ({ arn }) => arn,
        (balancer) => judgeLoadBalancer(balancer, { now, days, endpointServices }),
      );
    },
  }),
};

/** The lists by which a kind is judged. */
export const listsOf = (kind: WasteKind): readonly (keyof Inventory)[] => rules[kind].needs;

const priced = (
  kind: WasteKind,
  { resourceId, tags, judgement }: Judged,
  prices: WastePrices | undefined,
): SeenResource => {
  const cost = judgement.kind === "IDLE" ? monthlyCost(judgement.waste.charges, prices) : undefined;
  return { kind, resourceId, tags, judgement, ...(cost !== undefined && { cost }) };
};

const hasAll = (lists: Partial<Inventory>, { needs }: Rule): lists is Inventory =>
  needs.every((name) => lists[name] !== undefined);

export const judgeInventory = (
  lists: Partial<Inventory>,
  view: InventoryView,
): { readonly seen: readonly SeenResource[]; readonly complete: ReadonlySet<WasteKind> } => {
  const complete = new Set<WasteKind>();
  const seen: SeenResource[] = [];
  for (const [name, one] of Object.entries(rules)) {
    const kind = name as WasteKind;
    if (!hasAll(lists, one)) continue;
    complete.add(kind);
    for (const row of one.judge(lists, view)) seen.push(priced(kind, row, view.prices));
  }
  return { seen, complete };
};
