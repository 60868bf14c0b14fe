/** Load balancing v2, as far as target groups of instances go: the API, and what a scenario sets up. */
import type {
  DeregisterTargetsInput,
  DescribeTargetGroupAttributesInput,
  DescribeTargetGroupAttributesOutput,
  DescribeTargetGroupsInput,
  DescribeTargetGroupsOutput,
  DescribeTargetHealthInput,
  DescribeTargetHealthOutput,
  RegisterTargetsInput,
  TargetDescription,
  TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { type Call, CloudError, type Handler, type ServiceModule } from "../contract.ts";
import type { Cloud } from "../dispatch.ts";
import {
  type Group,
  type InstanceDirectory,
  type InstanceFound,
  type NewTargetGroup,
  TargetGroups,
  type TargetName,
} from "./target-groups.ts";

export interface Elb extends ServiceModule {
  /** Returns the group's ARN. */
  addTargetGroup(group: NewTargetGroup): string;
  removeTargetGroup(arn: string): void;
  /** As RegisterTargets, without a caller and healthy at once: for set-up. The group's port unless told. */
  addTarget(target: {
    readonly arn: string;
    readonly instanceId: string;
    readonly port?: number;
  }): void;
  /** The application on the instance answers, or doesn't, from now on: in every target group. */
  setApplicationHealthy(instanceId: string, isHealthy: boolean): void;
  /** Whether load balancers have the instance's zone: without it, it is in use in none of its target groups. */
  setRouted(instanceId: string, isRouted: boolean): void;
}

const largestPage = 400;

export const createElb = (
  cloud: Pick<Cloud, "clock" | "random">,
  instances: InstanceDirectory,
): Elb => {
  const groups = new TargetGroups({
    clock: cloud.clock,
    random: cloud.random.fork("elb"),
    instances,
  });
  return {
    service: "elasticloadbalancing",
    operations: operationsOn(groups),
    addTargetGroup: (group) => groups.add(group).arn,
    removeTargetGroup: (arn) => {
      groups.remove(arn);
    },
    addTarget: ({ arn, instanceId, port }) => {
      const group = groups.find(arn);
      if (group === undefined) throw new Error(`there is no target group ${arn}`);
      groups.register(group, { instanceId, port: port ?? group.port }, 0);
    },
    setApplicationHealthy: (instanceId, isHealthy) => {
      groups.setApplicationHealthy(instanceId, isHealthy);
    },
    setRouted: (instanceId, isRouted) => {
      groups.setRouted(instanceId, isRouted);
    },
  };
};

const operationsOn = (groups: TargetGroups): ServiceModule["operations"] => {
  const describeGroups: Handler<DescribeTargetGroupsInput, DescribeTargetGroupsOutput> = (
    call,
    input,
  ) => describeTargetGroups(groups, call, input);

  const describeAttributes: Handler<
    DescribeTargetGroupAttributesInput,
    DescribeTargetGroupAttributesOutput
  > = (call, input) => {
    const { deregistrationDelaySeconds } = groupOf(groups, call, input.TargetGroupArn);
    const delay = String(deregistrationDelaySeconds);
    return { Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: delay }] };
  };

  const describeHealth: Handler<DescribeTargetHealthInput, DescribeTargetHealthOutput> = (
    call,
    input,
  ) => {
    const group = groupOf(groups, call, input.TargetGroupArn);
    const targets = input.Targets?.map((target) => named(group, target)) ?? groups.targets(group);
    return {
      TargetHealthDescriptions: targets.map((target) => ({
        Target: { Id: target.instanceId, Port: target.port },
        HealthCheckPort: String(target.port),
        TargetHealth: groups.health(group, target),
      })),
    };
  };

  const register: Handler<RegisterTargetsInput, object> = (call, input) => {
    const group = groupOf(groups, call, input.TargetGroupArn);
    const targets = (input.Targets ?? []).map((target) => named(group, target));
    for (const { instanceId } of targets) {
      const problem = problemOf(groups.instance(group, instanceId), group);
      if (problem === undefined) continue;
      throw new CloudError("InvalidTarget", `The following targets ${problem}: '${instanceId}'`);
    }
    for (const target of targets) groups.register(group, target, group.healthyAfterSeconds);
    return {};
  };

  const deregister: Handler<DeregisterTargetsInput, object> = (call, input) => {
    const group = groupOf(groups, call, input.TargetGroupArn);
    for (const { Id: instanceId = "", Port: port } of input.Targets ?? []) {
      groups.deregister(group, instanceId, port);
    }
    return {};
  };

  return {
    DescribeTargetGroups: describeGroups,
    DescribeTargetGroupAttributes: describeAttributes,
    DescribeTargetHealth: describeHealth,
    RegisterTargets: register,
    DeregisterTargets: deregister,
  };
};

const describeTargetGroups = (
  groups: TargetGroups,
  call: Call,
  input: DescribeTargetGroupsInput,
): DescribeTargetGroupsOutput => {
  const { TargetGroupArns: arns = [], Names: names = [], PageSize: size = largestPage } = input;
  // Load balancers themselves are not simulated: none has a group.
  if (input.LoadBalancerArn !== undefined) return { TargetGroups: [] };
  for (const arn of arns) groupOf(groups, call, arn);
  const visible = groups.all().filter((group) => isIn(group, call));
  if (names.some((name) => !visible.some((group) => group.name === name))) throw notFound();
  const asked = visible.filter(
    ({ arn, name }) =>
      (arns.length === 0 || arns.includes(arn)) && (names.length === 0 || names.includes(name)),
  );
  const start = startOf(input.Marker);
  const end = start + size;
  return {
    TargetGroups: asked.slice(start, end).map(describeGroup),
    ...(end < asked.length && { NextMarker: String(end) }),
  };
};

const groupOf = (groups: TargetGroups, call: Call, arn: string | undefined): Group => {
  const group = groups.find(arn ?? "");
  if (group === undefined || !isIn(group, call)) throw notFound();
  return group;
};

const isIn = (group: Group, { caller, region }: Call): boolean =>
  group.accountId === caller.accountId && group.region === region;

const named = (
  group: Group,
  { Id: instanceId = "", Port: port = group.port }: TargetDescription,
): TargetName => ({ instanceId, port });

const problemOf = (instance: InstanceFound | undefined, { vpcId }: Group): string | undefined => {
  if (instance === undefined) return "do not exist";
  if (instance.state !== "running") return "are not in a running state";
  return instance.vpcId === vpcId ? undefined : `are not in the target group VPC '${vpcId}'`;
};

const notFound = (): CloudError =>
  new CloudError("TargetGroupNotFound", "One or more target groups not found");

const startOf = (marker: string | undefined): number => {
  if (marker === undefined) return 0;
  if (!/^\d+$/.test(marker)) throw new CloudError("ValidationError", "The marker is not valid");
  return Number(marker);
};

const describeGroup = (group: Group): TargetGroup => ({
  TargetGroupArn: group.arn,
  TargetGroupName: group.name,
  Protocol: "HTTP",
  ProtocolVersion: "HTTP1",
  Port: group.port,
  VpcId: group.vpcId,
  TargetType: "instance",
  IpAddressType: "ipv4",
  LoadBalancerArns: [],
  HealthCheckEnabled: true,
  HealthCheckProtocol: "HTTP",
  HealthCheckPort: "traffic-port",
  HealthCheckPath: "/",
  HealthCheckIntervalSeconds: 30,
  HealthCheckTimeoutSeconds: 5,
  HealthyThresholdCount: 5,
  UnhealthyThresholdCount: 2,
});
