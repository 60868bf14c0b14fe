/** Is an instance well? Its state, its three checks and its Spot request; what EC2 does not say is unknown, never a pass. */
import {
  DescribeSpotInstanceRequestsCommand,
  type EC2Client,
  type Instance,
  type InstanceStatus,
  type SpotInstanceRequest,
} from "@aws-sdk/client-ec2";
import { SpotOptimizerError } from "../../../core/errors.ts";
import {
  hasEnded,
  type CheckStatus,
  type InstanceHealth,
  type InstanceState,
} from "../../../core/model/instance.ts";
import { readAllPages } from "../paging.ts";
import { callAws } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { describeInstance, describeStatus, instanceState, largestPage } from "./describe.ts";

const checkStatuses: readonly CheckStatus[] = [
  "ok",
  "impaired",
  "initializing",
  "insufficient-data",
  "not-applicable",
];

/**
 * What EC2 does not say, or says in a word that we do not know, is unknown: never a pass. That holds for the EBS
 * check too, which EC2 may leave out for types before Nitro.
 */
const checkStatus = (status: string | undefined): CheckStatus =>
  checkStatuses.find((known) => known === status) ?? "unknown";

type SpotFilter = "spot-instance-request-id" | "instance-id";

export const findSpotRequests = (
  ec2: EC2Client,
  filter: SpotFilter,
  ids: readonly string[],
): Promise<readonly SpotInstanceRequest[]> =>
  readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeSpotInstanceRequests", resource: ids.join(" ") }, () =>
        ec2.send(
          new DescribeSpotInstanceRequestsCommand({
            Filters: [{ Name: filter, Values: [...ids] }],
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.SpotInstanceRequests,
    next: (page) => page.NextToken,
  });

/** Status code of the one Spot request that the filter is for; undefined when EC2 shows none. */
const findSpotStatus = async (
  ec2: EC2Client,
  wanted: { readonly filter: SpotFilter; readonly id: string },
): Promise<string | undefined> =>
  (await findSpotRequests(ec2, wanted.filter, [wanted.id]))[0]?.Status?.Code;

/** Status code of the Spot request of an instance, from one call; undefined where EC2 shows none. */
export const readSpotCode = (ec2: EC2Client, instanceId: string): Promise<string | undefined> =>
  findSpotStatus(ec2, { filter: "instance-id", id: instanceId });

/** Since when the Spot request of the instance has the status that it has, ISO 8601; undefined where EC2 does not say. */
export const readSpotStatusSince = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<string | undefined> => {
  const [found] = await findSpotRequests(ec2, "instance-id", [instanceId]);
  return found?.Status?.UpdateTime?.toISOString();
};

/** Status code of the instance's Spot request; undefined for On-Demand. */
const readSpotStatus = async (ec2: EC2Client, instance: Instance): Promise<string | undefined> => {
  const requestId = instance.SpotInstanceRequestId;
  if (requestId === undefined || requestId === "") return undefined;
  const code = await findSpotStatus(ec2, { filter: "spot-instance-request-id", id: requestId });
  if (code !== undefined) return code;
  // EC2 forgets the request of an ended instance; that of a live one must be seen before it counts as healthy.
  if (hasEnded(instanceState(instance.State?.Name))) return undefined;
  throw new SpotOptimizerError(
    "RetryableNotVisible",
    `EC2 does not show the Spot request ${requestId} of ${instance.InstanceId ?? "an instance"} yet.`,
    { resource: requestId },
  );
};

export const checksOf = (
  status: InstanceStatus | undefined,
): Pick<InstanceHealth, "system" | "instance" | "attachedEbs"> => ({
  system: checkStatus(status?.SystemStatus?.Status),
  instance: checkStatus(status?.InstanceStatus?.Status),
  attachedEbs: checkStatus(status?.AttachedEbsStatus?.Status),
});

/**
 * One reading of the state, the three checks and the Spot request. An instance that EC2 does not show has no
 * state and unknown checks. Every error but that one is thrown: none is ever read as a pass.
 */
export const readHealth = async (ec2: EC2Client, instanceId: string): Promise<InstanceHealth> => {
  const instance = await describeInstance(ec2, instanceId);
  if (instance === undefined) {
    return { instanceId, ...checksOf(undefined) };
  }
  const [status, spotStatus] = await Promise.all([
    describeStatus(ec2, instanceId),
    readSpotStatus(ec2, instance),
  ]);
  return withoutUndefined({
    instanceId,
    state: instanceState(instance.State?.Name),
    stateReason: instance.StateReason?.Code,
    ...checksOf(status),
    spotStatus,
  });
};

/**
 * State and checks from one call. A Spot request is not asked for, so that this is enough for an On-Demand instance
 * alone. One that EC2 does not show has no state and unknown checks.
 */
export const readChecks = async (ec2: EC2Client, instanceId: string): Promise<InstanceHealth> => {
  const status = await describeStatus(ec2, instanceId);
  return withoutUndefined({
    instanceId,
    state: instanceState(status?.InstanceState?.Name),
    ...checksOf(status),
  });
};

export const isAwake = (state: InstanceState | undefined): boolean =>
  state === "pending" || state === "running";

/** As its status shows it; of what that does not show awake, as EC2 itself shows it. */
const stateOf = async (
  ec2: EC2Client,
  instanceId: string,
  status: InstanceStatus | undefined,
): Promise<{
  readonly state?: InstanceState | undefined;
  readonly stateReason?: string | undefined;
}> => {
  const shown = instanceState(status?.InstanceState?.Name);
  if (isAwake(shown)) return { state: shown };
  const instance = await describeInstance(ec2, instanceId);
  return {
    state: instanceState(instance?.State?.Name),
    stateReason: instance?.StateReason?.Code,
  };
};

/** Its state and its checks, and why it is not awake; without its Spot request. */
const checksAndState = async (
  ec2: EC2Client,
  instanceId: string,
  status: InstanceStatus | undefined,
): Promise<InstanceHealth> =>
  withoutUndefined({
    instanceId,
    ...(await stateOf(ec2, instanceId, status)),
    ...checksOf(status),
  });

const withRequest = (health: InstanceHealth, spotStatus: string | undefined): InstanceHealth => {
  const { instanceId, state } = health;
  if (isAwake(state) && spotStatus === undefined) {
    throw new SpotOptimizerError(
      "RetryableNotVisible",
      `EC2 does not show the Spot request of ${instanceId} yet.`,
      { resource: instanceId },
    );
  }
  return withoutUndefined({ ...health, spotStatus });
};

/**
 * As `readHealth`, of an instance that is known to be a Spot Instance: two calls while it is awake, a third for why it is not, or
 * whether EC2 shows it at all.
 */
export const readSpotHealth = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<InstanceHealth> => {
  const [status, spotStatus] = await Promise.all([
    describeStatus(ec2, instanceId),
    readSpotCode(ec2, instanceId),
  ]);
  return withRequest(await checksAndState(ec2, instanceId, status), spotStatus);
};

/** The same one after the other: the Spot request where what the checks say does not do. */
export const readSpotHealthBySteps = async (
  ec2: EC2Client,
  instanceId: string,
  needsRequest: (health: InstanceHealth) => boolean,
): Promise<InstanceHealth> => {
  const health = await checksAndState(ec2, instanceId, await describeStatus(ec2, instanceId));
  return needsRequest(health) ? withRequest(health, await readSpotCode(ec2, instanceId)) : health;
};

/** Status codes of the Spot requests of these instances, by one call: `marked-for-termination` … Those without a request are left out. */
export const readSpotStatuses = async (
  ec2: EC2Client,
  instanceIds: readonly string[],
): Promise<readonly (readonly [instanceId: string, code: string])[]> => {
  const requests = await findSpotRequests(ec2, "instance-id", instanceIds);
  return requests.flatMap(({ InstanceId: id, Status: status }) =>
    id === undefined || status?.Code === undefined ? [] : [[id, status.Code] as const],
  );
};
