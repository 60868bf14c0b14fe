import {
  DeregisterTargetsCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it } from "@jest/globals";
import type { AccessKey } from "../../../../local/cloud/iam/identities.ts";
import { type Elb, createElb } from "../../../../local/cloud/elb/service.ts";
import type { InstanceFound } from "../../../../local/cloud/elb/target-groups.ts";
import { localClientConfig } from "../../../../local/wire/front/client-config.ts";
import { type Fixture, createFixture, refusalOf } from "../cloud-fixture.ts";

const accountId = "111122223333";
const target = { Id: "i-1", Port: 8080 };

interface Balanced extends Fixture {
  readonly elb: Elb;
  readonly arn: string;
  readonly loadBalancerArn: string;
  readonly instances: Map<string, InstanceFound>;
  readonly client: (credentials?: AccessKey) => ElasticLoadBalancingV2Client;
  /** State and reason of the target. */
  readonly health: () => Promise<string>;
}

const zoneName = "eu-west-1a";
const place = { accountId, region: "eu-west-1", name: "web", vpcId: "vpc-1" };

const createBalanced = (): Balanced => {
  const instances = new Map<string, InstanceFound>([
    ["i-1", { state: "running", vpcId: "vpc-1", zoneName }],
    ["i-stopped", { state: "stopped", vpcId: "vpc-1", zoneName }],
    ["i-elsewhere", { state: "running", vpcId: "vpc-2", zoneName }],
  ]);
  const fixture = createFixture();
  const { cloud } = fixture;
  const elb = createElb(cloud, {
    find: ({ instanceId }) => instances.get(instanceId),
    zones: () => [
      { zoneId: "euw1-az2", zoneName, subnetId: "subnet-a" },
      { zoneId: "euw1-az3", zoneName: "eu-west-1b", subnetId: undefined },
    ],
  });
  cloud.serve(elb);
  const loadBalancerArn = elb.addLoadBalancer(place);
  const arn = elb.addTargetGroup({
    ...place,
    port: 80,
    deregistrationDelaySeconds: 60,
    healthyAfterSeconds: 30,
    loadBalancerArn,
  });
  const client = (credentials = cloud.identities.operator): ElasticLoadBalancingV2Client =>
    new ElasticLoadBalancingV2Client(
      localClientConfig(cloud, { region: "eu-west-1", credentials }),
    );
  const health = async (): Promise<string> => {
    const command = new DescribeTargetHealthCommand({ TargetGroupArn: arn, Targets: [target] });
    const { TargetHealthDescriptions: [first] = [] } = await client().send(command);
    return `${first?.TargetHealth?.State ?? "?"} ${first?.TargetHealth?.Reason ?? ""}`.trim();
  };
  return { ...fixture, elb, arn, loadBalancerArn, instances, client, health };
};

