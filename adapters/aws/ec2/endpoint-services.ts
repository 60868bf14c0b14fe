/** Which load balancers are offered to other VPCs and accounts as endpoint services of PrivateLink. */
import {
  DescribeVpcEndpointServiceConfigurationsCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import { readAllPages } from "../paging.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { largestPage } from "./describe.ts";

/** By the balancer's ARN the service's id. @throws what a page throws: nothing of a list that was not read to its end is used */
export const readEndpointServices = async (
  ec2: EC2Client,
): Promise<ReadonlyMap<string, string>> => {
  const services = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeVpcEndpointServiceConfigurations" }, () =>
        ec2.send(
          new DescribeVpcEndpointServiceConfigurationsCommand({
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.ServiceConfigurations,
    next: (page) => page.NextToken,
  });
  return new Map(
    services.flatMap((service) => {
      const { NetworkLoadBalancerArns = [], GatewayLoadBalancerArns = [] } = service;
      const serviceId = required(service.ServiceId, "the id of an endpoint service");
      return [...NetworkLoadBalancerArns, ...GatewayLoadBalancerArns].map(
        (arn) => [arn, serviceId] as const,
      );
    }),
  );
};
