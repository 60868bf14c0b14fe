import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  DeregisterTargetsCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
  TargetHealthReasonEnum,
  TargetHealthStateEnum,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { mockClient } from "aws-sdk-client-mock";
import {
  deregisterTarget,
  readClusterTargetGroups,
  readStandings,
  readTargetGroupsOf,
  readTargetHealth,
  registerTarget,
  standingIn,
  standingOf,
} from "../../../adapters/aws/elb.ts";
import type { TargetGroupStanding } from "../../../core/model/target-group.ts";
import { awsError, metadata } from "./aws-error.ts";

const elb = new ElasticLoadBalancingV2Client({ region: "eu-central-1" });
const mock = mockClient(elb);

const target = (id: string, port: number, state: TargetHealthStateEnum = "healthy"): object => ({
  Target: { Id: id, Port: port },
  TargetHealth: { State: state },
});

beforeEach(() => {
  mock.reset();
});

describe("the target groups of a cluster", () => {
  it("are those of type instance that a controller has tagged for it, twenty asked at a time", async () => {
    const arns = Array.from({ length: 21 }, (_, index) => `tg-${String(index + 10)}`);
    mock.on(DescribeTargetGroupsCommand, { PageSize: 400 }).resolvesOnce({
      TargetGroups: [
        ...arns.map((TargetGroupArn) => ({ TargetGroupArn, TargetType: "instance" as const })),
        { TargetGroupArn: "tg-ip", TargetType: "ip" },
      ],
    });
    const tagged = (ResourceArn: string, Key: string, Value: string) => ({
      ResourceArn,
      Tags: [{ Key, Value }],
    });
    mock.on(DescribeTagsCommand, { ResourceArns: arns.slice(0, 20) }).resolvesOnce({
      TagDescriptions: [
        tagged("tg-10", "elbv2.k8s.aws/cluster", "shop"),
        tagged("tg-11", "elbv2.k8s.aws/cluster", "other"),
        tagged("tg-12", "kubernetes.io/cluster/shop", "owned"),
      ],
    });
    mock.on(DescribeTagsCommand, { ResourceArns: ["tg-30"] }).resolvesOnce({
      TagDescriptions: [tagged("tg-30", "team", "shop")],
    });
    await expect(readClusterTargetGroups(elb, "shop")).resolves.toEqual(["tg-10", "tg-12"]);
  });
});

describe("the target groups of an instance", () => {
  it("asks every group of type instance on every page, and gives each port once", async () => {
    mock.on(DescribeTargetGroupsCommand, { PageSize: 400, Marker: undefined }).resolvesOnce({
      TargetGroups: [
        { TargetGroupArn: "tg-b", TargetType: "instance" },
        { TargetGroupArn: "tg-ip", TargetType: "ip" },
      ],
      NextMarker: "m",
    });
    mock
      .on(DescribeTargetGroupsCommand, { PageSize: 400, Marker: "m" })
      .resolvesOnce({ TargetGroups: [{ TargetGroupArn: "tg-a", TargetType: "instance" }] });
    mock.on(DescribeTargetHealthCommand, { TargetGroupArn: "tg-a" }).resolves({
      TargetHealthDescriptions: [target("i-1", 80), target("i-1", 81), target("i-2", 80)],
    });
    mock.on(DescribeTargetHealthCommand, { TargetGroupArn: "tg-b" }).resolves({
      TargetHealthDescriptions: [target("i-1", 443, "unhealthy")],
    });
    await expect(readTargetGroupsOf(elb, "i-1")).resolves.toEqual([
      { arn: "tg-a", port: 80 },
      { arn: "tg-a", port: 81 },
      { arn: "tg-b", port: 443 },
    ]);
    expect(mock.commandCalls(DescribeTargetHealthCommand)).toHaveLength(2);
  });

  it("what drains is no longer a member", async () => {
    mock
      .on(DescribeTargetGroupsCommand)
      .resolves({ TargetGroups: [{ TargetGroupArn: "tg", TargetType: "instance" }] });
    mock.on(DescribeTargetHealthCommand).resolves({
      TargetHealthDescriptions: [
        target("i-1", 80, "draining"),
        target("i-1", 81, "unhealthy.draining"),
      ],
    });
    await expect(readTargetGroupsOf(elb, "i-1")).resolves.toEqual([]);
  });

  it("a group that was deleted meanwhile is left out", async () => {
    mock
      .on(DescribeTargetGroupsCommand)
      .resolves({ TargetGroups: [{ TargetGroupArn: "tg", TargetType: "instance" }] });
    mock.on(DescribeTargetHealthCommand).rejects(awsError("TargetGroupNotFoundException"));
    await expect(readTargetGroupsOf(elb, "i-1")).resolves.toEqual([]);
  });

  it("a group that can't be read is an error, not an absence", async () => {
    mock
      .on(DescribeTargetGroupsCommand)
      .resolves({ TargetGroups: [{ TargetGroupArn: "tg", TargetType: "instance" }] });
    mock.on(DescribeTargetHealthCommand).rejects(awsError("Throttling"));
    await expect(readTargetGroupsOf(elb, "i-1")).rejects.toMatchObject({
      name: "RetryableThrottled",
    });
  });
});

