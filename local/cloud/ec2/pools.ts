/** Capacity of pools and vCPU quotas: what stands between a request and an instance. */
import { type Pool } from "../../../core/model/market.ts";
import type { Ec2Context } from "./context.ts";
import { noCapacity, refuse } from "./refusals.ts";
import { freeSeats, heldReservations } from "./reservation-seats.ts";
import { quotaClassOf } from "./settings.ts";
import type { Instance, RegionState, SystemTraits, Zone } from "./state.ts";

export type Purchase = "spot" | "on-demand";

/** Spot and Price List call a system by its platform details, for what the markets here know. */
export const productOf = (system: Pick<SystemTraits, "platformDetails">): string =>
  system.platformDetails;

export const poolOf = (region: RegionState, instance: Instance): Pool => ({
  region: region.region,
  zoneId: instance.zone.id,
  instanceType: instance.instanceType,
  product: productOf(instance),
});

/** Hardware does not care about the product. */
export const capacityKey = (purchase: Purchase, zoneId: string, instanceType: string): string =>
  `${purchase}:${zoneId}#${instanceType}`;

const holdsCapacity = (instance: Instance): boolean =>
  instance.state !== "stopped" && instance.state !== "terminated";

const purchaseOf = (instance: Instance): Purchase =>
  instance.lifecycle === "spot" ? "spot" : "on-demand";

/** Instances of all accounts that hold a place in the pool, oldest launch first. */
export const occupants = (
  context: Ec2Context,
  purchase: Purchase,
  place: { readonly zoneId: string; readonly instanceType: string },
): readonly { readonly region: RegionState; readonly instance: Instance }[] =>
  [...context.accounts.values()]
    .flatMap((account) => [...account.regions.values()])
    .flatMap((region) =>
      [...region.instances.values()]
        .filter(
          (instance) =>
            holdsCapacity(instance) &&
            purchaseOf(instance) === purchase &&
            instance.zone.id === place.zoneId &&
            instance.instanceType === place.instanceType,
        )
        .map((instance) => ({ region, instance })),
    )
    .sort((one, other) => one.instance.launchedAt - other.instance.launchedAt);

/** Places in capacity reservations of all accounts that nobody runs in: they are taken all the same. */
const reservedSeats = (
  context: Ec2Context,
  place: { readonly zoneId: string; readonly instanceType: string },
): number =>
  [...context.accounts.values()]
    .flatMap((account) => [...account.regions.values()])
    .flatMap((region) =>
      heldReservations(region)
        .filter(
          ({ zone, instanceType }) =>
            zone.id === place.zoneId && instanceType === place.instanceType,
        )
        .map((reservation) => freeSeats(region, reservation)),
    )
    .reduce((sum, seats) => sum + seats, 0);

const taken = (
  context: Ec2Context,
  purchase: Purchase,
  place: { readonly zoneId: string; readonly instanceType: string },
): number =>
  occupants(context, purchase, place).length +
  (purchase === "on-demand" ? reservedSeats(context, place) : 0);

/**
 * An On-Demand place has come free. Where a scenario says so, somebody else takes it for a while: what is neither running nor
 * reserved is then to be had by nobody.
 */
export const onFreed = (
  context: Ec2Context,
  place: { readonly zoneId: string; readonly instanceType: string },
): void => {
  const key = capacityKey("on-demand", place.zoneId, place.instanceType);
  const lastingMs = context.takers.get(key);
  if (lastingMs === undefined) return;
  const capacity = taken(context, "on-demand", place);
  context.capacities.set(key, capacity);
  context.timeline.at(context.clock.now() + lastingMs, () => {
    if (context.capacities.get(key) === capacity) context.capacities.delete(key);
  });
};

/** How many the pool can hold now: what a scenario set, else the market's; On-Demand is plentiful. */
export const capacityOf = (
  context: Ec2Context,
  purchase: Purchase,
  at: { readonly pool: Pool; readonly atMs: number },
): number =>
  context.capacities.get(capacityKey(purchase, at.pool.zoneId, at.pool.instanceType)) ??
  (purchase === "spot" ? context.market.capacity(at.pool, at.atMs) : Infinity);

/** @throws CloudError InsufficientInstanceCapacity (500). */
export const requireCapacity = (
  context: Ec2Context,
  purchase: Purchase,
  request: { readonly pool: Pool; readonly zone: Zone; readonly count: number },
): void => {
  const { pool, zone, count } = request;
  const held = taken(context, purchase, pool);
  const capacity = capacityOf(context, purchase, { pool, atMs: context.clock.now() });
  if (held + count <= capacity) return;
  throw noCapacity(
    purchase === "spot"
      ? "There is no Spot capacity available that matches your request."
      : `We currently do not have sufficient ${pool.instanceType} capacity in the Availability Zone you requested (${zone.name}). Our system will be working on provisioning additional capacity.`,
  );
};

/** @throws CloudError MaxSpotInstanceCountExceeded or VcpuLimitExceeded. */
export const requireQuota = (
  context: Ec2Context,
  region: RegionState,
  request: { readonly purchase: Purchase; readonly instanceType: string; readonly count: number },
): void => {
  const quotaClass = quotaClassOf(request.instanceType);
  const vcpusOf = (instanceType: string): number =>
    context.market.findType(instanceType)?.vcpu ?? 0;
  // Instances that shut down count until they are terminated.
  const used = [...region.instances.values()]
    .filter(
      (instance) =>
        holdsCapacity(instance) &&
        purchaseOf(instance) === request.purchase &&
        quotaClassOf(instance.instanceType) === quotaClass,
    )
    .reduce((sum, instance) => sum + vcpusOf(instance.instanceType), 0);
  // What is reserved counts whether it is used or not.
  const reserved = heldReservations(region)
    .filter(
      ({ instanceType }) =>
        request.purchase === "on-demand" && quotaClassOf(instanceType) === quotaClass,
    )
    .reduce((sum, each) => sum + vcpusOf(each.instanceType) * freeSeats(region, each), 0);
  const account = context.accounts.get(region.accountId);
  const quotas = request.purchase === "spot" ? account?.spotVcpus : account?.onDemandVcpus;
  const asked = vcpusOf(request.instanceType) * request.count;
  if (used + reserved + asked <= (quotas?.[quotaClass] ?? 0)) return;
  if (request.purchase === "spot") {
    throw refuse("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded");
  }
  throw refuse(
    "VcpuLimitExceeded",
    `You have requested more vCPU capacity than your current vCPU limit of ${String(quotas?.[quotaClass] ?? 0)} allows for the instance bucket that the specified instance type belongs to.`,
  );
};
