/**
 * Target groups (ALB, NLB, GWLB): which hold an instance by its id, registration, and target health. Longer than others: one outside system, one file.
 */
import {
  TargetAdministrativeOverrideStateEnum,
  DeregisterTargetsCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  RegisterTargetsCommand,
  TargetHealthReasonEnum,
  TargetHealthStateEnum,
  type ElasticLoadBalancingV2Client,
  type TargetGroup,
  type TargetHealth,
  type TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { isEnrolled } from "../../core/model/tags.ts";
import { isMember, type TargetGroupStanding } from "../../core/model/target-group.ts";
import { acted, type Acted } from "./acted.ts";
import { orAbsent } from "./or-absent.ts";
import { readAllPages } from "./paging.ts";
import { required } from "./required.ts";
import { callAws } from "./translate-error.ts";
import { withoutUndefined } from "./without-undefined.ts";

export interface TargetRegistration {
  readonly arn: string;
  readonly instanceId: string;
  readonly port: number;
}

/** The API's largest page. */
const largestPage = 400;

/** Groups asked at a time: the customer's own tooling shares the request limits. */
const groupsAtATime = 5;

const readTargetGroups = (elb: ElasticLoadBalancingV2Client): Promise<TargetGroup[]> =>
  readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeTargetGroups" }, () =>
        elb.send(new DescribeTargetGroupsCommand({ PageSize: largestPage, Marker: token })),
      ),
    items: (page) => page.TargetGroups,
    next: (page) => page.NextMarker,
  });

/** All targets, in one answer without pages. Undefined when the group does not exist (any longer). */
const readTargets = (
  elb: ElasticLoadBalancingV2Client,
  arn: string,
): Promise<readonly TargetHealthDescription[] | undefined> =>
  orAbsent(async () => {
    const answer = await callAws({ action: "DescribeTargetHealth", resource: arn }, () =>
      elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn })),
    );
    return answer.TargetHealthDescriptions ?? [];
  });

/** ELB API reference, DescribeTags: at most 20 resources in a call. */
const mostWithTags = 20;

/** Those of the target groups whose tags are so. */
const readTagged = async (
  elb: ElasticLoadBalancingV2Client,
  arns: readonly string[],
  areSo: (tags: Readonly<Record<string, string>>) => boolean,
): Promise<readonly string[]> => {
  const found: string[] = [];
  for (let first = 0; first < arns.length; first += mostWithTags) {
    const some = arns.slice(first, first + mostWithTags);
    const answer = await callAws({ action: "DescribeTags", resource: some.join(" ") }, () =>
      elb.send(new DescribeTagsCommand({ ResourceArns: some })),
    );
    for (const { ResourceArn: arn = "", Tags: tags = [] } of answer.TagDescriptions ?? []) {
      const record = Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
      if (areSo(record)) found.push(arn);
    }
  }
  return found;
};

/** Those of the target groups that lack the owner's tag of enrolment. */
export const readUnenrolledGroups = (
  elb: ElasticLoadBalancingV2Client,
  arns: readonly string[],
): Promise<readonly string[]> => readTagged(elb, arns, (tags) => !isEnrolled(tags));

/** Of type `instance`: an instance is in them by its id. */
const readInstanceGroups = async (
  elb: ElasticLoadBalancingV2Client,
): Promise<readonly string[]> => {
  const groups = await readTargetGroups(elb);
  return groups
    .filter(({ TargetType }) => TargetType === "instance")
    .map(({ TargetGroupArn }) => required(TargetGroupArn, "the ARN of a target group"))
    .sort();
};

/**
 * Target groups that controllers have made for Services and Ingresses of a cluster, in which nodes stand by their instance ids. Sources: AWS Load Balancer
 * Controller, resource tags; Kubernetes' cloud provider for AWS, cluster tag.
 */
export const readClusterTargetGroups = async (
  elb: ElasticLoadBalancingV2Client,
  clusterName: string,
): Promise<readonly string[]> =>
  readTagged(
    elb,
    await readInstanceGroups(elb),
    (tags) =>
      tags["elbv2.k8s.aws/cluster"] === clusterName ||
      `kubernetes.io/cluster/${clusterName}` in tags,
  );

export interface TargetHealthReading {
  /**
   * `initial`, `healthy`, `unhealthy`, `unused` (not registered, or nothing is routed to it), `draining`,
   * `unhealthy.draining`, `unavailable` (health checks are off), or `unknown` when nothing was said.
   */
  readonly state: string;
  /** `Elb.RegistrationInProgress`, `Target.FailedHealthChecks`, `Target.NotRegistered` … */
  readonly reason?: string;
  readonly description?: string;
}

const toReading = (health: TargetHealth | undefined): TargetHealthReading =>
  withoutUndefined({
    state: health?.State ?? "unknown",
    reason: health?.Reason,
    description: health?.Description,
  });

/** A state or a reason that we do not know is never taken for readiness, nor for having left. */
export const standingOf = ({ state, reason }: TargetHealthReading): TargetGroupStanding => {
  if (reason === TargetHealthReasonEnum.NOT_REGISTERED) return "absent";
  switch (state) {
    case TargetHealthStateEnum.DRAINING:
    case TargetHealthStateEnum.UNHEALTHY_DRAINING:
      return "leaving";
    case TargetHealthStateEnum.HEALTHY:
      return "ready";
    case TargetHealthStateEnum.UNUSED:
      // The other reasons say that the instance is stopped, or that its address can't be used: it serves nobody.
      return reason === TargetHealthReasonEnum.NOT_IN_USE ? "unrouted" : "joining";
    default:
      return "joining";
  }
};

