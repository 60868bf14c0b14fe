import { describe, expect, it } from "@jest/globals";
import type { LoadBalancerUse, OwnNatGateway } from "../../../core/model/waste/network.ts";
import type { StoppedInstance } from "../../../core/model/waste/stopped.ts";
import type { FastRestore } from "../../../core/model/waste/snapshot.ts";
import { judgeLoadBalancerUse } from "../../../core/waste/load-balancers.ts";
import { judgeTraffic } from "../../../core/waste/nat-gateways.ts";
import type { Inventory } from "../../../core/waste/inventory.ts";
import { iso, judge, snapshot, standingOf, volume } from "./samples.ts";

const nothingMeasured = { kind: "NONE" } as const;
const measured = (sum: number) =>
  ({ kind: "MEASURED", datapoints: 768, sum, greatest: sum, lastAt: iso(-1) }) as const;

describe("fast snapshot restore that is left on", () => {
  const restore: FastRestore = {
    snapshotId: snapshot().snapshotId,
    zoneName: "us-east-1a",
    state: "enabled",
    enabledAt: iso(-90),
  };
  const standing = (rest: Partial<FastRestore>, lists: Partial<Inventory> = {}) =>
    standingOf(
      { fastRestores: [{ ...restore, ...rest }], ...lists },
      { kind: "FAST_SNAPSHOT_RESTORE", id: `${restore.snapshotId}/us-east-1a` },
    );

  it("is the best find: it costs some $540 a month", () => {
    const [found] = judge({ fastRestores: [restore] });
    expect(found?.cost?.monthlyUsd).toBe(547.5);
  });

  it.each<[string, Partial<FastRestore>, string]>([
    ["is not waste while it is optimised", { state: "optimizing" }, "USED"],
    ["is another account's to pay that has enabled it", { ownerId: "999900001111" }, "USED"],
  ])("%s", (_, rest, expected) => {
    expect(standing(rest)).toBe(expected);
  });

  it("is used where it has made a volume in thirty days", () => {
    const made = (days: number) =>
      volume({ snapshotId: restore.snapshotId, isFastRestored: true, createdAt: iso(-days) });
    expect(standing({}, { volumes: [made(29)] })).toBe("USED");
    expect(standing({}, { volumes: [made(31)] })).toBe("IDLE");
  });

  it("stays where a lifecycle policy has enabled it", () => {
    const snapshots = [snapshot({ tags: { "aws:dlm:lifecycle-policy-id": "p" } })];
    expect(standing({}, { snapshots })).toBe("SERVICE");
  });
});

describe("a stopped instance", () => {
  const instance: StoppedInstance = {
    instanceId: "i-1",
    instanceType: "m5.large",
    volumeIds: [],
    isOperatorManaged: false,
    canHibernate: false,
    isReservationTarget: false,
    tags: {},
  };

  it.each<[string, Partial<StoppedInstance>, string]>([
    ["is told", {}, "IDLE"],
    ["of a warm pool is not", { tags: { "aws:autoscaling:groupName": "web" } }, "SERVICE"],
    ["of a scheduler is not", { tags: { Schedule: "office-hours" } }, "SCHEDULED"],
    ["that may be hibernated is not", { canHibernate: true }, "HIBERNATES"],
    ["for which a reservation waits is not", { isReservationTarget: true }, "RESERVED"],
    [
      "of disaster recovery is not",
      { tags: { AWSElasticDisasterRecoveryManaged: "x" } },
      "SERVICE",
    ],
    ["of Cloud9 is not", { tags: { "aws:cloud9:environment": "e" } }, "SERVICE"],
    [
      "that is our original in its cool-off is not",
      { tags: { "spot-optimizer:retire-after": iso(1) } },
      "OURS",
    ],
  ])("%s", (_, rest, expected) => {
    const stopped = [{ ...instance, ...rest }];
    expect(standingOf({ stopped }, { kind: "STOPPED_INSTANCE", id: "i-1" })).toBe(expected);
  });
});

