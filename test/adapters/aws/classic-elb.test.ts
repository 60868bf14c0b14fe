import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingClient,
} from "@aws-sdk/client-elastic-load-balancing";
import { mockClient } from "aws-sdk-client-mock";
import { readClassicLoadBalancersOf } from "../../../adapters/aws/classic-elb.ts";
import { awsError } from "./aws-error.ts";

const elb = new ElasticLoadBalancingClient({ region: "eu-central-1" });
const mock = mockClient(elb);

beforeEach(() => {
  mock.reset();
});

describe("the classic load balancers of an instance", () => {
  it("are found on every page, whoever else they have", async () => {
    mock.on(DescribeLoadBalancersCommand, { PageSize: 400, Marker: undefined }).resolves({
      LoadBalancerDescriptions: [
        { LoadBalancerName: "web", Instances: [{ InstanceId: "i-2" }, { InstanceId: "i-1" }] },
        { LoadBalancerName: "empty" },
      ],
      NextMarker: "m",
    });
    mock.on(DescribeLoadBalancersCommand, { PageSize: 400, Marker: "m" }).resolves({
      LoadBalancerDescriptions: [
        { LoadBalancerName: "api", Instances: [{ InstanceId: "i-1" }] },
        { LoadBalancerName: "other", Instances: [{ InstanceId: "i-11" }] },
      ],
    });
    await expect(readClassicLoadBalancersOf(elb, "i-1")).resolves.toEqual(["api", "web"]);
  });

  it("are never none because they could not be read", async () => {
    mock.on(DescribeLoadBalancersCommand).rejects(awsError("AccessDenied", { status: 403 }));
    await expect(readClassicLoadBalancersOf(elb, "i-1")).rejects.toMatchObject({
      name: "BrokenPermission",
    });
  });
});
