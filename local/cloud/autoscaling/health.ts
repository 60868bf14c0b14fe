/**
 * Which members are unhealthy. Source: user guide, "Health checks for instances in an Auto Scaling group", "Set the health check grace
 * period".
 */
import { inServiceIn, isSuspended, targetGroupsOf, type AutoScalingContext } from "./context.ts";
import type { Group, Member } from "./state.ts";

const dead: ReadonlySet<string> = new Set(["stopping", "stopped", "shutting-down", "terminated"]);

interface Finding {
  /** As activities word it: "in response to …". */
  readonly because: string;
  /** "…the instance is not in the running state": at once, whatever the grace period. */
  readonly isImmediate: boolean;
}

/** ELB counts where the group asks for it; several types are separated by commas. */
const asksBalancers = ({ definition }: Group): boolean =>
  (definition.HealthCheckType ?? "EC2").split(",").some((type) => type.trim() === "ELB");

const findingOf = (
  context: AutoScalingContext,
  group: Group,
  { instanceId }: Member,
): Finding | undefined => {
  const instance = context.fleet.find(group, instanceId);
  if (instance === undefined || dead.has(instance.state)) {
    const because = "an EC2 health check indicating it has been terminated or stopped";
    return { because, isImmediate: true };
  }
  if (instance.isImpaired) {
    return { because: "an EC2 instance status check failure", isImmediate: false };
  }
  const isUnhealthy = targetGroupsOf(group).some(
    (arn) => context.targets.stateOf(arn, instanceId) === "unhealthy",
  );
  if (!asksBalancers(group) || !isUnhealthy) return undefined;
  return { because: "an ELB system health check failure", isImmediate: false };
};

/** "The default value is 0 seconds" by the API. It runs from InService on, for attached instances too. */
export const graceEndsAt = ({ definition }: Group, { inServiceAt = 0 }: Member): number =>
  inServiceAt + (definition.HealthCheckGracePeriod ?? 0) * 1000;

/** Traffic is shifted away from its zone, and the group ignores what is unhealthy there. */
const isExcused = ({ definition, shiftedZone }: Group, { zoneName }: Member): boolean =>
  shiftedZone === zoneName &&
  definition.AvailabilityZoneImpairmentPolicy?.ImpairedZoneHealthCheckBehavior ===
    "IgnoreUnhealthy";

/** "Health checks … once marked unhealthy, it is almost never able to be healthy again": replacing it is another process. */
export const markUnhealthy = (
  context: AutoScalingContext,
  group: Group,
  marked: { readonly member: Member; readonly because: string },
): void => {
  const { member, because } = marked;
  member.health = "Unhealthy";
  member.unhealthyBecause = `an instance was taken out of service in response to ${because}`;
  context.changed(group, { kind: "MEMBERS" });
};

/** What is still in its grace period is looked at when that is over. */
export const checkHealth = (context: AutoScalingContext, group: Group): void => {
  if (isSuspended(group, "HealthCheck")) return;
  for (const member of inServiceIn(group)) {
    if (member.health === "Unhealthy" || isExcused(group, member)) continue;
    const finding = findingOf(context, group, member);
    if (finding === undefined) continue;
    const waitMs = graceEndsAt(group, member) - context.clock.now();
    if (!finding.isImmediate && waitMs > 0) context.wake(group, waitMs);
    else markUnhealthy(context, group, { member, because: finding.because });
  }
};