describe("a target's life", () => {
  it("initial, healthy, draining, unused: by the clock", async () => {
    const { arn, client, clock, health } = createBalanced();
    expect(await health()).toBe("unused Target.NotRegistered");
    await client().send(new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: [target] }));
    expect(await health()).toBe("initial Elb.RegistrationInProgress");
    clock.elapse(30_000);
    expect(await health()).toBe("healthy");
    await client().send(new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: [target] }));
    expect(await health()).toBe("healthy");
    await client().send(new DeregisterTargetsCommand({ TargetGroupArn: arn, Targets: [target] }));
    expect(await health()).toBe("draining Target.DeregistrationInProgress");
    clock.elapse(59_999);
    expect(await health()).toBe("draining Target.DeregistrationInProgress");
    clock.elapse(1);
    expect(await health()).toBe("unused Target.NotRegistered");
  });

  it("may have connections while it is healthy, and until it has drained", async () => {
    const { arn, client, clock, elb } = createBalanced();
    await client().send(new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: [target] }));
    expect(elb.connecting("i-1")).toEqual([]);
    clock.elapse(30_000);
    expect(elb.connecting("i-1")).toEqual([arn]);
    await client().send(new DeregisterTargetsCommand({ TargetGroupArn: arn, Targets: [target] }));
    clock.elapse(59_999);
    expect(elb.connecting("i-1")).toEqual([arn]);
    clock.elapse(1);
    expect(elb.connecting("i-1")).toEqual([]);
  });

  it("is not healthy before its software answers, however soon its load balancer looks", async () => {
    const { arn, client, clock, health, instances } = createBalanced();
    const answersFromMs = clock.now() + 50_000;
    instances.set("i-1", { state: "running", vpcId: "vpc-1", zoneName, answersFromMs });
    await client().send(new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: [target] }));
    clock.elapse(answersFromMs - 1 - clock.now());
    expect(await health()).toBe("initial Elb.RegistrationInProgress");
    clock.elapse(1);
    expect(await health()).toBe("healthy");
  });

  it("drains for an hour at most", () => {
    const { elb } = createBalanced();
    const delay = (deregistrationDelaySeconds: number) => () =>
      elb.addTargetGroup({ ...place, name: "slow", port: 80, deregistrationDelaySeconds });
    expect(delay(3601)).toThrow("a delay of 3601 s is not in 0–3600");
    expect(delay(3600)).not.toThrow();
  });

  it("who registers again while draining starts anew", async () => {
    const { arn, client, elb, health } = createBalanced();
    elb.addTarget({ arn, instanceId: "i-1", port: 8080 });
    await client().send(
      new DeregisterTargetsCommand({ TargetGroupArn: arn, Targets: [{ Id: "i-1" }] }),
    );
    await client().send(new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: [target] }));
    expect(await health()).toBe("initial Elb.RegistrationInProgress");
  });

  it("follows the instance: unused while stopped, gone when terminated", async () => {
    const { arn, client, elb, health, instances } = createBalanced();
    elb.addTarget({ arn, instanceId: "i-1", port: 8080 });
    instances.set("i-1", { state: "stopped", vpcId: "vpc-1", zoneName });
    expect(await health()).toBe("unused Target.InvalidState");
    instances.set("i-1", { state: "terminated", vpcId: "vpc-1", zoneName });
    const all = await client().send(new DescribeTargetHealthCommand({ TargetGroupArn: arn }));
    expect(all.TargetHealthDescriptions).toEqual([]);
  });

  it("is not in use while its load balancer does not serve its zone, and serves again with it", async () => {
    const { arn, elb, health, loadBalancerArn } = createBalanced();
    elb.addTarget({ arn, instanceId: "i-1", port: 8080 });
    elb.setZones(loadBalancerArn, ["euw1-az3"]);
    expect(await health()).toBe("unused Target.NotInUse");
    elb.setZones(loadBalancerArn, [zoneName, "euw1-az3"]);
    expect(await health()).toBe("healthy");
  });

  it("is not in use while no load balancer forwards to its group, or while that is gone", async () => {
    const { arn, elb, health, loadBalancerArn } = createBalanced();
    elb.addTarget({ arn, instanceId: "i-1", port: 8080 });
    elb.setLoadBalancer(arn, undefined);
    expect(await health()).toBe("unused Target.NotInUse");
    elb.setLoadBalancer(arn, loadBalancerArn);
    expect(await health()).toBe("healthy");
    elb.removeLoadBalancer(loadBalancerArn);
    expect(await health()).toBe("unused Target.NotInUse");
  });

  it("is unhealthy while the application doesn't answer", async () => {
    const { arn, elb, health } = createBalanced();
    elb.addTarget({ arn, instanceId: "i-1", port: 8080 });
    elb.setApplicationHealthy("i-1", false);
    expect(await health()).toBe("unhealthy Target.FailedHealthChecks");
    elb.setApplicationHealthy("i-1", true);
    expect(await health()).toBe("healthy");
  });
});

