/** The pools of an instant fleet: what each override would launch, and in which order they are tried. */
import type {
  CreateFleetCommandInput,
  FleetLaunchTemplateConfigRequest,
  FleetLaunchTemplateOverridesRequest,
  LaunchTemplateAndOverridesResponse,
  RunInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import { CloudError } from "../contract.ts";
import { tagsFor, type Ec2Context } from "./context.ts";
import { mergedTags } from "./fleet-tags.ts";
import { applyTemplate, findTemplate, findVersion, inSubnet } from "./launch-template-data.ts";
import { capacityOf, type Purchase } from "./pools.ts";
import { refuse, required } from "./refusals.ts";
import type { RegionState, Zone } from "./state.ts";

export interface Pool {
  readonly purchase: Purchase;
  readonly override: FleetLaunchTemplateOverridesRequest;
  readonly input: RunInstancesCommandInput;
  /** As the answer names it. */
  readonly named: LaunchTemplateAndOverridesResponse;
}

/** "A request of type instant can have only one subnet ID" (FleetLaunchTemplateOverridesRequest, SubnetId). */
const checkOverride = ({ SubnetId: subnetId = "" }: FleetLaunchTemplateOverridesRequest): void => {
  if (!subnetId.includes(",")) return;
  throw refuse(
    "InvalidParameterValue",
    "Only one subnet can be specified in an override of a fleet of type instant",
  );
};

const overriding = (
  override: FleetLaunchTemplateOverridesRequest,
  purchase: Purchase,
): Partial<RunInstancesCommandInput> => {
  const { AvailabilityZone: zone, MaxPrice: maxPrice, BlockDeviceMappings: devices } = override;
  const placement = {
    ...override.Placement,
    ...(zone !== undefined && { AvailabilityZone: zone }),
  };
  const spot = { MarketType: "spot" as const, SpotOptions: { MaxPrice: maxPrice } };
  const stated: Partial<RunInstancesCommandInput> = {
    InstanceType: override.InstanceType,
    SubnetId: override.SubnetId,
    ImageId: override.ImageId,
    KeyName: override.KeyName,
    IamInstanceProfile: override.IamInstanceProfile,
    MetadataOptions: override.MetadataOptions,
    BlockDeviceMappings: devices,
    ...(Object.keys(placement).length > 0 && { Placement: placement }),
    ...(purchase === "spot" && { InstanceMarketOptions: spot }),
  };
  return Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined));
};

const inputOf = (
  context: Ec2Context,
  region: RegionState,
  given: {
    readonly request: CreateFleetCommandInput;
    readonly config: FleetLaunchTemplateConfigRequest;
    readonly override: FleetLaunchTemplateOverridesRequest;
    readonly purchase: Purchase;
    readonly fleetId: string;
  },
): RunInstancesCommandInput => {
  const { request, config, override, purchase, fleetId } = given;
  const { LaunchTemplateSpecificationUserData: userData, ...template } =
    config.LaunchTemplateSpecification ?? {};
  const whole = applyTemplate(context, region, {
    MinCount: 1,
    MaxCount: 1,
    LaunchTemplate: template,
    ...overriding(override, purchase),
    ...(userData !== undefined && { UserData: userData }),
  });
  const kinds = ["instance", "volume", "network-interface", "spot-instances-request"] as const;
  const tags = Object.fromEntries(
    kinds.map((kind) => [kind, tagsFor(request.TagSpecifications, kind)]),
  );
  return {
    ...inSubnet(whole),
    TagSpecifications: mergedTags(whole.TagSpecifications ?? [], tags),
    ClientToken: `fleet-${fleetId}`,
  };
};

