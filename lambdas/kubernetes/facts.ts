/** What the gate has found out, and the same as it is now: read again before anything rests on it. */
import { readGroupSince } from "../../adapters/aws/autoscaling/group-since.ts";
import { readNodeGroup } from "../../adapters/aws/eks.ts";
import { readClusterView } from "../../adapters/kubernetes/view.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { FactsOn } from "../../core/model/evaluation.ts";
import type { GroupFacts } from "../../core/model/group.ts";
import type { ManagedNodeGroupFacts } from "../../core/model/kubernetes/cluster.ts";
import { nameOf } from "../../core/model/subject.ts";
import { absent, readSubjectFacts } from "../evaluation/facts.ts";
import type { DueSession } from "../evaluation/session.ts";
import { connect, type KubernetesSession } from "./session.ts";

/** Those with which all of a node group is looked at again, and its cluster. */
export const factsClients = [
  "autoScaling",
  "classicElb",
  "cloudFormation",
  "cloudWatch",
  "ec2",
  "eks",
  "elb",
  "kubernetes",
] as const;
export type FactsSession = KubernetesSession<(typeof factsClients)[number]>;

export type KubernetesJudged = FactsOn<"KUBERNETES">;

export const readJudged = (session: DueSession<"KUBERNETES">): Promise<KubernetesJudged> =>
  readSubjectFacts<"KUBERNETES">(session);

/** The Auto Scaling group behind the node group, as the gate found it. Throws BrokenFacts without one. */
export const readJudgedGroup = async (session: DueSession<"KUBERNETES">): Promise<GroupFacts> => {
  const { group } = await readJudged(session);
  if (group === undefined) throw absent(session, "group");
  return group;
};

/** That in which the replacements stand: the Spot node group's of a managed one, else the same. */
export const readSpotGroup = async (session: DueSession<"KUBERNETES">): Promise<GroupFacts> => {
  const { nodeGroup, spotGroup } = await readJudged(session);
  if (nodeGroup === undefined) return readJudgedGroup(session);
  if (spotGroup === undefined) throw absent(session, "Spot node group");
  return spotGroup;
};

const gone = ({ evaluation }: KubernetesSession, what: string): SpotOptimizerError =>
  new SpotOptimizerError(
    "StaleOriginal",
    `${what} no longer exists: somebody deleted it meanwhile.`,
    {
      resource: nameOf(evaluation.subject),
      nextStep: "Nothing: what was launched for it is ended. Delete the target.",
    },
  );

const groupNow = async (
  session: FactsSession,
  before: GroupFacts | undefined,
): Promise<GroupFacts | undefined> => {
  if (before === undefined) return undefined;
  const now = await readGroupSince(await session.customer(), before);
  if (now === undefined) throw gone(session, `Group ${before.asgName}`);
  return now;
};

const nodeGroupNow = async (
  session: FactsSession,
  before: ManagedNodeGroupFacts | undefined,
): Promise<ManagedNodeGroupFacts | undefined> => {
  if (before === undefined) return undefined;
  const { eks } = await session.customer();
  const { clusterName } = session.evaluation.subject;
  const now = await readNodeGroup(eks, { clusterName, nodeGroup: before.name });
  if (now === undefined) throw gone(session, `Node group ${before.name} of ${clusterName}`);
  return now;
};

/** All that may have changed since it was judged. Evictions are not tried again. Throws StaleOriginal where a group is gone. */
export const readFactsAnew = async (session: FactsSession): Promise<KubernetesJudged> => {
  const { trials: _old, ...before } = await readJudged(session);
  const { cluster, client } = await connect(session);
  const [nodeGroup, spotNodeGroup, group, spotGroup, view] = await Promise.all([
    nodeGroupNow(session, before.nodeGroup),
    nodeGroupNow(session, before.spotNodeGroup),
    groupNow(session, before.group),
    groupNow(session, before.spotGroup),
    readClusterView(client),
  ]);
  return {
    ...before,
    observedAt: session.now.toISOString(),
    cluster,
    view,
    ...(nodeGroup === undefined ? {} : { nodeGroup }),
    ...(spotNodeGroup === undefined ? {} : { spotNodeGroup }),
    ...(group === undefined ? {} : { group }),
    ...(spotGroup === undefined ? {} : { spotGroup }),
  };
};
