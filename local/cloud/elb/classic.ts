/** Classic load balancers, as far as their instances go: the API, and set-up. */
import type {
  DescribeAccessPointsInput,
  DescribeAccessPointsOutput,
  DescribeEndPointStateInput,
  DescribeEndPointStateOutput,
} from "@aws-sdk/client-elastic-load-balancing";
import { type Call, CloudError, type ServiceModule } from "../contract.ts";
import type { Cloud } from "../dispatch.ts";
import { isIn, pageOf } from "./pages.ts";

interface NewClassicLoadBalancer {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly instanceIds: readonly string[];
}

export interface ClassicElb extends ServiceModule {
  /** A load balancer with these instances, in place of the one of that name. */
  set(loadBalancer: NewClassicLoadBalancer): void;
  readonly membership: ClassicMembership;
}

interface ClassicName {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
}

/** What Auto Scaling does with classic load balancers, under its service-linked role. */
export interface ClassicMembership {
  isThere(name: ClassicName): boolean;
  /** Without effect where the load balancer is gone, or has the instance. */
  register(name: ClassicName, instanceId: string): void;
  /** At once: connection draining is off. */
  deregister(name: ClassicName, instanceId: string): void;
}

const notFound = (name: string): CloudError =>
  new CloudError("LoadBalancerNotFound", `There is no ACTIVE Load Balancer named '${name}'`);

const keyOf = ({ accountId, region, name }: ClassicName): string =>
  `${accountId}#${region}#${name}`;

/**
 * Of all that are registered, where none is named: each passes its health check at once. One that is not registered is told of as out of
 * service. Source: ELB API reference (2012-06-01), DescribeInstanceHealth and InstanceState.
 */
const healthOf = (
  { instanceIds }: Pick<NewClassicLoadBalancer, "instanceIds">,
  { Instances = [] }: DescribeEndPointStateInput,
): DescribeEndPointStateOutput => {
  const asked =
    Instances.length === 0 ? instanceIds : Instances.flatMap(({ InstanceId }) => InstanceId ?? []);
  return {
    InstanceStates: asked.map((InstanceId) =>
      instanceIds.includes(InstanceId)
        ? { InstanceId, State: "InService", ReasonCode: "N/A", Description: "N/A" }
        : {
            InstanceId,
            State: "OutOfService",
            ReasonCode: "Instance",
            Description: "Instance is not currently registered with the LoadBalancer.",
          },
    ),
  };
};

export const createClassicElb = ({ clock }: Pick<Cloud, "clock">): ClassicElb => {
  const all = new Map<string, NewClassicLoadBalancer & { readonly createdAtMs: number }>();

  const describe = (call: Call, input: DescribeAccessPointsInput): DescribeAccessPointsOutput => {
    const { LoadBalancerNames: names = [] } = input;
    const visible = [...all.values()].filter((each) => isIn(each, call));
    const missing = names.find((name) => !visible.some((each) => each.name === name));
    if (missing !== undefined) throw notFound(missing);
    const asked = visible.filter(({ name }) => names.length === 0 || names.includes(name));
    const { items, ...next } = pageOf(asked, input);
    return {
      LoadBalancerDescriptions: items.map(({ name, instanceIds, createdAtMs }) => ({
        LoadBalancerName: name,
        CreatedTime: new Date(createdAtMs),
        Instances: instanceIds.map((InstanceId) => ({ InstanceId })),
      })),
      ...next,
    };
  };

  const replace = (
    name: ClassicName,
    change: (instanceIds: readonly string[]) => readonly string[],
  ): void => {
    const found = all.get(keyOf(name));
    if (found === undefined) return;
    all.set(keyOf(name), { ...found, instanceIds: change(found.instanceIds) });
  };

  return {
    service: "classic-load-balancing",
    operations: {
      DescribeLoadBalancers: describe,
      DescribeInstanceHealth: (call, input: DescribeEndPointStateInput) => {
        const { LoadBalancerName: name = "" } = input;
        const found = [...all.values()].find((each) => each.name === name && isIn(each, call));
        if (found === undefined) throw notFound(name);
        return healthOf(found, input);
      },
    },
    set: (loadBalancer) => {
      all.set(keyOf(loadBalancer), { ...loadBalancer, createdAtMs: clock.now() });
    },
    membership: {
      isThere: (name) => all.has(keyOf(name)),
      register: (name, instanceId) => {
        replace(name, (ids) => [...new Set([...ids, instanceId])]);
      },
      deregister: (name, instanceId) => {
        replace(name, (ids) => ids.filter((id) => id !== instanceId));
      },
    },
  };
};