describe("a NAT gateway", () => {
  const gateway: OwnNatGateway = {
    natGatewayId: "nat-1",
    state: "available",
    createdAt: iso(-100),
    vpcId: "vpc-1",
    connectivity: "public",
    availability: "zonal",
    tags: {},
  };
  const standing = (rest: Partial<OwnNatGateway>, lists: Partial<Inventory> = {}) =>
    standingOf(
      { natGateways: [{ ...gateway, ...rest }], ...lists },
      { kind: "IDLE_NAT_GATEWAY", id: "nat-1" },
    );

  it.each<[string, Partial<OwnNatGateway>, string]>([
    ["without a route is asked about", {}, "IDLE"],
    ["that is younger than 32 days is not", { createdAt: iso(-31) }, "USED"],
    ["that is regional is not", { availability: "regional" }, "SERVICE"],
    ["that is private is not", { connectivity: "private" }, "SERVICE"],
  ])("%s", (_, rest, expected) => {
    expect(standing(rest)).toBe(expected);
  });

  it("NAT gateway with zero traffic and a route: standby; with CloudWatch throttled: unknown.", () => {
    const natRoutes = [{ natGatewayId: "nat-1", routeTableId: "rtb-1" }];
    expect(standing({}, { natRoutes })).toBe("STANDBY");
    const throttled = { kind: "UNKNOWN", because: "throttled" } as const;
    expect(judgeTraffic([measured(0), throttled, measured(0)]).kind).toBe("UNKNOWN");
  });

  it("that carried nothing is told, and a datapoint that is absent is not zero", () => {
    expect(judgeTraffic([measured(0), measured(0), measured(0)]).kind).toBe("CLEAR");
    expect(judgeTraffic([measured(0), nothingMeasured, measured(0)]).kind).toBe("UNKNOWN");
    expect(judgeTraffic([measured(0), measured(7), measured(0)]).kind).toBe("KEPT");
  });
});

describe("a load balancer", () => {
  const use = (rest: Partial<LoadBalancerUse> = {}): LoadBalancerUse => ({
    isDeletionProtected: false,
    listeners: 1,
    actions: ["forward"],
    groups: [{ arn: "tg", targetType: "instance", targets: 0 }],
    tags: {},
    ...rest,
  });

  it("ALB with one redirect listener, no target group: not waste.", () => {
    expect(
      judgeLoadBalancerUse(use({ actions: ["redirect"], groups: [] }), nothingMeasured),
    ).toMatchObject({
      kind: "KEPT",
      reasons: [{ code: "ANSWERS" }],
    });
  });

  it.each<[string, Partial<LoadBalancerUse>, string]>([
    ["that forwards to empty groups is told", {}, "CLEAR"],
    ["without a listener is told", { listeners: 0, actions: [], groups: [] }, "CLEAR"],
    ["with a fixed response answers", { actions: ["fixed-response"] }, "KEPT"],
    ["with a target answers", { groups: [{ arn: "tg", targetType: "ip", targets: 1 }] }, "KEPT"],
    [
      "with a function behind it answers",
      { groups: [{ arn: "tg", targetType: "lambda", targets: 0 }] },
      "KEPT",
    ],
    ["that is protected stays", { isDeletionProtected: true }, "KEPT"],
    ["of a cluster stays", { tags: { "elbv2.k8s.aws/cluster": "shop" } }, "KEPT"],
  ])("%s", (_, rest, expected) => {
    expect(judgeLoadBalancerUse(use(rest), nothingMeasured).kind).toBe(expected);
  });

  it("that an endpoint service leads to stays", () => {
    const balancer = {
      arn: "arn:aws:elasticloadbalancing:us-east-1:444455556666:loadbalancer/net/a/1",
      name: "a",
      type: "network",
      createdAt: iso(-100),
    } as const;
    const about = { kind: "IDLE_LOAD_BALANCER", id: balancer.arn } as const;
    expect(standingOf({ loadBalancers: [balancer] }, about)).toBe("IDLE");
    const endpointServices = new Map([[balancer.arn, "vpce-svc-1"]]);
    expect(standingOf({ loadBalancers: [balancer], endpointServices }, about)).toBe("ANSWERS");
  });

  it("that was asked for something is not told, and of which nobody knows neither", () => {
    expect(judgeLoadBalancerUse(use(), measured(3)).kind).toBe("KEPT");
    expect(judgeLoadBalancerUse(use(), { kind: "UNKNOWN", because: "throttled" }).kind).toBe(
      "UNKNOWN",
    );
  });
});
