/** The Spot request of an instance: its pool, and what its status says. */
import type { EC2Client, SpotInstanceRequest } from "@aws-sdk/client-ec2";
import type { Pool } from "../../../core/model/market.ts";
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

/** One call. Undefined where EC2 shows no request, or not where and of what type its instance was launched. */
export const readSpotRequest = async (
  ec2: EC2Client,
  region: string,
  instanceId: string,
): Promise<{ readonly pool: Pool; readonly status: string } | undefined> => {
  const [request] = await findSpotRequests(ec2, "instance-id", [instanceId]);
  return request === undefined ? undefined : readPool(request, region);
};
