/** What scenarios and tests do to the simulated EC2 from outside AWS's API, and what they may look at. */
import type { InstanceStatus, ReservedInstances, _InstanceType } from "@aws-sdk/client-ec2";
import { newId, type Ec2Context } from "./context.ts";
import { instanceReads, type InRegions } from "./control-instances.ts";
import {
  heldCapacityIn,
  orphansIn,
  resourcesIn,
  summarise,
  type HeldCapacity,
  type InstanceSummary,
  type ManagedResource,
  type OrphanQuery,
} from "./control-reads.ts";
import { defined } from "./defined.ts";
import { findInstance, write, writesOn, type WriteResult } from "./disk-writes.ts";
import type { Ec2Listener } from "./events.ts";
import { fleetOf, type Ec2Fleet } from "./fleet.ts";
import {
  directoryOf,
  quotaDirectoryOf,
  reservationDirectoryOf,
  type Ec2Directory,
  type QuotaDirectory,
  type ReservationDirectory,
} from "./directory.ts";
import { byUser, terminate } from "./instance-lifecycle.ts";
import { interrupt, noticeSecondsOf, recommend, type Interruption } from "./interruption.ts";
import { tellAfter } from "./metered.ts";
import { capacityKey, type Purchase } from "./pools.ts";
import { makeNamed } from "./references.ts";
import { addSubnet, newAccount, openRegion } from "./regions.ts";
import { declareInstance, type InstanceDeclaration } from "./scenario-instance.ts";
import type { QuotaClass } from "./settings.ts";
import { defectControls, put, type DefectControl, type Release } from "./control-defects.ts";
import { storageControls, type StorageControl } from "./control-storage.ts";
import { surroundingsControls, type SurroundingsControl } from "./control-surroundings.ts";
import type { Egress, RegionState, Zone } from "./state.ts";

export interface Ec2Control extends SurroundingsControl, DefectControl, StorageControl {
  /** Declares an account and the regions that it has enabled; may be called again to add regions. */
  addAccount(accountId: string, regions?: readonly string[]): void;
  addInstance(declaration: InstanceDeclaration): string;
  addSubnet(input: {
    readonly accountId: string;
    readonly region: string;
    /** Zone id or name. */
    readonly zone: string;
    readonly mapPublicIp?: boolean;
    /** Default: an internet gateway, as the VPC's main route table has it. */
    readonly egress?: Egress;
  }): string;
  /** Takes a zone's only subnet away, so that nothing can be launched there. */
  removeSubnets(input: {
    readonly accountId: string;
    readonly region: string;
    readonly zone: string;
  }): void;
  /** Leaves so many free addresses in the subnet at most. */
  limitFreeAddresses(subnetId: string, free: number): void;
  addReservedInstances(input: {
    readonly accountId: string;
    readonly region: string;
    readonly instanceType: string;
    readonly count: number;
    readonly product?: string;
  }): void;
  zones(accountId: string, region: string): readonly Zone[];
  setQuota(input: {
    readonly accountId: string;
    readonly purchase: Purchase;
    readonly quotaClass: QuotaClass;
    readonly vcpus: number;
  }): void;
  /** How many instances a pool holds for all accounts together; undefined: as the market says. */
  setCapacity(
    pool: {
      readonly zoneId: string;
      readonly instanceType: string;
      readonly purchase?: Purchase;
    },
    instances: number | undefined,
  ): void;
  /**
   * From now on somebody else takes each On-Demand place of the pool that comes free, for so long: what is neither running nor
   * reserved is to be had by nobody.
   */
  takeWhatComesFree(
    pool: { readonly zoneId: string; readonly instanceType: string },
    lastingMs: number,
  ): void;
  /** Takes a Spot Instance back. Default: notice now for want of capacity, end in 120 s, or early where the settings say so. */
  interrupt(instanceId: string, how?: Partial<Omit<Interruption, "atMs">>): void;
  /** Recommends to rebalance; no notice need follow. */
  recommendRebalance(instanceId: string): void;
  /** The owner terminates by other means, whatever protection says. */
  terminateByOwner(instanceId: string): void;
  /** The owner sets what a running instance takes: through the calls that we never make. */
  reconfigureByOwner(
    instanceId: string,
    change: { readonly profileArn?: string; readonly monitoring?: boolean },
  ): void;
  /** The software on the instance (or on the volume's instance) writes once. */
  write(id: string): WriteResult;
  writesOn(id: string): number | undefined;
  /** Events in EventBridge's shape, as they happen. */
  onEvent(listener: Ec2Listener): Release;

