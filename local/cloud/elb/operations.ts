/** The operations of load balancing v2 on target groups and load balancers, each typed by the SDK's input and output. */
import type {
  AdministrativeOverride,
  DeregisterTargetsInput,
  DescribeLoadBalancerAttributesInput,
  DescribeLoadBalancerAttributesOutput,
  DescribeLoadBalancersInput,
  DescribeLoadBalancersOutput,
  DescribeTagsInput,
  DescribeTagsOutput,
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
import type { LoadBalancers } from "./load-balancers.ts";
import { isIn, pageOf } from "./pages.ts";
import type { Group, InstanceFound, TargetGroups, TargetName } from "./target-groups.ts";

export const loadBalancerOperations = (
  loadBalancers: LoadBalancers,
): ServiceModule["operations"] => {
  const describe: Handler<DescribeLoadBalancersInput, DescribeLoadBalancersOutput> = (
    call,
    input,
  ) => loadBalancers.describe(call, input);
  const attributes: Handler<
    DescribeLoadBalancerAttributesInput,
    DescribeLoadBalancerAttributesOutput
  > = (call, input) => loadBalancers.attributes(call, input);
  return { DescribeLoadBalancers: describe, DescribeLoadBalancerAttributes: attributes };
};

const targetReads = (
  groups: TargetGroups,
  loadBalancers: LoadBalancers,
): ServiceModule["operations"] => {
  const tagsOf = (call: Call, arn: string): Readonly<Record<string, string>> =>
    arn.includes(":loadbalancer/")
      ? loadBalancers.tagsOf(call, arn)
      : groupOf(groups, call, arn).tags;

  const describeGroups: Handler<DescribeTargetGroupsInput, DescribeTargetGroupsOutput> = (
    call,
    input,
  ) => describeTargetGroups(groups, call, input);

  const describeAttributes: Handler<
    DescribeTargetGroupAttributesInput,
    DescribeTargetGroupAttributesOutput
  > = (call, input) => {
    const group = groupOf(groups, call, input.TargetGroupArn);
    const { deregistrationDelaySeconds: delay, slowStartSeconds: slow, crossZone } = group;
    const balancing = String(crossZone ?? "use_load_balancer_configuration");
    return {
      Attributes: [
        { Key: "deregistration_delay.timeout_seconds", Value: String(delay) },
        { Key: "slow_start.duration_seconds", Value: String(slow) },
        { Key: "load_balancing.cross_zone.enabled", Value: balancing },
      ],
    };
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
        ...overrideOf(groups.override(group, target)),
      })),
    };
  };

  const describeTags: Handler<DescribeTagsInput, DescribeTagsOutput> = (call, input) => ({
    TagDescriptions: (input.ResourceArns ?? []).map((arn) => ({
      ResourceArn: arn,
      Tags: Object.entries(tagsOf(call, arn)).map(([Key, Value]) => ({ Key, Value })),
    })),
  });

  return {
    DescribeTags: describeTags,
    DescribeTargetGroups: describeGroups,
    DescribeTargetGroupAttributes: describeAttributes,
    DescribeTargetHealth: describeHealth,
  };
};

const targetWrites = (groups: TargetGroups): ServiceModule["operations"] => {
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

  return { RegisterTargets: register, DeregisterTargets: deregister };
};

export const targetOperations = (
  groups: TargetGroups,
  loadBalancers: LoadBalancers,
): ServiceModule["operations"] => ({
  ...targetReads(groups, loadBalancers),
  ...targetWrites(groups),
});

const overrideOf = (
  override: AdministrativeOverride | undefined,
): { readonly AdministrativeOverride?: AdministrativeOverride } =>
  override === undefined ? {} : { AdministrativeOverride: override };

const describeTargetGroups = (
  groups: TargetGroups,
  call: Call,
  input: DescribeTargetGroupsInput,
): DescribeTargetGroupsOutput => {
  const { TargetGroupArns: arns = [], Names: names = [], LoadBalancerArn: usedBy } = input;
  for (const arn of arns) groupOf(groups, call, arn);
  const visible = groups.all().filter((group) => isIn(group, call));
  if (names.some((name) => !visible.some((group) => group.name === name))) throw notFound();
  const asked = visible.filter(
    ({ arn, name, loadBalancerArn }) =>
      (arns.length === 0 || arns.includes(arn)) &&
      (names.length === 0 || names.includes(name)) &&
      (usedBy === undefined || usedBy === loadBalancerArn),
  );
  const { items, ...next } = pageOf(asked, input);
  return { TargetGroups: items.map(describeGroup), ...next };
};

const groupOf = (groups: TargetGroups, call: Call, arn: string | undefined): Group => {
  const group = groups.find(arn ?? "");
  if (group === undefined || !isIn(group, call)) throw notFound();
  return group;
};

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

const describeGroup = (group: Group): TargetGroup => ({
  TargetGroupArn: group.arn,
  TargetGroupName: group.name,
  Protocol: "HTTP",
  ProtocolVersion: "HTTP1",
  Port: group.port,
  VpcId: group.vpcId,
  TargetType: group.targetType,
  IpAddressType: "ipv4",
  LoadBalancerArns: group.loadBalancerArn === undefined ? [] : [group.loadBalancerArn],
  HealthCheckEnabled: true,
  HealthCheckProtocol: "HTTP",
  HealthCheckPort: "traffic-port",
  HealthCheckPath: "/",
  HealthCheckIntervalSeconds: 30,
  HealthCheckTimeoutSeconds: 5,
  HealthyThresholdCount: 5,
  UnhealthyThresholdCount: 2,
});
