/** Asks the load balancers of the original whether they still send traffic to the replacement. */
import { readStandings } from "../../../adapters/aws/elb.ts";
import { targetGroupsOf } from "../../../core/decide/linear/travelling-parts.ts";
import { readOriginal } from "../facts.ts";
import { replacementId, type LinearSession } from "../session.ts";
import { nextForTargetGroup } from "./pointers.ts";

/**
 * A sentence while the replacement is not healthy in each of the groups that are still there: an application that has served may
 * fail while the original drains. Throws StaleOriginal when a load balancer no longer serves its zone.
 */
export const whereItHasNoTraffic = async (
  session: LinearSession<"ec2" | "elb">,
): Promise<string | undefined> => {
  const { elb } = await session.customer();
  const original = await readOriginal(session);
  const toInstanceId = replacementId(session);
  for (const { arn, port } of targetGroupsOf(original)) {
    const standings = await readStandings(elb, arn);
    const own = standings?.find(
      (found) => found.instanceId === toInstanceId && found.port === port,
    );
    if (standings === undefined || own?.standing === "ready") continue;
    if (own === undefined) return `${toInstanceId} is no longer registered in ${arn}.`;
    const next = await nextForTargetGroup(session, {
      kind: "MOVE_TARGET_GROUP",
      targetGroupArn: arn,
      port,
      fromInstanceId: original.instanceId,
      toInstanceId,
    });
    if (next.kind === "WAIT") return next.sentence;
  }
  return undefined;
};
