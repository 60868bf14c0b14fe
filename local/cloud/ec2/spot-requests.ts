/**
 * Spot requests as records: made at a launch, and what becomes of them when the instance is taken, stops or ends. Source: EC2 user
 * guide, "State changes for a Spot request": its tables "Fulfilled", "Fulfilled-terminal" with its footnotes, "Interruption experiments".
 */
import type { RunInstancesCommandInput, SpotInstanceRequest } from "@aws-sdk/client-ec2";
import { newId, tagList, tagsFor, type Ec2Context } from "./context.ts";
import type { Instance, RegionState, SpotRequest, TakenFor } from "./state.ts";

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
  "marked-for-stop-by-experiment": "Your Spot Instance is marked for stop by an experiment.",
  "instance-terminated-by-price":
    "Your Spot Instance was terminated because your maximum price is less than the current Spot price.",
  "instance-stopped-by-price":
    "Your Spot Instance was stopped because your maximum price is less than the current Spot price.",
  "instance-terminated-by-experiment": "Your Spot Instance was terminated by an experiment.",
  "instance-stopped-by-experiment": "Your Spot Instance was stopped by an experiment.",
  "instance-stopped-by-user": "You stopped your Spot Instance.",
  "instance-terminated-by-service": "Your Spot Instance was terminated by the service.",
  "request-canceled-and-instance-running":
    "You canceled the Spot request; the Spot Instance is still running.",
  "canceled-before-fulfillment": "Your Spot request is canceled before it was fulfilled.",
  "capacity-not-available": "There is no Spot capacity available that matches your request.",
  "pending-evaluation": "Your Spot request is pending evaluation.",
};

/** As they were until their status last changed, for reads that lag behind. Absent: as they were made. */
const before = new WeakMap<SpotRequest, Pick<SpotRequest, "state" | "status">>();

export const setStatus = (request: SpotRequest, code: string, atMs: number): void => {
  const { state, status } = request;
  if (status.code !== "") before.set(request, { state, status });
  request.status = { code, message: messages[code] ?? code, at: atMs };
};

export const requestOf = (region: RegionState, instance: Instance): SpotRequest | undefined =>
  region.spotRequests.get(instance.spotRequestId ?? "");

export const fulfil = (request: SpotRequest, atMs: number): void => {
  request.state = "active";
  request.taking = undefined;
  setStatus(request, "fulfilled", atMs);
};

/**
 * What EC2 does to the instance when it takes it back. † One whose persistent request was cancelled can no longer be stopped: it is
 * terminated.
 */
export const actionOf = (request: SpotRequest | undefined): SpotRequest["interruptionBehavior"] =>
  request === undefined || request.state === "cancelled"
    ? "terminate"
    : request.interruptionBehavior;

/**
 * Above it nothing runs. Where its owner named none it is the On-Demand price, which no Spot price exceeds. Source: EC2 user guide,
 * "Spot Instance pricing".
 */
export const isPricedOut = ({ launch }: SpotRequest, hourlyUsd: number | undefined): boolean => {
  const most = launch.InstanceMarketOptions?.SpotOptions?.MaxPrice;
  return most !== undefined && hourlyUsd !== undefined && hourlyUsd > Number(most);
};

/** EC2 has announced that it takes the instance, or has taken it. */
export const isTaken = (region: RegionState, instance: Instance): boolean => {
  const request = requestOf(region, instance);
  return request?.instanceId === instance.id && request.taking !== undefined;
};

/** "An instance that was stopped by AWS FIS remains stopped until you restart it" (FIS user guide, actions reference). */
export const isStoppedByEc2 = ({ status }: SpotRequest): boolean =>
  status.code === "instance-stopped-no-capacity" || status.code === "instance-stopped-by-price";

const endings = {
  capacity: "no-capacity",
  price: "by-price",
  experiment: "by-experiment",
} as const satisfies Record<TakenFor, string>;

const close = (request: SpotRequest): void => {
  if (request.state !== "active" && request.state !== "disabled") return;
  request.state = request.type === "one-time" ? "closed" : "open";
};

/**
 * The notice. "When EC2 interrupts a Spot Instance if it needs the capacity back and the instance is configured to terminate on
 * interruption, the status is immediately set to `instance-terminated-no-capacity` (it is not set to `marked-for-termination`).
 * However, the instance remains in the `running` state for 2 minutes." The same for an experiment †: people report it.
 */
export const announce = (
  request: SpotRequest,
  notice: {
    readonly why: TakenFor;
    readonly atMs: number;
    /** As that sentence says; false: the code follows the end. */
    readonly endsRequest: boolean;
  },
): void => {
  const { why, atMs, endsRequest } = notice;
  const action = actionOf(request);
  request.taking = why;
  if (action !== "terminate") {
    const by = why === "experiment" ? "-by-experiment" : "";
    setStatus(request, `marked-for-stop${by}`, atMs);
    return;
  }
  if (why === "price" || !endsRequest) {
    setStatus(request, "marked-for-termination", atMs);
    return;
  }
  setStatus(request, `instance-terminated-${endings[why]}`, atMs);
  close(request);
};

/** The instance is stopped: by EC2, which has announced it, or by its owner. */
export const settleStop = (region: RegionState, instance: Instance, atMs: number): void => {
  const request = requestOf(region, instance);
  if (request === undefined || request.instanceId !== instance.id) return;
  const isEc2s = instance.stateReason?.code === "Server.SpotInstanceShutdown";
  const why = isEc2s ? request.taking : undefined;
  request.taking = why;
  setStatus(request, `instance-stopped-${why === undefined ? "by-user" : endings[why]}`, atMs);
  if (request.state === "active") request.state = "disabled";
};

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

const endCodeOf = ({ taking }: SpotRequest, { stateReason }: Instance): string => {
  if (stateReason?.code === "Client.UserInitiatedShutdown") return "instance-terminated-by-user";
  const isTakenNow = stateReason?.code === "Server.SpotInstanceTermination";
  // "Your instance was terminated from a stopped state." † It stands for other ends that neither the owner nor the pool made, too.
  if (!isTakenNow || taking === undefined) return "instance-terminated-by-service";
  return `instance-terminated-${endings[taking]}`;
};

/** The instance is terminated: a one-time request is over, a persistent one opens again unless it was cancelled. */
export const settleRequest = (region: RegionState, instance: Instance, atMs: number): void => {
  const request = requestOf(region, instance);
  if (request === undefined || request.instanceId !== instance.id) return;
  // Told at the notice already, whoever ends it by then.
  if (request.status.code.startsWith("instance-terminated-")) return;
  setStatus(request, endCodeOf(request, instance), atMs);
  close(request);
};

/** As reads show it. */
export const requestShown = (
  { clock, settings }: Pick<Ec2Context, "clock" | "settings">,
  request: SpotRequest,
): SpotRequest =>
  clock.now() < request.status.at + settings.requestLagMs
    ? { ...request, ...before.get(request) }
    : request;

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