export const poolsOf = (
  context: Ec2Context,
  region: RegionState,
  given: {
    readonly request: CreateFleetCommandInput;
    readonly purchase: Purchase;
    readonly fleetId: string;
  },
): readonly Pool[] =>
  (given.request.LaunchTemplateConfigs ?? []).flatMap((config) => {
    const wanted = config.LaunchTemplateSpecification ?? {};
    const template = findTemplate(context, region, wanted);
    const { number } = findVersion(template, wanted.Version);
    const overrides = config.Overrides ?? [{}];
    return overrides.map((override) => {
      checkOverride(override);
      return {
        purchase: given.purchase,
        override,
        input: inputOf(context, region, { ...given, config, override }),
        named: {
          LaunchTemplateSpecification: { LaunchTemplateId: template.id, Version: String(number) },
          Overrides: override,
        },
      };
    });
  });

/** What is launched by it, one for each override; none where a template is not there, which the operation itself refuses. */
export const launchInputsOf = (
  context: Ec2Context,
  region: RegionState,
  request: CreateFleetCommandInput,
): readonly RunInstancesCommandInput[] => {
  const targets = targetsOf(request);
  const purchases = (["on-demand", "spot"] as const).filter((each) => targets[each] > 0);
  try {
    return purchases.flatMap((purchase) =>
      poolsOf(context, region, { request, purchase, fleetId: "" }).map(({ input }) => input),
    );
  } catch (error) {
    if (error instanceof CloudError) return [];
    throw error;
  }
};

const zoneOf = (region: RegionState, { input }: Pool): Zone | undefined => {
  const subnetId = input.SubnetId ?? input.NetworkInterfaces?.[0]?.SubnetId ?? "";
  const named = region.zones.find(({ name }) => name === input.Placement?.AvailabilityZone);
  return region.subnets.get(subnetId)?.zone ?? named ?? region.zones[0];
};

const placeOf = (region: RegionState, pool: Pool) => {
  const { input } = pool;
  return {
    region: region.region,
    zoneId: zoneOf(region, pool)?.id ?? "",
    instanceType: input.InstanceType ?? "m1.small",
    product: "Linux/UNIX",
  };
};

/** Pools in the order in which they are tried. `diversified` tries them as they stand. */
export const ordered = (
  context: Ec2Context,
  region: RegionState,
  given: { readonly pools: readonly Pool[]; readonly strategy: string },
): readonly Pool[] => {
  const { pools, strategy } = given;
  const now = context.clock.now();
  const price = (pool: Pool): number => {
    const place = placeOf(region, pool);
    return (
      (pool.purchase === "spot"
        ? context.market.spotPrice(place, now)
        : context.market.onDemand(place.region, place.instanceType, place.product)) ?? Infinity
    );
  };
  const room = (pool: Pool): number =>
    -capacityOf(context, pool.purchase, { pool: placeOf(region, pool), atMs: now });
  const priority = ({ override }: Pool): number => override.Priority ?? Infinity;
  const measures: Readonly<Record<string, (pool: Pool) => number>> = {
    "lowest-price": price,
    lowestPrice: price,
    // † What AWS weighs against each other is not documented: here the cheaper of those that have room.
    "price-capacity-optimized": price,
    "capacity-optimized": room,
    "capacity-optimized-prioritized": room,
    prioritized: priority,
  };
  const measure = measures[strategy];
  if (measure === undefined) return pools;
  const measured = pools.map((pool, index) => ({ pool, index, value: measure(pool) }));
  return measured
    .sort((one, other) => one.value - other.value || one.index - other.index)
    .map(({ pool }) => pool);
};

/** What neither of the two targets names is of the default type, On-Demand unless told. */
export const targetsOf = ({
  TargetCapacitySpecification: wanted,
}: CreateFleetCommandInput): Readonly<Record<Purchase, number>> => {
  const total = required(wanted?.TotalTargetCapacity, "TotalTargetCapacity");
  const { SpotTargetCapacity: spot = 0, OnDemandTargetCapacity: onDemand = 0 } = wanted ?? {};
  const rest = Math.max(0, total - spot - onDemand);
  return wanted?.DefaultTargetCapacityType === "spot"
    ? { spot: spot + rest, "on-demand": onDemand }
    : { spot, "on-demand": onDemand + rest };
};
