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
} from "@aws-sdk/client-ec2";
import { CloudError, type Call } from "../contract.ts";
import { newId, oncePerToken, type Ec2Context } from "./context.ts";
import { ordered, poolsOf, targetsOf, type Pool } from "./fleet-pools.ts";
import type { Purchase } from "./pools.ts";
import { refuse } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import { launchAll } from "./run-instances.ts";
import type { Instance, RegionState } from "./state.ts";

/** The same for every pool: there is no use in trying the next one. */
const ofTheRequest: ReadonlySet<string> = new Set(["UnauthorizedOperation", "TagLimitExceeded"]);

interface Tried {
  readonly errors: CreateFleetError[];
  readonly launched: Map<Pool, Instance[]>;
}

const requirePlace = (context: Ec2Context, { purchase, input }: Pool): void => {
  const place = { instanceType: input.InstanceType ?? "", purchase };
  for (const refuser of context.defects.refusedPlaces) {
    const code = refuser(place);
    if (code !== undefined) throw refuse(code, `${place.instanceType} was refused.`);
  }
};

const tryPool = (
  context: Ec2Context,
  region: RegionState,
  attempt: { readonly pool: Pool; readonly most: number; readonly tried: Tried },
): number => {
  const { pool, most, tried } = attempt;
  for (let count = 0; count < most; count += 1) {
    try {
      requirePlace(context, pool);
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
