/** The Spot requests of instances: their pools, and what their status says. */
import type { EC2Client, SpotInstanceRequest } from "@aws-sdk/client-ec2";
import type { Pool } from "../../../core/model/market.ts";
import type { RequestStatus } from "../../../core/model/spot-status.ts";
import { findSpotRequests } from "./health.ts";

/** EC2 may add it; it is the same product. */
const inVpc = " (Amazon VPC)";

const readPool = (
  {
    LaunchedAvailabilityZoneId: zoneId,
    LaunchSpecification: launch,
    ProductDescription: product = "Linux/UNIX",
    Status: status,
  }: SpotInstanceRequest,
  region: string,
): { readonly pool: Pool; readonly status: string } | undefined => {
  const instanceType = launch?.InstanceType;
  const code = status?.Code;
  if (zoneId === undefined || instanceType === undefined || code === undefined) return undefined;
  return {
    pool: { region, zoneId, instanceType, product: product.replace(inVpc, "") },
    status: code,
  };
};

/** Values of one filter. Source: EC2 API reference, "Filter". */
const mostValues = 200;

/** A call for each two hundred. Those of which EC2 shows no request are left out: it forgets them in a day or two. */
export const readRequestStatuses = async (
  ec2: EC2Client,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, RequestStatus>> => {
  const statuses = new Map<string, RequestStatus>();
  for (let from = 0; from < instanceIds.length; from += mostValues) {
    const asked = instanceIds.slice(from, from + mostValues);
    for (const { InstanceId: id, Status } of await findSpotRequests(ec2, "instance-id", asked)) {
      const { Code: code, UpdateTime: since } = Status ?? {};
      if (id === undefined || code === undefined) continue;
      statuses.set(id, { code, ...(since !== undefined && { since: since.toISOString() }) });
    }
  }
  return statuses;
};

/** One call. Undefined where EC2 shows no request, or not where and of what type its instance was launched. */
export const readSpotRequest = async (
  ec2: EC2Client,
  region: string,
  instanceId: string,
): Promise<{ readonly pool: Pool; readonly status: string } | undefined> => {
  const [request] = await findSpotRequests(ec2, "instance-id", [instanceId]);
  return request === undefined ? undefined : readPool(request, region);
};
