/** What Reserved Instances of a region cover of what runs there. */
import type { InstanceState } from "./instance.ts";
import type { ReservedCoverage } from "./market.ts";

/** Active Reserved Instances of one purchase that cover shared hardware. */
export interface ReservedInstances {
  readonly instanceType: string;
  /** As EC2 spells it: `Linux/UNIX`, `Linux/UNIX (Amazon VPC)` … */
  readonly product: string;
  readonly count: number;
}

/** Reserved Instances for a VPC are sold under both descriptions. */
export const reservedProducts = (platform: string): readonly string[] => [
  platform,
  `${platform} (Amazon VPC)`,
];

interface Kind {
  readonly instanceType: string;
  /** As EC2 spells it: `Linux/UNIX`. */
  readonly platform: string;
}

export const reservedCountOf = (
  reserved: readonly ReservedInstances[],
  { instanceType, platform }: Kind,
): number => {
  const products = reservedProducts(platform);
  return reserved
    .filter((one) => one.instanceType === instanceType && products.includes(one.product))
    .reduce((sum, { count }) => sum + count, 0);
};

/** As far as it matters to a reservation. */
export interface ReservationUser {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly platformDetails: string;
  readonly state: InstanceState;
  /** Absent: On-Demand. */
  readonly lifecycle?: string;
}

/**
 * How many reservations of exactly this type and platform there are, and how many running On-Demand instances could use them,
 * without those that are about to leave. Size flexibility within a family, and Savings Plans, are not seen.
 */
export const reservedCoverage = (
  {
    reserved,
    instances,
  }: {
    readonly reserved: readonly ReservedInstances[];
    readonly instances: readonly ReservationUser[];
  },
  { leaving, ...kind }: Kind & { readonly leaving: readonly string[] },
): ReservedCoverage => {
  const leftOut = leaving.length > 0 && { leaving };
  const reservedCount = reservedCountOf(reserved, kind);
  if (reservedCount === 0) return { reservedCount, runningCount: 0, ...leftOut };
  const running = instances.filter(
    ({ instanceId, instanceType, platformDetails, state, lifecycle }) =>
      state === "running" &&
      lifecycle === undefined &&
      instanceType === kind.instanceType &&
      platformDetails === kind.platform &&
      !leaving.includes(instanceId),
  );
  return { reservedCount, runningCount: running.length, ...leftOut };
};