const portsOf = (
  targets: readonly TargetHealthDescription[],
  instanceId: string,
): readonly number[] =>
  targets
    .filter(
      ({ Target, TargetHealth }) =>
        Target?.Id === instanceId && isMember(standingOf(toReading(TargetHealth))),
    )
    .map(({ Target }) => required(Target?.Port, `the port of ${instanceId} in a target group`));

/**
 * All target groups of the region that hold the instance by its id, with each port, sorted by ARN. There is no
 * look-up by instance, so each group of type `instance` is asked. Draining registrations are left out; groups
 * that hold the instance's *address* (type `ip`) are not seen here.
 */
export const readTargetGroupsOf = async (
  elb: ElasticLoadBalancingV2Client,
  instanceId: string,
): Promise<{ readonly arn: string; readonly port: number }[]> => {
  const arns = await readInstanceGroups(elb);
  const found: { arn: string; port: number }[] = [];
  for (let first = 0; first < arns.length; first += groupsAtATime) {
    const some = arns.slice(first, first + groupsAtATime);
    const targets = await Promise.all(some.map((arn) => readTargets(elb, arn)));
    some.forEach((arn, index) => {
      for (const port of portsOf(targets[index] ?? [], instanceId)) found.push({ arn, port });
    });
  }
  return found;
};

/** Several in one call; all or none. Idempotent: registering a registered target changes nothing. */
export const registerTargets = async (
  elb: ElasticLoadBalancingV2Client,
  {
    arn,
    port,
    instanceIds,
  }: Pick<TargetRegistration, "arn" | "port"> & { readonly instanceIds: readonly string[] },
): Promise<Acted> => {
  const about = { action: "RegisterTargets", resource: `${instanceIds.join(" ")} in ${arn}` };
  return acted(
    await callAws(about, () =>
      elb.send(
        new RegisterTargetsCommand({
          TargetGroupArn: arn,
          Targets: instanceIds.map((Id) => ({ Id, Port: port })),
        }),
      ),
    ),
  );
};

/** Idempotent, as `registerTargets`. */
export const registerTarget = (
  elb: ElasticLoadBalancingV2Client,
  { arn, port, instanceId }: TargetRegistration,
): Promise<Acted> => registerTargets(elb, { arn, port, instanceIds: [instanceId] });

/** Idempotent: the API answers with success for a target that is not registered. Draining follows. */
export const deregisterTarget = async (
  elb: ElasticLoadBalancingV2Client,
  target: TargetRegistration,
): Promise<Acted> => {
  const about = { action: "DeregisterTargets", resource: `${target.instanceId} in ${target.arn}` };
  return acted(
    await callAws(about, () =>
      elb.send(
        new DeregisterTargetsCommand({
          TargetGroupArn: target.arn,
          Targets: [{ Id: target.instanceId, Port: target.port }],
        }),
      ),
    ),
  );
};

/** Health of one target in one group. An error is thrown, never read as a state. */
export const readTargetHealth = async (
  elb: ElasticLoadBalancingV2Client,
  target: TargetRegistration,
): Promise<TargetHealthReading> => {
  const about = { action: "DescribeTargetHealth", resource: target.arn };
  const answer = await callAws(about, () =>
    elb.send(
      new DescribeTargetHealthCommand({
        TargetGroupArn: target.arn,
        Targets: [{ Id: target.instanceId, Port: target.port }],
      }),
    ),
  );
  const found = answer.TargetHealthDescriptions?.find(
    ({ Target }) => Target?.Id === target.instanceId && Target.Port === target.port,
  );
  return toReading(found?.TargetHealth);
};

/** Where one target stands in one group. An error is thrown, never read as a standing. */
export const standingIn = async (
  elb: ElasticLoadBalancingV2Client,
  target: TargetRegistration,
): Promise<TargetGroupStanding> => standingOf(await readTargetHealth(elb, target));

export interface TargetStanding {
  readonly instanceId: string;
  readonly port: number;
  readonly standing: TargetGroupStanding;
  /** The load balancer says that it fails its checks; a new target does not yet. */
  readonly isFailing: boolean;
  /** What stands beside its health and keeps traffic from it: `zonal_shift_active` … Absent: nothing. */
  readonly override?: string;
}

const overrideOf = ({ AdministrativeOverride: override }: TargetHealthDescription) =>
  override?.State === TargetAdministrativeOverrideStateEnum.NO_OVERRIDE
    ? undefined
    : override?.State;

/** Where each target of one group stands, by one call. Undefined when the group does not exist (any longer). */
export const readStandings = async (
  elb: ElasticLoadBalancingV2Client,
  arn: string,
): Promise<readonly TargetStanding[] | undefined> =>
  (await readTargets(elb, arn))?.map((target) =>
    withoutUndefined({
      instanceId: required(target.Target?.Id, `a target in ${arn}`),
      port: required(target.Target?.Port, `the port of a target in ${arn}`),
      standing: standingOf(toReading(target.TargetHealth)),
      isFailing: target.TargetHealth?.State === TargetHealthStateEnum.UNHEALTHY,
      override: overrideOf(target),
    }),
  );

/** Whether it is the only member of a target group that holds it by its id: without it nobody serves there. */
export const isLastInTargetGroup = async (
  elb: ElasticLoadBalancingV2Client,
  instanceId: string,
): Promise<boolean> => {
  for (const { arn } of await readTargetGroupsOf(elb, instanceId)) {
    const standings = (await readStandings(elb, arn)) ?? [];
    const others = standings.filter((each) => each.instanceId !== instanceId);
    if (!others.some(({ standing }) => isMember(standing))) return true;
  }
  return false;
};
