/** Spot requests as records: made at a launch, and what becomes of them when the instance ends. */
import type { RunInstancesCommandInput, SpotInstanceRequest } from "@aws-sdk/client-ec2";
import { newId, tagList, tagsFor, type Ec2Context } from "./context.ts";
import type { Instance, RegionState, SpotRequest } from "./state.ts";

/** AWS's sentences for the status codes that the simulation uses. */
const messages: Readonly<Record<string, string>> = {
  fulfilled: "Your Spot request is fulfilled.",
  "marked-for-termination":
    "Your Spot Instance is marked for termination because there is no available Spot capacity.",
  "marked-for-stop":
    "Your Spot Instance is marked for stop because there is no available Spot capacity.",
  "instance-terminated-no-capacity":
    "Your Spot Instance was terminated because there is no Spot capacity available.",
  "instance-stopped-no-capacity":
    "Your Spot Instance was stopped because there is no Spot capacity available.",
  "instance-terminated-by-user": "Spot Instance terminated due to user-initiated termination.",
  "instance-stopped-by-user": "You stopped your Spot Instance.",
  "instance-terminated-by-service": "Your Spot Instance was terminated by the service.",
  "request-canceled-and-instance-running":
    "You canceled the Spot request; the Spot Instance is still running.",
  "canceled-before-fulfillment": "Your Spot request is canceled before it was fulfilled.",
  "capacity-not-available": "There is no Spot capacity available that matches your request.",
  "pending-evaluation": "Your Spot request is pending evaluation.",
};

export const setStatus = (request: SpotRequest, code: string, atMs: number): void => {
  request.status = { code, message: messages[code] ?? code, at: atMs };
};

export const requestOf = (region: RegionState, instance: Instance): SpotRequest | undefined =>
  region.spotRequests.get(instance.spotRequestId ?? "");

/** Of a request whose instance the pool took, or has announced that it takes. */
export const lostCode = "instance-terminated-no-capacity";

/** A request has an id of its own form: `sir-` and eight characters. */
export const openRequest = (
  context: Ec2Context,
  region: RegionState,
  input: {
    readonly instance: Instance;
    readonly launch: RunInstancesCommandInput;
    readonly onDemandUsd: number | undefined;
    readonly atMs: number;
  },
): SpotRequest => {
  const options = input.launch.InstanceMarketOptions?.SpotOptions;
  const request: SpotRequest = {
    id: newId(context, "sir-").slice(0, 12),
    createdAt: input.atMs,
    visibleAt: input.instance.visibleAt,
    tags: tagsFor(input.launch.TagSpecifications, "spot-instances-request"),
    type: options?.SpotInstanceType ?? "one-time",
    interruptionBehavior: options?.InstanceInterruptionBehavior ?? "terminate",
    maxPrice: options?.MaxPrice ?? (input.onDemandUsd ?? 0).toFixed(6),
    zone: input.instance.zone,
    product: input.instance.platformDetails,
    launch: input.launch,
    instanceId: input.instance.id,
    state: "active",
    status: { code: "", message: "", at: input.atMs },
  };
  setStatus(request, "fulfilled", input.atMs);
  region.spotRequests.set(request.id, request);
  input.instance.spotRequestId = request.id;
  return request;
};

/** By the instance's reason; others than a user's and the pool's are a service's †. */
const endCodes: Readonly<Record<string, string>> = {
  "Server.SpotInstanceTermination": lostCode,
  "Client.UserInitiatedShutdown": "instance-terminated-by-user",
};

/** The instance is terminated: a one-time request is over, a persistent one opens again unless it was cancelled. */
export const settleRequest = (region: RegionState, instance: Instance, atMs: number): void => {
  const request = requestOf(region, instance);
  if (request === undefined || request.instanceId !== instance.id) return;
  // Told at the notice already, whoever ends it by then.
  if (request.status.code === lostCode) return;
  const code = endCodes[instance.stateReason?.code ?? ""] ?? "instance-terminated-by-service";
  setStatus(request, code, atMs);
  if (request.state !== "active" && request.state !== "disabled") return;
  request.state = request.type === "one-time" ? "closed" : "open";
};

export const viewRequest = (region: RegionState, request: SpotRequest): SpotInstanceRequest => ({
  SpotInstanceRequestId: request.id,
  CreateTime: new Date(request.createdAt),
  Type: request.type,
  State: request.state,
  Status: {
    Code: request.status.code,
    Message: request.status.message,
    UpdateTime: new Date(request.status.at),
  },
  SpotPrice: request.maxPrice,
  ...(request.instanceId === undefined ? {} : { InstanceId: request.instanceId }),
  InstanceInterruptionBehavior: request.interruptionBehavior,
  LaunchedAvailabilityZone: request.zone.name,
  LaunchedAvailabilityZoneId: request.zone.id,
  ProductDescription: request.product === "Windows" ? "Windows" : "Linux/UNIX",
  LaunchSpecification: {
    ...(request.launch.ImageId === undefined ? {} : { ImageId: request.launch.ImageId }),
    ...(request.launch.InstanceType === undefined
      ? {}
      : { InstanceType: request.launch.InstanceType }),
    SubnetId: region.instances.get(request.instanceId ?? "")?.subnetId,
    Placement: { AvailabilityZone: request.zone.name },
  },
  Tags: tagList(request.tags),
});
