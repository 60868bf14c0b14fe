/** Where an Auto Scaling group's members get traffic from: target groups with their settings and all their targets, and classic balancers. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import {
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { GroupTargets, GroupTraffic } from "../../core/model/group-traffic.ts";
import { readClassicHealth } from "./classic-elb.ts";
import { readStandings } from "./elb.ts";
import { withLoadBalancers } from "./load-balancers.ts";
import { orAbsent } from "./or-absent.ts";
import { callAws } from "./translate-error.ts";

export interface TrafficClients {
  readonly elb: ElasticLoadBalancingV2Client;
  readonly classicElb: ElasticLoadBalancingClient;
  /** For the ids of zones. */
  readonly ec2: EC2Client;
}

/** As a group names them. */
export interface TrafficSources {
  readonly targetGroupArns: readonly string[];
  readonly classicNames: readonly string[];
  /** Of kinds that are not read, as `vpc-lattice arn:…`. */
  readonly others: readonly string[];
}

/** One by one: a group that is gone makes a request for several fail. */
const readTargetGroup = async (
  elb: ElasticLoadBalancingV2Client,
  arn: string,
): Promise<TargetGroup | undefined> =>
  orAbsent(async () => {
    const answer = await callAws({ action: "DescribeTargetGroups", resource: arn }, () =>
      elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] })),
    );
    return answer.TargetGroups?.find(({ TargetGroupArn }) => TargetGroupArn === arn);
  });

type Delays = Pick<GroupTargets, "slowStartSeconds" | "deregistrationDelaySeconds">;

/** ELB user guide, "Target group attributes": 300 seconds unless set. */
const usualDeregistrationDelay = 300;

/** Source of the keys: ELB API reference, TargetGroupAttribute. */
const readDelays = async (elb: ElasticLoadBalancingV2Client, arn: string): Promise<Delays> => {
  const answer = await callAws({ action: "DescribeTargetGroupAttributes", resource: arn }, () =>
    elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn })),
  );
  const secondsOf = (key: string, otherwise: number): number => {
    const value = answer.Attributes?.find(({ Key }) => Key === key)?.Value;
    return value === undefined ? otherwise : Number(value);
  };
  return {
    // Network and gateway load balancers know no slow start.
    slowStartSeconds: secondsOf("slow_start.duration_seconds", 0),
    deregistrationDelaySeconds: secondsOf(
      "deregistration_delay.timeout_seconds",
      usualDeregistrationDelay,
    ),
  };
};

const readClassic = async (
  clients: Pick<TrafficClients, "classicElb">,
  names: readonly string[],
): Promise<Pick<GroupTraffic, "classic" | "missing">> => {
  const found = await Promise.all(
    names.map(async (name) => ({
      name,
      states: await readClassicHealth(clients.classicElb, name),
    })),
  );
  return {
    classic: found.flatMap(({ name, states }) => (states === undefined ? [] : [{ name, states }])),
    missing: found.flatMap(({ name, states }) => (states === undefined ? [name] : [])),
  };
};

/** A target group that vanishes between two calls is among the missing ones. Two calls for each, and those for its load balancers. */
export const readGroupTraffic = async (
  clients: TrafficClients,
  { targetGroupArns, classicNames, others }: TrafficSources,
): Promise<GroupTraffic> => {
  const { elb } = clients;
  const arns = [...new Set(targetGroupArns)].sort();
  const shown = await Promise.all(arns.map((arn) => readTargetGroup(elb, arn)));
  const known = shown.flatMap((group) =>
    group?.TargetGroupArn === undefined
      ? []
      : [{ arn: group.TargetGroupArn, port: group.Port ?? 0 }],
  );
  const [groups, { classic, missing }] = await Promise.all([
    withLoadBalancers(clients, known),
    readClassic(clients, classicNames),
  ]);
  const targetGroups = await Promise.all(
    groups.map(async (group): Promise<GroupTargets | undefined> => {
      const targets = await readStandings(elb, group.arn);
      if (targets === undefined) return undefined;
      return { ...group, ...(await readDelays(elb, group.arn)), targets };
    }),
  );
  const read = targetGroups.filter((group) => group !== undefined);
  return {
    targetGroups: read,
    classic,
    missing: [...arns.filter((arn) => !read.some((group) => group.arn === arn)), ...missing],
    unreadable: others,
  };
};

/** Who is healthy where, by one call for each source; settings and load balancers are as they were `before`. */
export const readTrafficAgain = async (
  clients: Pick<TrafficClients, "elb" | "classicElb">,
  before: GroupTraffic,
): Promise<GroupTraffic> => {
  const found = await Promise.all(
    before.targetGroups.map(async (group) => ({
      group,
      targets: await readStandings(clients.elb, group.arn),
    })),
  );
  const { classic, missing } = await readClassic(
    clients,
    before.classic.map(({ name }) => name),
  );
  return {
    targetGroups: found.flatMap(({ group, targets }) =>
      targets === undefined ? [] : [{ ...group, targets }],
    ),
    classic,
    missing: [
      ...before.missing,
      ...found.flatMap(({ group, targets }) => (targets === undefined ? [group.arn] : [])),
      ...missing,
    ],
    unreadable: before.unreadable,
  };
};
