/**
 * Says whether an instance may be ended as far as its target groups go. A deregistered target keeps the connections that it
 * has until it has drained; until then it is `draining`, and then it is gone. Ending it before cuts them: "If a
 * deregistering target terminates the connection before the deregistration delay elapses, the client receives a 500-level
 * error response." (ELB user guide, Edit target group attributes, Deregistration delay.)
 */
import type { TargetGroupStanding } from "../../model/target-group.ts";

/**
 * For how long it is waited. The attribute `deregistration_delay.timeout_seconds` is 300 unless set, and 3600 at most; ten
 * minutes are to spare. It is not read: the owner may change it meanwhile, and a target without open connections is gone
 * at once ("Elastic Load Balancing immediately completes the deregistration process"), so that only looking tells.
 */
export const drainDeadlineMinutes = 3600 / 60 + 10;

export type DrainJudgement =
  | { readonly kind: "GONE" }
  | { readonly kind: "DRAINING"; readonly sentence: string }
  /** It gets new connections, or will: somebody registered it. */
  | { readonly kind: "REGISTERED"; readonly sentence: string };

/** Of an instance that has left these groups, as far as we know. What is not shown in a group is `absent`. */
export const judgeDrain = (
  instanceId: string,
  standings: readonly { readonly arn: string; readonly standing: TargetGroupStanding }[],
): DrainJudgement => {
  const left = standings.filter(({ standing }) => standing !== "absent");
  const member = left.find(({ standing }) => standing !== "leaving");
  if (member !== undefined) {
    const sentence = `Somebody registered ${instanceId} in ${member.arn} again.`;
    return { kind: "REGISTERED", sentence };
  }
  const [draining] = left;
  if (draining === undefined) return { kind: "GONE" };
  const sentence = `${instanceId} still drains in ${draining.arn}: connections may be open.`;
  return { kind: "DRAINING", sentence };
};