  find(instanceId: string): InstanceSummary | undefined;
  readonly directory: Ec2Directory;
  readonly reservations: ReservationDirectory;
  readonly quotas: QuotaDirectory;
  readonly fleet: Ec2Fleet;
  /** @param except ids of those that nobody asks for: to sum one up takes time */
  instances(accountId: string, except?: ReadonlySet<string>): readonly InstanceSummary[];
  /** Of an instance; undefined where there is none. */
  stateOf(instanceId: string): InstanceSummary["state"] | undefined;
  /** Of its Spot request; undefined where there is none. */
  spotStatusOf(instanceId: string): string | undefined;
  running(accountId: string): readonly InstanceSummary[];
  /** EC2's checks of all that run, whatever its copies show. */
  statuses(accountId: string): readonly InstanceStatus[];
  /** Ids of those that run and have passed all of their checks: one that has just booted has not. */
  proved(accountId: string): readonly string[];
  /** Id of the running instance that has the Elastic IP. */
  holderOf(accountId: string, allocationId: string): string | undefined;
  /** The same, in whatever state it is. */
  bearerOf(accountId: string, allocationId: string): string | undefined;
  /** All of the account that is there, of every kind. */
  resources(accountId: string): readonly ManagedResource[];
  /** Capacity reservations of the account that hold capacity now. */
  heldCapacity(accountId: string): readonly HeldCapacity[];
  /** With those that were never cancelled, and have ended at their end date. */
  uncancelledCapacity(accountId: string): readonly HeldCapacity[];
  /** What carries one of our tags, and is there without being excepted. */
  orphans(query?: OrphanQuery): readonly ManagedResource[];
}

const zoneOf = (region: RegionState, name: string): Zone => {
  const zone = region.zones.find((each) => each.id === name || each.name === name);
  if (zone === undefined) throw new Error(`${region.region} has no zone ${name}.`);
  return zone;
};

const reservation = (
  context: Ec2Context,
  region: RegionState,
  input: Parameters<Ec2Control["addReservedInstances"]>[0],
): ReservedInstances => ({
  ReservedInstancesId: newId(context, ""),
  InstanceType: input.instanceType as _InstanceType,
  InstanceCount: input.count,
  ProductDescription: (input.product ?? "Linux/UNIX") as "Linux/UNIX",
  Scope: "Region",
  State: "active",
  OfferingClass: "standard",
  OfferingType: "No Upfront",
  InstanceTenancy: "default",
  Start: new Date(context.clock.now()),
  End: new Date(context.clock.now() + 365 * 24 * 3_600_000),
  Duration: 365 * 24 * 3600,
  FixedPrice: 0,
  UsagePrice: 0,
  CurrencyCode: "USD",
  Tags: [],
  RecurringCharges: [
    {
      Frequency: "Hourly",
      // No-upfront standard reservations cost about 63 % of On-Demand.
      Amount:
        0.63 *
        (context.market.onDemand(
          region.region,
          input.instanceType,
          input.product ?? "Linux/UNIX",
        ) ?? 0),
    },
  ],
});

const settingControls = (context: Ec2Context) => {
  const allRegions = (): readonly RegionState[] =>
    [...context.accounts.values()].flatMap((account) => [...account.regions.values()]);
  return {
    addAccount: (accountId, regions = context.market.regions) => {
      if (!context.accounts.has(accountId)) newAccount(context, accountId);
      for (const region of regions) openRegion(context, accountId, region);
    },
    addSubnet: (input) => {
      const region = openRegion(context, input.accountId, input.region);
      const { mapPublicIp, egress } = input;
      return addSubnet(context, region, {
        zone: zoneOf(region, input.zone),
        ...defined({ mapPublicIp, egress }),
      }).id;
    },
    removeSubnets: (input) => {
      const region = openRegion(context, input.accountId, input.region);
      const zone = zoneOf(region, input.zone);
      for (const subnet of [...region.subnets.values()]) {
        if (subnet.zone.id === zone.id) region.subnets.delete(subnet.id);
      }
    },
    limitFreeAddresses: (subnetId, free) => {
      const subnet = allRegions().flatMap((region) => region.subnets.get(subnetId) ?? [])[0];
      if (subnet === undefined) throw new Error(`There is no subnet ${subnetId}.`);
      const region = allRegions().find((each) => each.subnets.has(subnetId));
      const used = [...(region?.interfaces.values() ?? [])]
        .filter((record) => record.subnetId === subnetId)
        .reduce((sum, record) => sum + record.addresses.length, 0);
      // A /24 less the five that AWS keeps.
      subnet.takenElsewhere = Math.max(0, 251 - used - free);
    },
    addReservedInstances: (input) => {
      const region = openRegion(context, input.accountId, input.region);
      region.reserved.push(reservation(context, region, input));
    },
    zones: (accountId, region) => openRegion(context, accountId, region).zones,
    setQuota: (input) => {
      const account = context.accounts.get(input.accountId) ?? newAccount(context, input.accountId);
      const quotas = input.purchase === "spot" ? account.spotVcpus : account.onDemandVcpus;
      quotas[input.quotaClass] = input.vcpus;
    },
    setCapacity: (pool, instances) => {
      const key = capacityKey(pool.purchase ?? "spot", pool.zoneId, pool.instanceType);
      if (instances === undefined) context.capacities.delete(key);
      else context.capacities.set(key, instances);
    },
    takeWhatComesFree: ({ zoneId, instanceType }, lastingMs) => {
      context.takers.set(capacityKey("on-demand", zoneId, instanceType), lastingMs);
    },
  } satisfies Partial<Ec2Control>;
};

