/**
 * CreateFleet of type `instant`: one call, many pools. The answer is 200 also where nothing was launched: each override that was tried
 * without success has an error of its own. Source: EC2 API reference, CreateFleet; EC2 user guide, "Configure an EC2 Fleet of type
 * instant".
 */
import type {
  CreateFleetCommandInput,
  CreateFleetError,
  CreateFleetInstance,
  CreateFleetResult,
  FleetLaunchTemplateConfigRequest,
  FleetLaunchTemplateOverridesRequest,
  LaunchTemplateAndOverridesResponse,
  RunInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import { CloudError, type Call } from "../contract.ts";
import { newId, oncePerToken, tagsFor, type Ec2Context } from "./context.ts";
import { mergedTags } from "./fleet-tags.ts";
import { applyTemplate, findTemplate, findVersion, inSubnet } from "./launch-template-data.ts";
import { capacityOf, type Purchase } from "./pools.ts";
import { refuse, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import { launchAll } from "./run-instances.ts";
import type { Instance, RegionState } from "./state.ts";

interface Pool {
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

const poolsOf = (
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
          Overrides: override as NonNullable<LaunchTemplateAndOverridesResponse["Overrides"]>,
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

const placeOf = (region: RegionState, { input }: Pool) => {
  const subnetId = input.SubnetId ?? input.NetworkInterfaces?.[0]?.SubnetId;
  const zone =
    region.subnets.get(subnetId ?? "")?.zone ??
    region.zones.find(({ name }) => name === input.Placement?.AvailabilityZone);
  return {
    region: region.region,
    zoneId: zone?.id ?? region.zones[0]?.id ?? "",
    instanceType: input.InstanceType ?? "m1.small",
    product: "Linux/UNIX",
  };
};

/** Pools in the order in which they are tried. `diversified` tries them as they stand. */
const ordered = (
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

/** The same for every pool: there is no use in trying the next one. */
const ofTheRequest: ReadonlySet<string> = new Set(["UnauthorizedOperation", "TagLimitExceeded"]);

interface Tried {
  readonly errors: CreateFleetError[];
  readonly launched: Map<Pool, Instance[]>;
}

const tryPool = (
  context: Ec2Context,
  region: RegionState,
  attempt: { readonly pool: Pool; readonly most: number; readonly tried: Tried },
): number => {
  const { pool, most, tried } = attempt;
  for (let count = 0; count < most; count += 1) {
    try {
      const [instance] = launchAll(context, region, pool.input);
      if (instance === undefined) return count;
      tried.launched.set(pool, [...(tried.launched.get(pool) ?? []), instance]);
    } catch (error) {
      if (!(error instanceof CloudError) || ofTheRequest.has(error.code)) throw error;
      tried.errors.push({
        LaunchTemplateAndOverrides: pool.named,
        Lifecycle: pool.purchase,
        ErrorCode: error.code,
        ErrorMessage: error.message,
      });
      return count;
    }
  }
  return most;
};

const launch = (
  context: Ec2Context,
  region: RegionState,
  given: {
    readonly pools: readonly Pool[];
    readonly isSpread: boolean;
    readonly target: number;
    readonly tried: Tried;
  },
): void => {
  const { pools, isSpread, target, tried } = given;
  let missing = target;
  let left = [...pools];
  while (missing > 0 && left.length > 0) {
    const share = isSpread ? Math.ceil(missing / left.length) : missing;
    const full: Pool[] = [];
    for (const pool of left) {
      if (missing === 0) break;
      const most = Math.min(share, missing);
      const count = tryPool(context, region, { pool, most, tried });
      missing -= count;
      if (count === most) full.push(pool);
    }
    // What refused is not tried again.
    left = isSpread ? full : [];
  }
};

const targetsOf = ({
  TargetCapacitySpecification: wanted,
}: CreateFleetCommandInput): Readonly<Record<Purchase, number>> => {
  const total = required(wanted?.TotalTargetCapacity, "TotalTargetCapacity");
  const isSpot = (wanted?.DefaultTargetCapacityType ?? "on-demand") === "spot";
  const { SpotTargetCapacity: spot, OnDemandTargetCapacity: onDemand } = wanted ?? {};
  const rest = Math.max(0, total - (spot ?? 0) - (onDemand ?? 0));
  return {
    spot: (spot ?? 0) + (isSpot ? rest : 0),
    "on-demand": (onDemand ?? 0) + (isSpot ? 0 : rest),
  };
};

const strategyOf = (request: CreateFleetCommandInput, purchase: Purchase): string =>
  (purchase === "spot"
    ? request.SpotOptions?.AllocationStrategy
    : request.OnDemandOptions?.AllocationStrategy) ?? "lowest-price";

const checkRequest = (request: CreateFleetCommandInput): void => {
  if (request.Type !== "instant") {
    throw refuse("UnsupportedOperation", "The simulated cloud has fleets of type instant only.");
  }
  const isMinimal =
    request.SpotOptions?.MinTargetCapacity !== undefined ||
    request.OnDemandOptions?.MinTargetCapacity !== undefined;
  if (isMinimal) {
    throw refuse("UnsupportedOperation", "The simulated cloud's fleets have no minimum capacity.");
  }
};

const instanceOf = ([pool, instances]: readonly [
  Pool,
  readonly Instance[],
]): CreateFleetInstance => ({
  LaunchTemplateAndOverrides: pool.named,
  Lifecycle: pool.purchase,
  InstanceIds: instances.map(({ id }) => id),
  InstanceType: pool.input.InstanceType,
});

const create = (
  context: Ec2Context,
  region: RegionState,
  request: CreateFleetCommandInput,
): CreateFleetResult => {
  const hex = newId(context, "");
  const fleetId = `fleet-${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}`;
  const tried: Tried = { errors: [], launched: new Map() };
  const targets = targetsOf(request);
  for (const purchase of ["on-demand", "spot"] as const) {
    if (targets[purchase] === 0) continue;
    const strategy = strategyOf(request, purchase);
    const pools = poolsOf(context, region, { request, purchase, fleetId });
    launch(context, region, {
      pools: ordered(context, region, { pools, strategy }),
      isSpread: strategy === "diversified",
      target: targets[purchase],
      tried,
    });
  }
  for (const instance of [...tried.launched.values()].flat()) {
    instance.tags = { ...instance.tags, "aws:ec2:fleet-id": fleetId };
  }
  return {
    FleetId: fleetId,
    Errors: tried.errors,
    Instances: [...tried.launched].map(instanceOf),
  };
};

export const createFleetOperations = (context: Ec2Context) => {
  const made = new Map<string, CreateFleetResult>();
  return {
    CreateFleet: (call: Call, request: CreateFleetCommandInput): CreateFleetResult => {
      const region = regionOf(context, call);
      checkRequest(request);
      const [id = ""] = oncePerToken(
        region,
        { scope: "CreateFleet", token: request.ClientToken, parameters: request },
        () => {
          const result = create(context, region, request);
          made.set(result.FleetId ?? "", result);
          return [result.FleetId ?? ""];
        },
      );
      return made.get(id) ?? {};
    },
  };
};
