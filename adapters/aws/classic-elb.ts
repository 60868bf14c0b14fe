/** Reads which classic load balancers have an instance: those of before target groups, with an API of their own. */
import {
  DescribeInstanceHealthCommand,
  DescribeLoadBalancersCommand,
  type ElasticLoadBalancingClient,
} from "@aws-sdk/client-elastic-load-balancing";
import { readAllPages } from "./paging.ts";
import { orAbsent } from "./or-absent.ts";
import { required } from "./required.ts";
import { callAws } from "./translate-error.ts";

/** ELB API reference (2012-06-01), DescribeLoadBalancers: from 1 to 400. */
const largestPage = 400;

export interface ClassicLoadBalancer {
  readonly name: string;
  /** Healthy there or not. */
  readonly instanceIds: readonly string[];
}

/** All of the region, by name: there is no look-up by instance. Throws what AWS answers: not known is never taken for "none". */
export const readClassicLoadBalancers = async (
  elb: ElasticLoadBalancingClient,
): Promise<readonly ClassicLoadBalancer[]> => {
  const found = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeLoadBalancers", resource: "classic load balancers" }, () =>
        elb.send(new DescribeLoadBalancersCommand({ PageSize: largestPage, Marker: token })),
      ),
    items: (page) => page.LoadBalancerDescriptions,
    next: (page) => page.NextMarker,
  });
  return found
    .map(({ LoadBalancerName: name, Instances = [] }) => ({
      name: required(name, "the name of a classic load balancer"),
      instanceIds: Instances.flatMap(({ InstanceId: id }) => id ?? []),
    }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
};

/** Names of those that have the instance, sorted. */
export const readClassicLoadBalancersOf = async (
  elb: ElasticLoadBalancingClient,
  instanceId: string,
): Promise<readonly string[]> =>
  (await readClassicLoadBalancers(elb))
    .filter(({ instanceIds }) => instanceIds.includes(instanceId))
    .map(({ name }) => name);

/** State of every instance of one classic load balancer, by id: `InService`, `OutOfService`, `Unknown`. Undefined where there is no such balancer. */
export const readClassicHealth = async (
  elb: ElasticLoadBalancingClient,
  name: string,
): Promise<Readonly<Record<string, string>> | undefined> => {
  const answer = await orAbsent(() =>
    callAws({ action: "DescribeInstanceHealth", resource: name }, () =>
      elb.send(new DescribeInstanceHealthCommand({ LoadBalancerName: name })),
    ),
  );
  return (
    answer &&
    Object.fromEntries(
      (answer.InstanceStates ?? []).map(({ InstanceId: id, State: state }) => [
        required(id, `an instance of classic load balancer ${name}`),
        required(state, `a state in classic load balancer ${name}`),
      ]),
    )
  );
};
