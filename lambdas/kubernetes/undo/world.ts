/** Reads what an undo of a node's replacement looks at: the groups, the cluster, and what the intents have launched. */
import { readActivities } from "../../../adapters/aws/autoscaling/group.ts";
import {
  findHoldings,
  findLaunched,
  readHoldings,
} from "../../../adapters/aws/ec2/instance-holdings.ts";
import { readSpotStatuses } from "../../../adapters/aws/ec2/health.ts";
import { listNodes } from "../../../adapters/kubernetes/nodes.ts";
import { readViewForDrain } from "../../../adapters/kubernetes/view.ts";
import { groupsUnanswered } from "../../../core/decide/kubernetes/undo/unanswered.ts";
import type { FoundNode, KubernetesUndoWorld } from "../../../core/decide/kubernetes/undo/world.ts";
import { isRestfulRequest } from "../../../core/decide/switch/health.ts";
import { launchesIn, launchOf } from "../../../core/decide/switch/launches.ts";
import { isOpenIntent } from "../../../core/decide/switch/outcome.ts";
import type { GroupActivity } from "../../../core/model/group.ts";
import { changesOf, type Intent } from "../../../core/model/intent.ts";
import { evaluationTag } from "../../../core/model/tags.ts";
import type { PartReaders } from "../../evaluation/undo-view.ts";
import { readJudged } from "../facts.ts";
import { connect, type KubernetesSession } from "../session.ts";
import { readGroupNow } from "./group-now.ts";

/** Those with which an undo looks and acts. */
export const undoClients = ["autoScaling", "ec2", "eks", "kubernetes"] as const;
export type UndoSession = KubernetesSession<(typeof undoClients)[number]>;

/** By tag, by client token and by id: EC2 may show an instance before its tags, or by one way of asking alone. */
const findReplacements = async (
  session: UndoSession,
  intents: readonly Intent[],
): Promise<readonly FoundNode[]> => {
  const open = intents.filter(isOpenIntent);
  const launches = launchesIn(open);
  const grown = changesOf(open, "SCALE_OUT").flatMap(({ instanceId }) => instanceId ?? []);
  if (launches.length === 0 && grown.length === 0) return [];
  const { ec2 } = await session.customer();
  const tag = { key: evaluationTag, value: session.evaluation.evaluationId };
  const tokens = launches.map(({ change }) => change.clientToken);
  const ids = launches.flatMap(({ change }) => change.instanceId ?? []);
  const byLaunch =
    launches.length === 0
      ? []
      : [...(await findHoldings(ec2, tag)), ...(await findLaunched(ec2, tokens))];
  const byId = await readHoldings(ec2, [...ids, ...grown]);
  const own = [...byLaunch, ...byId].filter(
    (each) => launchOf(open, each) !== undefined || grown.includes(each.instanceId),
  );
  const found = [...new Map(own.map((each) => [each.instanceId, each])).values()];
  const foundIds = found.map(({ instanceId }) => instanceId);
  const codes = new Map(await readSpotStatuses(ec2, foundIds));
  return found.map((each) => {
    const code = codes.get(each.instanceId);
    return { ...each, isInterrupted: code !== undefined && !isRestfulRequest(code) };
  });
};

const readOfUnanswered = async (
  session: UndoSession,
  intents: readonly Intent[],
): Promise<readonly GroupActivity[]> => {
  const { autoScaling } = await session.customer();
  const groups = groupsUnanswered(intents);
  return (await Promise.all(groups.map((name) => readActivities(autoScaling, name)))).flat();
};

export const kubernetesReaders = (session: UndoSession): PartReaders<KubernetesUndoWorld> => ({
  group: async () => readGroupNow(session, (await readJudged(session)).group),
  spotGroup: async () => readGroupNow(session, (await readJudged(session)).spotGroup),
  replacements: (intents) => findReplacements(session, intents),
  nodes: async () => listNodes((await connect(session)).client),
  view: async () => {
    const { client } = await connect(session);
    return readViewForDrain(client);
  },
  activities: (intents) => readOfUnanswered(session, intents),
});
