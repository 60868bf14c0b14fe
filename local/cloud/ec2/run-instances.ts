/**
 * RunInstances. A request is judged whole before anything is made, in this order: parameters, image, type and
 * subnet; quota; addresses; price; capacity. A client token is zonal where a subnet or zone is named.
 */
import type {
  Reservation,
  RunInstancesCommandInput,
  RunInstancesRequest,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import type { InstanceTypeRecord } from "../market/market.ts";
import { checkDevice, mergeDevices } from "./block-devices.ts";
import { findOne, newId, oncePerToken, tagsFor, type Ec2Context } from "./context.ts";
import { viewInstance } from "./instance-view.ts";
import { requireRegistered } from "./images.ts";
import { requireInterfaceRoom } from "./interface-records.ts";
import { interfaceSpecifications, launchInstance, type LaunchPlan } from "./launch.ts";
import { applyTemplate } from "./launch-template-data.ts";
import { poolOf, productOf, requireCapacity, requireQuota } from "./pools.ts";
import { checkReferences } from "./references.ts";
import { kinds, refuse, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import { requireGroups } from "./security-group-records.ts";
import { fulfil, openRequest } from "./spot-requests.ts";
import type { Image, Instance, RegionState, SpotRequest, Subnet } from "./state.ts";
import { requireAddressFree, requireFreeAddresses } from "./subnets-and-zones.ts";

const checkImage = (context: Ec2Context, region: RegionState, id: string): Image => {
  requireRegistered(region, id);
  const image = findOne(context, region.images, { kind: kinds.image, id });
  if (image.state !== "available") {
    throw refuse("InvalidAMIID.Unavailable", `The image ID '${id}' is not available`);
  }
  return image;
};

const checkType = (context: Ec2Context, name: string, image: Image): InstanceTypeRecord => {
  const type = context.market.findType(name);
  if (type === undefined) {
    throw refuse("InvalidParameterValue", `Invalid value '${name}' for InstanceType.`);
  }
  if (!type.architectures.includes(image.architecture)) {
    throw refuse(
      "InvalidParameterValue",
      `The architecture '${type.architectures.join(",")}' of the specified instance type does not match the architecture '${image.architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.`,
    );
  }
  if (!type.virtualizationTypes.includes(image.virtualizationType)) {
    throw refuse(
      "InvalidParameterCombination",
      `Virtualization type '${image.virtualizationType}' is not supported for instances of type '${name}'.`,
    );
  }
  const bootMode = image.bootMode === "uefi" ? "uefi" : undefined;
  if (bootMode !== undefined && !type.bootModes.includes(bootMode)) {
    throw refuse(
      "InvalidParameterCombination",
      `The instance type '${name}' does not support the boot mode '${bootMode}' of the AMI.`,
    );
  }
  return type;
};

/** The subnet that the request names, itself or by its primary interface. */
const subnetIdOf = (region: RegionState, input: RunInstancesCommandInput): string | undefined => {
  const [primary] = input.NetworkInterfaces ?? [];
  const existing = region.interfaces.get(primary?.NetworkInterfaceId ?? "");
  return primary?.SubnetId ?? existing?.subnetId ?? input.SubnetId;
};

const subnetOfRequest = (
  context: Ec2Context,
  region: RegionState,
  input: RunInstancesCommandInput,
): Subnet => {
  const id = subnetIdOf(region, input);
  if (id !== undefined) return findOne(context, region.subnets, { kind: kinds.subnet, id });
  const zone = input.Placement?.AvailabilityZone ?? region.zones[0]?.name;
  const subnet = [...region.subnets.values()].find((each) => each.zone.name === zone);
  if (subnet === undefined) {
    throw refuse("InvalidParameterValue", `Invalid availability zone: [${zone ?? ""}]`);
  }
  return subnet;
};

const combination = (message: string) => refuse("InvalidParameterCombination", message);

/** Where interfaces are given, subnet and groups are theirs alone. */
const checkLevels = (input: RunInstancesCommandInput): void => {
  if ((input.NetworkInterfaces ?? []).length === 0) return;
  if (input.SubnetId !== undefined) {
    throw combination(
      "Network interfaces and an instance-level subnet ID may not be specified on the same request",
    );
  }
  if ((input.SecurityGroupIds ?? []).length > 0) {
    throw combination(
      "Network interfaces and instance-level security groups may not be specified on the same request",
    );
  }
};

const checkInterfaces = (
  context: Ec2Context,
  region: RegionState,
  plan: Pick<LaunchPlan, "input" | "subnet" | "type">,
): void => {
  const asked = plan.input.NetworkInterfaces ?? [];
  checkLevels(plan.input);
  requireInterfaceRoom(context, plan.type.instanceType, Math.max(1, asked.length));
  requireGroups(context, region, plan.input.SecurityGroupIds);
  for (const specification of asked) {
    const { NetworkInterfaceId: id } = specification;
    requireGroups(context, region, specification.Groups);
    if (specification.AssociatePublicIpAddress === true && (asked.length > 1 || id !== undefined)) {
      throw combination(
        "The associatePublicIPAddress parameter cannot be specified when launching with multiple network interfaces.",
      );
    }
    if (id === undefined) continue;
    const record = findOne(context, region.interfaces, { kind: kinds.networkInterface, id });
    if (record.attachment !== undefined) {
      throw refuse("InvalidNetworkInterface.InUse", `Interface: [${id}] in use.`);
    }
  }
};

const checkAddresses = (
  region: RegionState,
  plan: Pick<LaunchPlan, "input" | "subnet">,
  count: number,
): void => {
  const fresh = interfaceSpecifications(plan.input).filter(
    (specification) => specification.NetworkInterfaceId === undefined,
  );
  const wanted = fresh.reduce(
    (sum, specification) =>
      sum +
      Math.max(1, specification.PrivateIpAddresses?.length ?? 0) +
      (specification.SecondaryPrivateIpAddressCount ?? 0),
    0,
  );
  requireFreeAddresses(region, plan.subnet, wanted * count);
  for (const specification of fresh) {
    const ip = specification.PrivateIpAddress;
    if (ip !== undefined) requireAddressFree(region, plan.subnet, ip);
  }
};

/** † The words of these three are from memory; that EC2 refuses is documented. */
const checkSpotOptions = (input: RunInstancesCommandInput): void => {
  const options = input.InstanceMarketOptions?.SpotOptions;
  const behavior = options?.InstanceInterruptionBehavior ?? "terminate";
  if (behavior !== "terminate" && options?.SpotInstanceType !== "persistent") {
    throw combination(
      `One-time Spot requests cannot have the interruption behavior '${behavior}'.`,
    );
  }
  if (input.DisableApiTermination === true) {
    throw combination("Termination protection cannot be enabled for a Spot Instance.");
  }
  if (input.Placement?.Tenancy === "host") {
    throw combination("Spot Instances cannot run on a Dedicated Host.");
  }
};

/** @throws CloudError SpotMaxPriceTooLow. */
const checkMaxPrice = (
  context: Ec2Context,
  plan: Pick<LaunchPlan, "input">,
  pool: ReturnType<typeof poolOf>,
): void => {
  const price = context.market.spotPrice(pool, context.clock.now());
  const maxPrice = plan.input.InstanceMarketOptions?.SpotOptions?.MaxPrice;
  if (price === undefined || maxPrice === undefined || Number(maxPrice) >= price) return;
  throw refuse(
    "SpotMaxPriceTooLow",
    `Your Spot request price of ${maxPrice} is lower than the minimum required Spot request fulfillment price of ${String(price)}.`,
  );
};

/** Whatever can be told from the request alone. */
const judgeRequest = (
  context: Ec2Context,
  region: RegionState,
  input: RunInstancesCommandInput,
): Omit<LaunchPlan, "reservationId" | "atMs"> => {
  const image = checkImage(context, region, required(input.ImageId, "ImageId"));
  const type = checkType(context, input.InstanceType ?? "m1.small", image);
  const subnet = subnetOfRequest(context, region, input);
  const lifecycle = input.InstanceMarketOptions?.MarketType === "spot" ? "spot" : undefined;
  const plan = { input, image, type, subnet, lifecycle } as const;
  checkInterfaces(context, region, plan);
  for (const device of mergeDevices(image, input.BlockDeviceMappings)) checkDevice(region, device);
  tagsFor(input.TagSpecifications, "instance");
  checkReferences(region, plan);
  if (!context.market.isOffered(region.region, subnet.zone.id, type.instanceType)) {
    throw refuse(
      "Unsupported",
      `Your requested instance type (${type.instanceType}) is not supported in your requested Availability Zone (${subnet.zone.name}).`,
    );
  }
  if (lifecycle === "spot") checkSpotOptions(input);
  return plan;
};

const judge = (
  context: Ec2Context,
  region: RegionState,
  input: RunInstancesCommandInput,
): LaunchPlan & { readonly count: number } => {
  const plan = judgeRequest(context, region, input);
  const { image, type, subnet, lifecycle } = plan;
  const purchase = lifecycle === "spot" ? "spot" : "on-demand";
  const count = input.MaxCount ?? 1;
  requireQuota(context, region, { purchase, instanceType: type.instanceType, count });
  checkAddresses(region, plan, count);
  const pool = {
    region: region.region,
    zoneId: subnet.zone.id,
    instanceType: type.instanceType,
    product: productOf(image),
  };
  if (lifecycle === "spot") checkMaxPrice(context, plan, pool);
  requireCapacity(context, purchase, { pool, zone: subnet.zone, count });
  return { ...plan, count, reservationId: newId(context, "r-"), atMs: context.clock.now() };
};

/** † EC2 judges a request's parameters in a dry run too, as people report; it promises to judge the permission. */
export const dryRunInstances =
  (context: Ec2Context) =>
  (call: Call, asked: RunInstancesCommandInput): void => {
    const region = regionOf(context, call);
    judgeRequest(context, region, applyTemplate(context, region, asked));
  };

/** Judges and launches; nothing exists afterwards if it throws. */
export const launchAll = (
  context: Ec2Context,
  region: RegionState,
  input: RunInstancesCommandInput,
): readonly Instance[] => {
  const { count, ...plan } = judge(context, region, input);
  return Array.from({ length: count }, () => {
    const instance = launchInstance(context, region, plan);
    if (plan.lifecycle === "spot") {
      const { product, instanceType } = poolOf(region, instance);
      openRequest(context, region, {
        instance,
        launch: input,
        onDemandUsd: context.market.onDemand(region.region, instanceType, product),
        atMs: plan.atMs,
      });
    }
    return instance;
  });
};

/** A persistent request launches its instance again. @throws CloudError where it cannot. */
export const relaunch = (
  context: Ec2Context,
  region: RegionState,
  request: SpotRequest,
): Instance => {
  const plan = judge(context, region, {
    ...request.launch,
    MinCount: 1,
    MaxCount: 1,
    ClientToken: undefined,
  });
  const instance = launchInstance(context, region, plan);
  instance.spotRequestId = request.id;
  request.instanceId = instance.id;
  fulfil(request, plan.atMs);
  return instance;
};

/** The token counts per zone where the request names one. */
const tokenScope = (
  context: Ec2Context,
  region: RegionState,
  input: RunInstancesRequest & { MinCount: number | undefined },
): string => {
  const subnetId = subnetIdOf(region, input);
  const zone =
    subnetId === undefined
      ? input.Placement?.AvailabilityZone
      : findOne(context, region.subnets, { kind: kinds.subnet, id: subnetId }).zone.name;
  return `RunInstances#${zone ?? ""}`;
};

export const runInstancesOperations = (context: Ec2Context) => ({
  RunInstances: (call: Call, asked: RunInstancesCommandInput): Reservation => {
    const region = regionOf(context, call);
    const count = required(asked.MaxCount, "MaxCount");
    if (required(asked.MinCount, "MinCount") < 1 || count < (asked.MinCount ?? 1)) {
      throw refuse("InvalidParameterValue", "MinCount and MaxCount must be 1 or more, in order");
    }
    const input = applyTemplate(context, region, asked);
    const ids = oncePerToken(
      region,
      {
        scope: tokenScope(context, region, input),
        token: asked.ClientToken,
        parameters: asked,
      },
      () => launchAll(context, region, input).map((instance) => instance.id),
    );
    const instances = ids.flatMap((id) => region.instances.get(id) ?? []);
    // Also once EC2 has forgotten it. Source: EC2 API reference, "Error codes", IdempotentInstanceTerminated.
    if (instances.every(({ state }) => state === "terminated")) {
      throw refuse(
        "IdempotentInstanceTerminated",
        "The request to launch an instance uses the same client token as a previous request for which the instance has been terminated.",
      );
    }
    return {
      ReservationId: instances[0]?.reservationId,
      OwnerId: region.accountId,
      Groups: [],
      Instances: instances.map((instance) => viewInstance(context, region, instance)),
    };
  },
});
