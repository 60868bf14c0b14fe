import { describe, expect, it } from "@jest/globals";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { readLoadBalancerUse, readOwnLoadBalancers } from "../../../adapters/aws/balancer-use.ts";
import { readEndpointServices } from "../../../adapters/aws/ec2/endpoint-services.ts";
import { readNatGateways, readNatRoutes } from "../../../adapters/aws/ec2/nat-gateways.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import { createElb } from "../../../local/cloud/elb/service.ts";
import { openPlace, place, refuseNext, region } from "./simulated-place.ts";

describe("the NAT gateways of an account", () => {
  it("are read over pages, with which of them a route leads to", async () => {
    const { ec2, service } = openPlace({ pageSize: 5 });
    const { control } = service;
    const standby = control.addNatGateway({ ...place, ageDays: 40, isRouted: true });
    const regional = control.addNatGateway({
      ...place,
      connectivity: "private",
      availability: "regional",
      tags: { a: "b" },
    });
    for (let more = 0; more < 5; more += 1) control.addNatGateway(place);
    const gateways = await readNatGateways(ec2);
    expect(gateways).toHaveLength(7);
    expect(gateways.find(({ natGatewayId }) => natGatewayId === standby)).toMatchObject({
      state: "available",
      createdAt: "2026-01-21T10:00:00.000Z",
      connectivity: "public",
      availability: "zonal",
      tags: {},
    });
    expect(gateways.find(({ natGatewayId }) => natGatewayId === regional)).toMatchObject({
      connectivity: "private",
      availability: "regional",
      tags: { a: "b" },
    });
    const routes = await readNatRoutes(ec2);
    expect(routes.map(({ natGatewayId }) => natGatewayId)).toEqual([standby]);
  });
});

describe("endpoint services", () => {
  it("are read over pages, each with the balancer that it leads to", async () => {
    const { cloud, ec2, service } = openPlace({ pageSize: 5 });
    const arns = Array.from(
      { length: 7 },
      (_, at) =>
        `arn:aws:elasticloadbalancing:${region}:1:loadbalancer/${at === 0 ? "gwy" : "net"}/a/${String(at)}`,
    );
    const ids = arns.map((loadBalancerArn) =>
      service.control.addEndpointService({ ...place, loadBalancerArn }),
    );
    expect([...(await readEndpointServices(ec2))]).toEqual(arns.map((arn, at) => [arn, ids[at]]));
    const refusal = new CloudError("UnauthorizedOperation", "No.", 403);
    refuseNext(cloud, "DescribeVpcEndpointServiceConfigurations", refusal);
    await expect(readEndpointServices(ec2)).rejects.toMatchObject({ name: "BrokenPermission" });
  });
});

describe("the load balancers of an account", () => {
  const open = () => {
    const { cloud, config, service } = openPlace();
    const elb = createElb(cloud, service.control.directory);
    cloud.serve(elb);
    const [subnet] = service.control.fleet.subnets(place);
    const vpcId = subnet?.vpcId ?? "";
    return { cloud, service, elb, vpcId, client: new ElasticLoadBalancingV2Client(config) };
  };

  it("are read to the end of the list", async () => {
    const { elb, vpcId, client } = open();
    const arns = Array.from({ length: 401 }, (_, index) =>
      elb.addLoadBalancer({ ...place, name: `lb-${String(index)}`, vpcId, type: "network" }),
    );
    const found = await readOwnLoadBalancers(client);
    expect(found).toHaveLength(401);
    expect(found[0]).toEqual({
      arn: arns[0],
      name: "lb-0",
      type: "network",
      createdAt: "2026-03-02T10:00:00.000Z",
    });
  });

  it("have no use without a listener", async () => {
    const { elb, vpcId, client } = open();
    const arn = elb.addLoadBalancer({ ...place, name: "empty", vpcId, tags: { a: "b" } });
    await expect(readLoadBalancerUse(client, { arn, type: "application" })).resolves.toEqual({
      isDeletionProtected: false,
      listeners: 0,
      actions: [],
      groups: [],
      tags: { a: "b" },
    });
  });

  it("have a use with one listener that redirects, and no target group", async () => {
    const { elb, vpcId, client } = open();
    const arn = elb.addLoadBalancer({ ...place, name: "moved", vpcId, isDeletionProtected: true });
    elb.addListener({ loadBalancerArn: arn, action: "redirect" });
    await expect(readLoadBalancerUse(client, { arn, type: "application" })).resolves.toMatchObject({
      isDeletionProtected: true,
      listeners: 1,
      actions: ["redirect"],
      groups: [],
    });
  });

  it("are told with all rules of all listeners, and the targets of each group", async () => {
    const { service, elb, vpcId, client } = open();
    const loadBalancerArn = elb.addLoadBalancer({ ...place, name: "web", vpcId });
    const group = { ...place, vpcId, port: 80, loadBalancerArn };
    const full = elb.addTargetGroup({ ...group, name: "full" });
    const lambda = elb.addTargetGroup({ ...group, name: "lambda", targetType: "lambda" });
    const instanceId = service.control.addInstance({ ...place, instanceType: "m5.large" });
    elb.addTarget({ arn: full, instanceId });
    elb.addListener({ loadBalancerArn, targetGroupArn: full });
    elb.addListener({ loadBalancerArn, targetGroupArn: lambda, rules: ["fixed-response"] });
    const use = await readLoadBalancerUse(client, { arn: loadBalancerArn, type: "application" });
    expect(use).toMatchObject({ listeners: 2, actions: ["fixed-response", "forward"] });
    expect(use.groups).toEqual([
      { arn: full, targetType: "instance", targets: 1 },
      { arn: lambda, targetType: "lambda", targets: 0 },
    ]);
  });

  it.each([
    "DescribeListeners",
    "DescribeRules",
    "DescribeTargetGroups",
    "DescribeTargetHealth",
    "DescribeTags",
    "DescribeLoadBalancerAttributes",
  ])("are not told in part: %s is refused", async (operation) => {
    const { cloud, elb, vpcId, client } = open();
    const arn = elb.addLoadBalancer({ ...place, name: "web", vpcId });
    const group = { ...place, name: "web", vpcId, port: 80, loadBalancerArn: arn };
    elb.addListener({ loadBalancerArn: arn, targetGroupArn: elb.addTargetGroup(group) });
    refuseNext(cloud, operation, new CloudError("AccessDenied", `Not in ${region}.`, 403));
    await expect(readLoadBalancerUse(client, { arn, type: "application" })).rejects.toMatchObject({
      name: "BrokenPermission",
    });
  });
});