describe("refusals", () => {
  it.each([
    ["i-unknown", "do not exist"],
    ["i-stopped", "not in a running state"],
    ["i-elsewhere", "not in the target group VPC"],
  ])("%s can't be registered: %s", async (instanceId, words) => {
    const { arn, client } = createBalanced();
    const refusal = await refusalOf(
      client().send(
        new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: [{ Id: instanceId }] }),
      ),
    );
    expect(refusal.code).toBe("InvalidTargetException");
    expect(refusal.message).toContain(words);
  });

  it("another account doesn't see the group", async () => {
    const { arn, client, cloud } = createBalanced();
    const eve = cloud.identities.addUser({ accountId: "444455556666", name: "eve" });
    const groups = await client(eve).send(new DescribeTargetGroupsCommand({}));
    expect(groups.TargetGroups).toEqual([]);
    const refusal = await refusalOf(
      client(eve).send(new DescribeTargetHealthCommand({ TargetGroupArn: arn })),
    );
    expect(refusal.code).toBe("TargetGroupNotFoundException");
  });
});

describe("DescribeTargetGroups", () => {
  it("finds by name and ARN, pages, and tells the draining time", async () => {
    const { arn, client, elb } = createBalanced();
    const region = "eu-west-1";
    elb.addTargetGroup({ accountId, region, name: "api", vpcId: "vpc-1", port: 81 });
    const byName = await client().send(new DescribeTargetGroupsCommand({ Names: ["web"] }));
    expect(byName.TargetGroups?.map(({ TargetGroupArn }) => TargetGroupArn)).toEqual([arn]);
    const first = await client().send(new DescribeTargetGroupsCommand({ PageSize: 1 }));
    const second = await client().send(
      new DescribeTargetGroupsCommand({ PageSize: 1, Marker: first.NextMarker }),
    );
    expect(second.TargetGroups?.map(({ TargetGroupName }) => TargetGroupName)).toEqual(["api"]);
    expect(second.NextMarker).toBeUndefined();
    const { Attributes } = await client().send(
      new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn }),
    );
    expect(Attributes).toEqual([
      { Key: "deregistration_delay.timeout_seconds", Value: "60" },
      { Key: "slow_start.duration_seconds", Value: "0" },
      { Key: "load_balancing.cross_zone.enabled", Value: "use_load_balancer_configuration" },
    ]);
    elb.removeTargetGroup(arn);
    const gone = client().send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }));
    expect((await refusalOf(gone)).code).toBe("TargetGroupNotFoundException");
  });
});

describe("a zonal shift", () => {
  // ELB API reference, AdministrativeOverride: the state stays, and this stands beside it.
  it("leaves the target healthy, with an override beside it, and without traffic", async () => {
    const { arn, client, elb, loadBalancerArn } = createBalanced();
    elb.addTarget({ arn, instanceId: "i-1", port: 80 });
    const read = async () => {
      const { TargetHealthDescriptions: [found] = [] } = await client().send(
        new DescribeTargetHealthCommand({ TargetGroupArn: arn }),
      );
      return found;
    };
    expect((await read())?.AdministrativeOverride).toBeUndefined();
    elb.shiftZone(loadBalancerArn, zoneName);
    expect(await read()).toMatchObject({
      TargetHealth: { State: "healthy" },
      AdministrativeOverride: { State: "zonal_shift_active" },
    });
    expect(elb.healthyIn(arn)).toEqual([]);
    elb.shiftZone(loadBalancerArn, undefined);
    expect((await read())?.AdministrativeOverride).toBeUndefined();
    expect(elb.healthyIn(arn)).toEqual(["i-1"]);
  });
});

describe("attributes", () => {
  it("tell slow start and cross-zone balancing, of the group and of the load balancer", async () => {
    const { client, elb, loadBalancerArn } = createBalanced();
    const arn = elb.addTargetGroup({
      ...place,
      name: "slow",
      port: 80,
      slowStartSeconds: 300,
      crossZone: false,
    });
    const { Attributes } = await client().send(
      new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn }),
    );
    expect(Attributes).toContainEqual({ Key: "slow_start.duration_seconds", Value: "300" });
    expect(Attributes).toContainEqual({ Key: "load_balancing.cross_zone.enabled", Value: "false" });
    const network = elb.addLoadBalancer({ ...place, name: "inner", type: "network" });
    const crossZone = async (LoadBalancerArn: string) => {
      const answer = await client().send(
        new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }),
      );
      return answer.Attributes?.find(({ Key }) => Key === "load_balancing.cross_zone.enabled")
        ?.Value;
    };
    expect(await crossZone(loadBalancerArn)).toBe("true");
    expect(await crossZone(network)).toBe("false");
    expect((await refusalOf(crossZone("arn:none"))).code).toBe("LoadBalancerNotFoundException");
  });
});