const eventControls = (context: Ec2Context) => {
  const require = (instanceId: string) => {
    context.timeline.settle();
    const found = findInstance(context, instanceId);
    if (found === undefined) throw new Error(`There is no instance ${instanceId}.`);
    return found;
  };
  return {
    interrupt: (instanceId, how = {}) => {
      const { region, instance } = require(instanceId);
      if (instance.lifecycle !== "spot") throw new Error(`${instanceId} is not a Spot Instance.`);
      interrupt(context, region, {
        noticeSeconds: how.noticeSeconds ?? noticeSecondsOf(context),
        ...how,
        instance,
        atMs: context.clock.now(),
      });
    },
    recommendRebalance: (instanceId) => {
      const { region, instance } = require(instanceId);
      recommend(context, region, { instance, atMs: context.clock.now() });
    },
    reconfigureByOwner: (instanceId, change) => {
      const { region, instance } = require(instanceId);
      makeNamed(context, region, change);
      Object.assign(instance, change);
    },
    terminateByOwner: (instanceId) => {
      const { region, instance } = require(instanceId);
      const atMs = context.clock.now();
      terminate(context, region, { instance, atMs, cause: byUser(atMs) });
    },
  } satisfies Partial<Ec2Control>;
};

const declaring = (context: Ec2Context, listeners: Set<Ec2Listener>) =>
  ({
    addInstance: (declaration) => {
      // What happened before the scenario began is told to nobody.
      const silenced = [...listeners];
      listeners.clear();
      try {
        return declareInstance(context, declaration).instance.id;
      } finally {
        for (const listener of silenced) listeners.add(listener);
      }
    },
  }) satisfies Partial<Ec2Control>;

/** What other simulated services see and do of EC2. */
const neighbours = (context: Ec2Context, listeners: Set<Ec2Listener>) => ({
  directory: directoryOf(context),
  reservations: reservationDirectoryOf(context),
  quotas: quotaDirectoryOf(context),
  fleet: fleetOf(context, listeners),
});

export const createControl = (context: Ec2Context, listeners: Set<Ec2Listener>): Ec2Control => {
  const inRegions: InRegions = (accountId, read) => {
    context.timeline.settle();
    const [first, ...others] = context.accounts.get(accountId)?.regions.values() ?? [];
    // Most accounts have one, and whoever watches asks after each call.
    if (first === undefined) return [];
    return others.length === 0 ? read(first) : [first, ...others].flatMap(read);
  };
  const uncancelledCapacity = (accountId: string): readonly HeldCapacity[] =>
    inRegions(accountId, heldCapacityIn);
  return {
    ...settingControls(context),
    ...surroundingsControls(context),
    ...tellAfter(context, storageControls(context)),
    ...defectControls(context),
    ...tellAfter(context, eventControls(context)),
    ...tellAfter(context, declaring(context, listeners)),
    write: (id) => {
      context.timeline.settle();
      return write(context, id);
    },
    writesOn: (id) => {
      context.timeline.settle();
      return writesOn(context, id);
    },
    onEvent: (listener) => put(listeners, listener),
    find: (instanceId) => {
      context.timeline.settle();
      const found = findInstance(context, instanceId);
      return found === undefined ? undefined : summarise(found.region, found.instance);
    },
    ...neighbours(context, listeners),
    ...instanceReads(context, inRegions),
    resources: (accountId) => inRegions(accountId, resourcesIn),
    uncancelledCapacity,
    heldCapacity: (accountId) => uncancelledCapacity(accountId).filter(({ isOver }) => !isOver),
    orphans: (query = {}) => {
      context.timeline.settle();
      const except = new Set(query.except ?? []);
      return [...context.accounts.values()]
        .filter((account) => account.accountId === (query.accountId ?? account.accountId))
        .flatMap((account) => [...account.regions.values()])
        .flatMap((region) => orphansIn(region, { ...query, except }));
    },
  };
};