describe("registration", () => {
  const one = { arn: "tg", instanceId: "i-1", port: 8080 };
  const request = { TargetGroupArn: "tg", Targets: [{ Id: "i-1", Port: 8080 }] };

  it("registers exactly this instance and port", async () => {
    mock.on(RegisterTargetsCommand).resolves({ $metadata: metadata("r1") });
    await expect(registerTarget(elb, one)).resolves.toEqual({ requestId: "r1" });
    expect(mock.commandCalls(RegisterTargetsCommand)[0]?.args[0].input).toStrictEqual(request);
  });

  it("deregisters exactly this instance and port", async () => {
    mock.on(DeregisterTargetsCommand).resolves({ $metadata: metadata("r2") });
    await expect(deregisterTarget(elb, one)).resolves.toEqual({ requestId: "r2" });
    expect(mock.commandCalls(DeregisterTargetsCommand)[0]?.args[0].input).toStrictEqual(request);
  });

  it.each([
    ["TooManyTargetsException", "BrokenQuota"],
    ["InvalidTargetException", "BrokenRequest"],
    ["TargetGroupNotFoundException", "BrokenNotFound"],
  ])("%s is %s", async (code, name) => {
    mock.on(RegisterTargetsCommand).rejects(awsError(code));
    await expect(registerTarget(elb, one)).rejects.toMatchObject({ name });
  });
});

describe("target health", () => {
  const one = { arn: "tg", instanceId: "i-1", port: 80 };

  it("asks for this target and tells state and reason", async () => {
    mock
      .on(DescribeTargetHealthCommand, { TargetGroupArn: "tg", Targets: [{ Id: "i-1", Port: 80 }] })
      .resolves({
        TargetHealthDescriptions: [
          {
            Target: { Id: "i-1", Port: 80 },
            TargetHealth: {
              State: "unhealthy",
              Reason: "Target.FailedHealthChecks",
              Description: "503",
            },
          },
        ],
      });
    await expect(readTargetHealth(elb, one)).resolves.toEqual({
      state: "unhealthy",
      reason: "Target.FailedHealthChecks",
      description: "503",
    });
  });

  it.each([
    ["an empty answer", []],
    ["another port's health", [target("i-1", 81)]],
    ["another instance's health", [target("i-2", 80)]],
  ])("%s is unknown, never healthy", async (_what, TargetHealthDescriptions) => {
    mock.on(DescribeTargetHealthCommand).resolves({ TargetHealthDescriptions });
    await expect(readTargetHealth(elb, one)).resolves.toEqual({ state: "unknown" });
  });

  it("an error is thrown, never read as a state", async () => {
    mock.on(DescribeTargetHealthCommand).rejects(awsError("ServiceUnavailable", { status: 503 }));
    await expect(readTargetHealth(elb, one)).rejects.toMatchObject({
      name: "RetryableUnavailable",
    });
  });
});