describe("DescribeLoadBalancers", () => {
  it("tells the zones that are enabled, by the account's own names", async () => {
    const { client, elb, loadBalancerArn } = createBalanced();
    elb.addLoadBalancer({ ...place, name: "inner", type: "network", zones: ["euw1-az3"] });
    const named = await client().send(
      new DescribeLoadBalancersCommand({ LoadBalancerArns: [loadBalancerArn] }),
    );
    expect(named.LoadBalancers).toMatchObject([
      {
        LoadBalancerArn: loadBalancerArn,
        Type: "application",
        AvailabilityZones: [
          { ZoneName: "eu-west-1a", SubnetId: "subnet-a" },
          { ZoneName: "eu-west-1b" },
        ],
      },
    ]);
    const inner = await client().send(new DescribeLoadBalancersCommand({ Names: ["inner"] }));
    expect(inner.LoadBalancers?.[0]?.AvailabilityZones).toMatchObject([{ ZoneName: "eu-west-1b" }]);
    expect(inner.LoadBalancers?.[0]?.LoadBalancerArn).toContain(":loadbalancer/net/inner/");
  });

  it("pages, and refuses what it does not know and more than 20 names", async () => {
    const { client, elb } = createBalanced();
    elb.addLoadBalancer({ ...place, name: "inner" });
    const first = await client().send(new DescribeLoadBalancersCommand({ PageSize: 1 }));
    const second = await client().send(
      new DescribeLoadBalancersCommand({ PageSize: 1, Marker: first.NextMarker }),
    );
    expect(second.LoadBalancers?.map(({ LoadBalancerName }) => LoadBalancerName)).toEqual([
      "inner",
    ]);
    expect(second.NextMarker).toBeUndefined();
    const unknown = client().send(new DescribeLoadBalancersCommand({ Names: ["none"] }));
    expect((await refusalOf(unknown)).code).toBe("LoadBalancerNotFoundException");
    const many = Array.from({ length: 21 }, (_, index) => `lb-${String(index)}`);
    const tooMany = client().send(new DescribeLoadBalancersCommand({ Names: many }));
    expect((await refusalOf(tooMany)).code).toBe("ValidationError");
  });

  it("and target groups name each other, a group without one an empty list", async () => {
    const { arn, client, elb, loadBalancerArn } = createBalanced();
    const other = elb.addTargetGroup({ ...place, name: "batch", port: 81 });
    const all = await client().send(new DescribeTargetGroupsCommand({}));
    expect(
      all.TargetGroups?.map(({ TargetGroupArn, LoadBalancerArns }) => ({
        TargetGroupArn,
        LoadBalancerArns,
      })),
    ).toEqual([
      { TargetGroupArn: arn, LoadBalancerArns: [loadBalancerArn] },
      { TargetGroupArn: other, LoadBalancerArns: [] },
    ]);
    const used = await client().send(
      new DescribeTargetGroupsCommand({ LoadBalancerArn: loadBalancerArn }),
    );
    expect(used.TargetGroups?.map(({ TargetGroupArn }) => TargetGroupArn)).toEqual([arn]);
  });

  it("another account doesn't see it", async () => {
    const { client, cloud } = createBalanced();
    const eve = cloud.identities.addUser({ accountId: "444455556666", name: "eve" });
    const answer = await client(eve).send(new DescribeLoadBalancersCommand({}));
    expect(answer.LoadBalancers).toEqual([]);
  });
});
