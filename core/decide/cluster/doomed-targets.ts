/**
 * Says which members that EC2 takes leave the target groups of Network Load Balancers ahead of their end: such a balancer opens new connections to a target for
 * up to two minutes after it was deregistered (aws/containers-roadmap, issue 470), as long as the whole notice. Of an Application Load Balancer it is
 * soon enough when the member leaves through its group.
 */
import type { GroupTargets } from "../../model/group-traffic.ts";
import type { InstanceId } from "../../model/ids.ts";
import { isMember } from "../../model/target-group.ts";

export interface Doomed {
  readonly instanceId: InstanceId;
  /** ISO 8601 */
  readonly announcedAt: string;
}

export interface LeavingTarget {
  readonly arn: string;
  readonly port: number;
  readonly instanceId: InstanceId;
}

/** The last that is healthy stays until the 100th second. AWS's times are whole ones: the notice may be nearly a second younger. */
const lastLeavesMs = 101_000;

/** ELB user guide: the ARN of a Network Load Balancer is `…:loadbalancer/net/<name>/<id>`. */
const isNetwork = ({ arn }: GroupTargets["loadBalancers"][number]): boolean =>
  arn.includes(":loadbalancer/net/");

/**
 * Where a target that is not doomed gets traffic, all of the doomed at once; else each from its own 100th second on.
 * @param now ISO 8601
 */
export const leavingTargets = (
  groups: readonly GroupTargets[],
  doomed: readonly Doomed[],
  now: string,
): readonly LeavingTarget[] =>
  groups
    .filter(({ loadBalancers }) => loadBalancers.some(isNetwork))
    .flatMap(({ arn, targets }) => {
      const isDoomed = (instanceId: string): boolean =>
        doomed.some((one) => one.instanceId === instanceId);
      const isServed = targets.some(
        ({ instanceId, standing, override }) =>
          standing === "ready" && override === undefined && !isDoomed(instanceId),
      );
      return doomed
        .filter(
          ({ announcedAt }) =>
            isServed || Date.parse(now) - Date.parse(announcedAt) >= lastLeavesMs,
        )
        .flatMap(({ instanceId }) =>
          targets
            .filter((target) => target.instanceId === instanceId && isMember(target.standing))
            .map(({ port }) => ({ arn, port, instanceId })),
        );
    });