describe("the standing of an instance in a target group", () => {
  const states: Readonly<Record<TargetHealthStateEnum, TargetGroupStanding>> = {
    initial: "joining",
    healthy: "ready",
    unhealthy: "joining",
    unavailable: "joining",
    // Nothing was said of why.
    unused: "joining",
    draining: "leaving",
    "unhealthy.draining": "leaving",
  };

  it.each(Object.values(TargetHealthStateEnum))("AWS's state %s", (state) => {
    expect(standingOf({ state })).toBe(states[state]);
  });

  /** The state with which AWS gives the reason, and what follows. */
  const reasons: Readonly<
    Record<TargetHealthReasonEnum, readonly [TargetHealthStateEnum, TargetGroupStanding]>
  > = {
    "Elb.RegistrationInProgress": ["initial", "joining"],
    "Elb.InitialHealthChecking": ["initial", "joining"],
    "Target.ResponseCodeMismatch": ["unhealthy", "joining"],
    "Target.Timeout": ["unhealthy", "joining"],
    "Target.FailedHealthChecks": ["unhealthy", "joining"],
    "Elb.InternalError": ["unhealthy", "joining"],
    "Target.NotRegistered": ["unused", "absent"],
    "Target.NotInUse": ["unused", "unrouted"],
    "Target.InvalidState": ["unused", "joining"],
    "Target.IpUnusable": ["unused", "joining"],
    "Target.DeregistrationInProgress": ["draining", "leaving"],
    "Target.HealthCheckDisabled": ["unavailable", "joining"],
  };

  it.each(Object.values(TargetHealthReasonEnum))("AWS's reason %s", (reason) => {
    const [state, standing] = reasons[reason];
    expect(standingOf({ state, reason })).toBe(standing);
  });

  it.each([
    ["a state that we do not know", { state: "paused" }],
    ["a state that only sounds like one", { state: "paused.draining" }],
    ["no state", { state: "unknown" }],
    ["a new reason for being unused", { state: "unused", reason: "Target.Quarantined" }],
  ])("%s is joining: neither ready nor gone", (_what, reading) => {
    expect(standingOf(reading)).toBe("joining");
  });

  it("is asked for this target alone, and an error is not a standing", async () => {
    const one = { arn: "tg", instanceId: "i-1", port: 80 };
    mock
      .on(DescribeTargetHealthCommand, { TargetGroupArn: "tg", Targets: [{ Id: "i-1", Port: 80 }] })
      .resolvesOnce({ TargetHealthDescriptions: [target("i-1", 80)] })
      .rejectsOnce(awsError("Throttling"));
    await expect(standingIn(elb, one)).resolves.toBe("ready");
    await expect(standingIn(elb, one)).rejects.toMatchObject({ name: "RetryableThrottled" });
  });
});

describe("the targets of one group", () => {
  it("are read by one call, whoever they are", async () => {
    mock.on(DescribeTargetHealthCommand).resolves({
      TargetHealthDescriptions: [
        target("i-1", 80),
        target("i-1", 81, "initial"),
        target("i-2", 80, "draining"),
        target("i-3", 80, "unhealthy"),
      ],
    });
    await expect(readStandings(elb, "tg")).resolves.toEqual([
      { instanceId: "i-1", port: 80, standing: "ready", isFailing: false },
      { instanceId: "i-1", port: 81, standing: "joining", isFailing: false },
      { instanceId: "i-2", port: 80, standing: "leaving", isFailing: false },
      { instanceId: "i-3", port: 80, standing: "joining", isFailing: true },
    ]);
    expect(
      mock.commandCalls(DescribeTargetHealthCommand).map(({ args }) => args[0].input),
    ).toStrictEqual([{ TargetGroupArn: "tg" }]);
  });

  it("are told apart from a group that is gone, and from one that can't be read", async () => {
    mock.on(DescribeTargetHealthCommand).rejects(awsError("TargetGroupNotFoundException"));
    await expect(readStandings(elb, "tg")).resolves.toBeUndefined();
    mock.on(DescribeTargetHealthCommand).rejects(awsError("Throttling"));
    await expect(readStandings(elb, "tg")).rejects.toMatchObject({ name: "RetryableThrottled" });
  });
});
