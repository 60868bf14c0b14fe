/** Load balancing v2, as far as target groups of instances and the zones of their load balancers go: the API, and set-up. */
import type {
  DeregisterTargetsInput,
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
import {
  type Authorization,
  type Call,
  CloudError,
  type Handler,
  type ServiceModule,
} from "../contract.ts";
import type { Cloud } from "../dispatch.ts";
import { asked } from "../iam/asked.ts";
import { LoadBalancers, type NewLoadBalancer, type ZoneDirectory } from "./load-balancers.ts";
import { isIn, pageOf } from "./pages.ts";
import {
  type Group,
  type InstanceDirectory,
  type InstanceFound,
  type NewTargetGroup,
  TargetGroups,
  type TargetName,
} from "./target-groups.ts";

export interface Elb extends ServiceModule {
  /** Returns the load balancer's ARN. */
  addLoadBalancer(loadBalancer: NewLoadBalancer): string;
  removeLoadBalancer(arn: string): void;
  /** Ids or names of the zones that are enabled from now on: targets elsewhere get no traffic. */
  setZones(loadBalancerArn: string, zones: readonly string[]): void;
  /** Which load balancer forwards to the group from now on; none without one. */
  setLoadBalancer(targetGroupArn: string, loadBalancerArn: string | undefined): void;
  loadBalancerOf(targetGroupArn: string): string | undefined;
  /** Returns the group's ARN. */
  addTargetGroup(group: NewTargetGroup): string;
  removeTargetGroup(arn: string): void;
  /** In place of those that it has. */
  setTags(targetGroupArn: string, tags: Readonly<Record<string, string>>): void;
  /** As RegisterTargets, without a caller and healthy at once: for set-up. The group's port unless told. */
  addTarget(target: {
    readonly arn: string;
    readonly instanceId: string;
    readonly port?: number;
  }): void;
  /** ARNs of the groups through which the instance may have open connections: healthy or draining there. */
  connecting(instanceId: string): readonly string[];
  /** Targets of the group that get its traffic now. */
  healthyIn(arn: string): readonly string[];
  /** Targets of the group, draining ones too. */
  membersOf(arn: string): readonly string[];
  /** The application on the instance answers, or doesn't, from now on: in every target group. */
  setApplicationHealthy(instanceId: string, isHealthy: boolean): void;
  isAnswering(instanceId: string): boolean;
}

export const createElb = (
  cloud: Pick<Cloud, "clock" | "random">,
  directory: InstanceDirectory & ZoneDirectory,
): Elb => {
  const { clock } = cloud;
  const loadBalancers = new LoadBalancers({
    clock,
    random: cloud.random.fork("load-balancers"),
    directory,
  });
  const groups = new TargetGroups({
    clock,
    random: cloud.random.fork("elb"),
    instances: directory,
    loadBalancers,
  });
  const describeAll: Handler<DescribeLoadBalancersInput, DescribeLoadBalancersOutput> = (
    call,
    input,
  ) => loadBalancers.describe(call, input);
  const found = (arn: string): readonly Group[] => groups.all().filter((each) => each.arn === arn);
  const known = (arn: string): Group => {
    const group = groups.find(arn);
    if (group === undefined) throw new Error(`there is no target group ${arn}`);
    return group;
  };
  return {
    service: "elasticloadbalancing",
    operations: { ...operationsOn(groups), DescribeLoadBalancers: describeAll },
    authorization: { RegisterTargets: onGroup(groups), DeregisterTargets: onGroup(groups) },
    addLoadBalancer: (loadBalancer) => loadBalancers.add(loadBalancer),
    removeLoadBalancer: (arn) => {
      loadBalancers.remove(arn);
    },
    setZones: loadBalancers.setZones.bind(loadBalancers),
    setLoadBalancer: (arn, loadBalancerArn) => {
      known(arn).loadBalancerArn = loadBalancerArn;
    },
    loadBalancerOf: (arn) => known(arn).loadBalancerArn,
    addTargetGroup: (group) => groups.add(group).arn,
    removeTargetGroup: (arn) => {
      groups.remove(arn);
    },
    setTags: (arn, tags) => void (known(arn).tags = tags),
    addTarget: ({ arn, instanceId, port }) => {
      const group = known(arn);
      groups.register(group, { instanceId, port: port ?? group.port }, 0);
    },
    connecting: (instanceId) => groups.connecting(instanceId),
    healthyIn: (arn) => found(arn).flatMap((group) => groups.healthyIn(group)),
    membersOf: (arn) =>
      found(arn)
        .flatMap((group) => groups.targets(group))
        .map(({ instanceId }) => instanceId),
    isAnswering: (instanceId) => groups.isAnswering(instanceId),
    setApplicationHealthy: (instanceId, isHealthy) => {
      groups.setApplicationHealthy(instanceId, isHealthy);
    },
  };
};

const onGroup =
  (groups: TargetGroups): Authorization<RegisterTargetsInput | DeregisterTargetsInput> =>
  ({ service, operation }, { TargetGroupArn: arn = "" }) => {
    const group = groups.find(arn);
    const facts = group === undefined ? [] : [{ arn, type: "targetgroup", tags: group.tags }];
    return [asked(`${service}:${operation}`, facts)];
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

  const describeTags: Handler<DescribeTagsInput, DescribeTagsOutput> = (call, input) => ({
    TagDescriptions: (input.ResourceArns ?? []).map((arn) => ({
      ResourceArn: arn,
      Tags: Object.entries(groupOf(groups, call, arn).tags).map(([Key, Value]) => ({ Key, Value })),
    })),
  });

  return {
    DescribeTags: describeTags,
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
  TargetType: "instance",
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
