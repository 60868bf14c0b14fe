/**
 * Reads which load balancers (ALB, NLB, GWLB) use a target group, and which zones are enabled for each. A target in
 * another zone gets no traffic, whatever cross-zone load balancing says: that spreads requests over enabled zones.
 * Source: ELB user guide, "How Elastic Load Balancing works", Availability Zones and load balancer nodes.
 */
import type { EC2Client } from "@aws-sdk/client-ec2";
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  type LoadBalancer,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { LoadBalancerFacts, TargetGroupFacts } from "../../core/model/target-group.ts";
import { readZoneIds, zoneIdOf } from "./ec2/zones.ts";
import { readAllPages } from "./paging.ts";
import { required } from "./required.ts";
import { callAws } from "./translate-error.ts";

/** ELB API reference, DescribeLoadBalancers: up to 20 in a single call; no number is given for target groups. */
const mostNamed = 20;

/** Asks for each ARN once, in as many calls as it takes. */
const inBatches = async <Item>(
  arns: Iterable<string>,
  read: (some: string[]) => Promise<readonly Item[]>,
): Promise<readonly Item[]> => {
  const all = [...new Set(arns)].sort();
  const found: Item[] = [];
  for (let first = 0; first < all.length; first += mostNamed) {
    found.push(...(await read(all.slice(first, first + mostNamed))));
  }
  return found;
};

const readGroups = (
  elb: ElasticLoadBalancingV2Client,
  arns: Iterable<string>,
): Promise<readonly TargetGroup[]> =>
  inBatches(arns, (some) =>
    readAllPages({
      fetch: (token) =>
        callAws({ action: "DescribeTargetGroups", resource: some.join(" ") }, () =>
          elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: some, Marker: token })),
        ),
      items: (page) => page.TargetGroups,
      next: (page) => page.NextMarker,
    }),
  );

const readLoadBalancers = (
  elb: ElasticLoadBalancingV2Client,
  arns: Iterable<string>,
): Promise<readonly LoadBalancer[]> =>
  inBatches(arns, (some) =>
    readAllPages({
      fetch: (token) =>
        callAws({ action: "DescribeLoadBalancers", resource: some.join(" ") }, () =>
          elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: some, Marker: token })),
        ),
      items: (page) => page.LoadBalancers,
      next: (page) => page.NextMarker,
    }),
  );

const zoneNamesOf = ({ LoadBalancerArn: arn, AvailabilityZones: zones }: LoadBalancer): string[] =>
  required(zones, `the zones of load balancer ${arn ?? "?"}`).map(({ ZoneName }) =>
    required(ZoneName, `the name of a zone of load balancer ${arn ?? "?"}`),
  );

/** By ARN of the target group. */
const readUsers = async (
  elb: ElasticLoadBalancingV2Client,
  arns: Iterable<string>,
): Promise<ReadonlyMap<string | undefined, readonly string[]>> =>
  new Map(
    (await readGroups(elb, arns)).map(({ TargetGroupArn: arn, LoadBalancerArns: users }) => [
      arn,
      required(users, `the load balancers of target group ${arn ?? "?"}`),
    ]),
  );

interface Clients {
  readonly elb: ElasticLoadBalancingV2Client;
  /** For the ids of zones. */
  readonly ec2: EC2Client;
}

/** By ARN of the load balancer. */
const readServed = async (
  { elb, ec2 }: Clients,
  arns: readonly string[],
): Promise<ReadonlyMap<string | undefined, LoadBalancerFacts>> => {
  if (arns.length === 0) return new Map();
  const [found, zoneIds] = await Promise.all([readLoadBalancers(elb, arns), readZoneIds(ec2)]);
  return new Map(
    found.map((loadBalancer) => {
      const arn = required(loadBalancer.LoadBalancerArn, "the ARN of a load balancer");
      const served = zoneNamesOf(loadBalancer).map((name) => zoneIdOf(zoneIds, name));
      return [arn, { arn, zoneIds: served.sort() }];
    }),
  );
};

/**
 * The same groups, each with the load balancers that use it now. Throws BrokenFacts, or what AWS answers, when a group, a
 * load balancer or its zones can't be read: not known is never taken for "nobody uses it".
 */
export const withLoadBalancers = async (
  clients: Clients,
  groups: readonly TargetGroupFacts[],
): Promise<readonly Required<TargetGroupFacts>[]> => {
  if (groups.length === 0) return [];
  const users = await readUsers(
    clients.elb,
    groups.map(({ arn }) => arn),
  );
  const served = await readServed(clients, [...users.values()].flat());
  return groups.map(({ arn, port }) => ({
    arn,
    port,
    loadBalancers: required(users.get(arn), `target group ${arn}`).map((user) =>
      required(served.get(user), `the zones of load balancer ${user}`),
    ),
  }));
};
