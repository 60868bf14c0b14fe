/** Reads where the original and what we launched stand in target groups. */
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

/**
 * Those that were to move; and for a stateless load, once anything was to move, all that held the original right before it was given
 * up: whether it still answers there decides when it may have the rest back.
 */
const placesOf = (
  { policy, progress }: LinearSession<never>["evaluation"],
  intents: readonly Intent[],
): readonly Place[] => {
  const moved = changesOf(intents, "MOVE_TARGET_GROUP").map(({ targetGroupArn: arn, port }) => ({
    arn,
    port,
  }));
  const isWeighed =
    policy.consistency === "stateless" &&
    intents.some(({ change }) => change.kind.startsWith("MOVE_"));
  const held = isWeighed ? (progress.trafficBeforeFreeze?.targetGroups ?? []) : [];
  const isMoved = (place: Place): boolean =>
    moved.some(({ arn, port }) => arn === place.arn && port === place.port);
  return [...moved, ...held.filter((place) => !isMoved(place))];
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
    ...changesOf(intents, "TAKE_KEPT").map(({ instanceId }) => instanceId),
  ]);
  const groups: FoundTargetGroup[] = [];
  const places = placesOf(evaluation, intents);
  for (const arn of new Set(places.map((place) => place.arn))) {
    const standings = await readStandings(clients.elb, arn);
    if (standings === undefined) continue;
    for (const { port } of places.filter((place) => place.arn === arn)) {
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
