/** Endpoint services of PrivateLink, as a scenario declares them. Source: EC2 API reference, DescribeVpcEndpointServiceConfigurations. */
import type {
  DescribeVpcEndpointServiceConfigurationsCommandInput,
  DescribeVpcEndpointServiceConfigurationsResult,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { newId, type Ec2Context } from "./context.ts";
import { paginate } from "./paging.ts";
import { regionOf } from "./regions.ts";
import type { RegionState } from "./state.ts";

/** It leads to this network or gateway load balancer. */
export const addEndpointService = (
  context: Ec2Context,
  { kept }: RegionState,
  loadBalancerArn: string,
): string => {
  const id = newId(context, "vpce-svc-");
  kept.endpointServices.set(id, loadBalancerArn);
  return id;
};

export const endpointServiceOperations = (context: Ec2Context) => ({
  DescribeVpcEndpointServiceConfigurations: (
    call: Call,
    input: DescribeVpcEndpointServiceConfigurationsCommandInput,
  ): DescribeVpcEndpointServiceConfigurationsResult => {
    const { kept } = regionOf(context, call);
    const { items, ...next } = paginate([...kept.endpointServices], input, {
      min: 5,
      max: 1000,
      pageSize: context.settings.pageSize,
    });
    return {
      ServiceConfigurations: items.map(([id, arn]) => ({
        ServiceId: id,
        ServiceState: "Available",
        [arn.includes("/gwy/") ? "GatewayLoadBalancerArns" : "NetworkLoadBalancerArns"]: [arn],
      })),
      ...next,
    };
  },
});
