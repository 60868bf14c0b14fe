/** Reads where the original and what we launched stand in the target groups that the intents name. */
import { readStandings, type TargetStanding } from "../../../adapters/aws/elb.ts";
import { withLoadBalancers } from "../../../adapters/aws/load-balancers.ts";
import type { FoundTargetGroup } from "../../../core/decide/linear/roll-back/world.ts";
import { changesOf, type Intent } from "../../../core/model/intent.ts";
import { isMember, thoseThatServe } from "../../../core/model/target-group.ts";
import type { LinearSession, LinearClients } from "../session.ts";

interface Place {
  readonly arn: string;
  readonly port: number;
}

/**
 * Those that fail the load balancer's checks, and those to which one that uses the group sends nothing, because it does
 * not serve their zone. An original without traffic is not among them: it is not ready, which is enough.
 */
const failingIn = async (
  clients: LinearClients,
  place: Place,
  found: readonly TargetStanding[],
): Promise<readonly string[]> => {
  const failing = found.filter(({ isFailing }) => isFailing);
  const unrouted = found.filter(({ standing }) => standing === "unrouted");
  const [group] = unrouted.length === 0 ? [] : await withLoadBalancers(clients, [place]);
  const isUsed = group !== undefined && group.loadBalancers.length > 0;
  return [...failing, ...(isUsed ? unrouted : [])].map(({ instanceId }) => instanceId);
};

/** Members that are neither the original nor launched by us say nothing of the return. */
export const readTargetGroups = async (
  clients: LinearClients,
  { evaluation }: LinearSession<"ec2" | "elb">,
  intents: readonly Intent[],
): Promise<readonly FoundTargetGroup[]> => {
  const moves = changesOf(intents, "MOVE_TARGET_GROUP");
  const ours = new Set([
    evaluation.subject.instanceId,
    ...moves.map(({ toInstanceId }) => toInstanceId),
    ...changesOf(intents, "LAUNCH_INSTANCE").map(({ instanceId }) => instanceId),
  ]);
  const groups: FoundTargetGroup[] = [];
  for (const arn of new Set(moves.map(({ targetGroupArn }) => targetGroupArn))) {
    const standings = await readStandings(clients.elb, arn);
    if (standings === undefined) continue;
    for (const { port } of moves.filter(({ targetGroupArn }) => targetGroupArn === arn)) {
      const found = standings.filter((each) => each.port === port && ours.has(each.instanceId));
      const members = new Map(
        found
          .filter(({ standing }) => isMember(standing))
          .map(({ instanceId, standing }) => [instanceId, standing]),
      );
      groups.push({
        arn,
        port,
        instanceIds: [...members.keys()],
        readyInstanceIds: thoseThatServe(members),
        drainingInstanceIds: found
          .filter(({ standing }) => standing === "leaving")
          .map(({ instanceId }) => instanceId),
        failingInstanceIds: await failingIn(clients, { arn, port }, found),
      });
    }
  }
  return groups;
};
