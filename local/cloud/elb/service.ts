/** Load balancing v2, as far as target groups of instances and the zones of their load balancers go: the API, and set-up. */
import type {
  DeregisterTargetsInput,
  RegisterTargetsInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Authorization, ServiceModule } from "../contract.ts";
import type { Cloud } from "../dispatch.ts";
import { asked } from "../iam/asked.ts";
import { createListeners, type ListenerDeclaration } from "./listeners.ts";
import { LoadBalancers, type NewLoadBalancer, type ZoneDirectory } from "./load-balancers.ts";
import { membershipOf, type TargetMembership } from "./membership.ts";
import { loadBalancerOperations, targetOperations } from "./operations.ts";
import {
  type Group,
  type InstanceDirectory,
  type NewTargetGroup,
  TargetGroups,
} from "./target-groups.ts";

export interface Elb extends ServiceModule {
  /** Returns the load balancer's ARN. */
  addLoadBalancer(loadBalancer: NewLoadBalancer): string;
  removeLoadBalancer(arn: string): void;
  /** What the load balancer does with what comes in: without any, nothing comes in. */
  addListener(listener: ListenerDeclaration): void;
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
  /** Traffic is shifted away from the zone (its name) from now on; undefined ends the shift. */
  shiftZone(loadBalancerArn: string, zoneName: string | undefined): void;
  readonly membership: TargetMembership;
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
  const listeners = createListeners(loadBalancers);
  const groups = new TargetGroups({
    clock,
    random: cloud.random.fork("elb"),
    instances: directory,
    loadBalancers,
  });
  const known = (arn: string): Group => {
    const group = groups.find(arn);
    if (group === undefined) throw new Error(`there is no target group ${arn}`);
    return group;
  };
  return {
    service: "elasticloadbalancing",
    operations: {
      ...targetOperations(groups, loadBalancers),
      ...loadBalancerOperations(loadBalancers),
      ...listeners.operations,
    },
    authorization: { RegisterTargets: onGroup(groups), DeregisterTargets: onGroup(groups) },
    addLoadBalancer: (loadBalancer) => loadBalancers.add(loadBalancer),
    addListener: listeners.add,
    removeLoadBalancer: loadBalancers.remove.bind(loadBalancers),
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
    ...looksAt(groups),
    shiftZone: (arn, zoneName) => {
      loadBalancers.shift(arn, zoneName);
      groups.tellAll(arn);
    },
    setApplicationHealthy: (instanceId, isHealthy) => {
      groups.setApplicationHealthy(instanceId, isHealthy);
    },
  };
};

/** What scenarios and the other services see of the target groups. */
const looksAt = (groups: TargetGroups) => {
  const found = (arn: string): readonly Group[] => groups.all().filter((each) => each.arn === arn);
  return {
    connecting: (instanceId: string) => groups.connecting(instanceId),
    healthyIn: (arn: string) => found(arn).flatMap((group) => groups.healthyIn(group)),
    membersOf: (arn: string) =>
      found(arn)
        .flatMap((group) => groups.targets(group))
        .map(({ instanceId }) => instanceId),
    isAnswering: (instanceId: string) => groups.isAnswering(instanceId),
    membership: membershipOf(groups),
  };
};

const onGroup =
  (groups: TargetGroups): Authorization<RegisterTargetsInput | DeregisterTargetsInput> =>
  ({ service, operation }, { TargetGroupArn: arn = "" }) => {
    const group = groups.find(arn);
    const facts = group === undefined ? [] : [{ arn, type: "targetgroup", tags: group.tags }];
    return [asked(`${service}:${operation}`, facts)];
  };
