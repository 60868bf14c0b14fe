/**
 * Do requests still come to a drained node? A load balancer sends those of other nodes' pods through any node of the cluster. Our label has its controllers deregister it, and
 * what had begun may end until the deregistration delay is over.
 */
import type { TargetGroupStanding } from "../../model/target-group.ts";
import { listed } from "../switch/objection.ts";

export interface NodeTarget {
  /** Of the target group; `classic load balancer <name>` for one of those. */
  readonly arn: string;
  readonly standing: TargetGroupStanding;
}

/** Controllers follow a changed label within seconds, the cloud provider's at its next round. Source: cloud-provider, nodeSyncPeriod: 100 s. */
const noticedWithinMs = 2 * 60_000;

/** Undefined: the instance may end. @param labelledAt ISO 8601, when the node was cordoned */
export const whyTrafficStays = (
  targets: readonly NodeTarget[],
  { labelledAt, now }: { readonly labelledAt: string; readonly now: string },
): string | undefined => {
  const leaving = targets.filter(({ standing }) => standing === "leaving");
  if (leaving.length > 0) {
    return `Requests that had begun may still end: the node is being deregistered from ${listed(leaving.map(({ arn }) => arn))}.`;
  }
  const registered = targets.filter(({ standing }) => standing !== "absent");
  const isEarly = Date.parse(now) - Date.parse(labelledAt) < noticedWithinMs;
  return registered.length > 0 && isEarly
    ? `Load balancers may not have noticed yet that the node goes: it is registered in ${listed(registered.map(({ arn }) => arn))}.`
    : undefined;
};
