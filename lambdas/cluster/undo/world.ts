/** Reads what an undo of a group looks at: the group, its traffic, and what the intents have launched. */
import { describeGroup } from "../../../adapters/aws/autoscaling/describe.ts";
import { tagsOfGroup } from "../../../adapters/aws/autoscaling/group-settings.ts";
import { readActivities } from "../../../adapters/aws/autoscaling/group.ts";
import { readLiveParts, shownGroup } from "../../../adapters/aws/autoscaling/live-group.ts";
import { readTrafficAgain } from "../../../adapters/aws/group-traffic.ts";
import {
  findHoldings,
  findLaunched,
  readHoldings,
} from "../../../adapters/aws/ec2/instance-holdings.ts";
import { intentsOfOpenPairs, openPairs } from "../../../core/decide/cluster/undo/pairs.ts";
import type {
  KeptOriginal,
  FoundReplacement,
  UndoGroup,
  UndoWorld,
} from "../../../core/decide/cluster/undo/world.ts";
import { launchesIn, launchOf } from "../../../core/decide/switch/launches.ts";
import { isOpenIntent } from "../../../core/decide/switch/outcome.ts";
import type { LiveGroup } from "../../../core/model/group.ts";
import type { GroupTraffic } from "../../../core/model/group-traffic.ts";
import { changesOf, type Intent } from "../../../core/model/intent.ts";
import { claimTag, evaluationTag } from "../../../core/model/tags.ts";
import type { PartReaders } from "../../evaluation/undo-view.ts";
import { readJudgedGroup } from "../group.ts";
import type { DueLiveSession, LiveClients, LiveSession } from "../session.ts";

/** Of those that were judged, the target groups that the group does not name any longer, and that are there still. */
const readFormer = async (
  clients: Pick<LiveClients, "classicElb" | "elb">,
  before: Pick<LiveGroup, "traffic">,
  { traffic: { targetGroups: named, missing } }: Pick<LiveGroup, "traffic">,
): Promise<GroupTraffic["targetGroups"]> => {
  const known = new Set([...named.map(({ arn }) => arn), ...missing]);
  const targetGroups = before.traffic.targetGroups.filter(({ arn }) => !known.has(arn));
  if (targetGroups.length === 0) return [];
  const none = { classic: [], missing: [], unreadable: [] };
  return (await readTrafficAgain(clients, { targetGroups, ...none })).targetGroups;
};

/**
 * Where no pair is open the settings alone are restored, and the group itself shows all that speaks for or against that: of its members EC2 is not
 * asked, nor who is healthy where.
 */
export const readUndoGroup = async (
  session: DueLiveSession,
  intents: readonly Intent[],
): Promise<UndoGroup | undefined> => {
  const clients = await session.customer();
  const before = await readJudgedGroup(session);
  const { asgName, zones, settings } = before;
  const shown = await describeGroup(clients.autoScaling, asgName);
  if (shown === undefined) return undefined;
  const hasOpen = openPairs(intents).length > 0;
  const live = hasOpen ? await readLiveParts(clients, shown, before) : shownGroup(shown, before);
  const formerTargetGroups = hasOpen ? await readFormer(clients, before, live) : [];
  const claim = tagsOfGroup(shown).tags[claimTag];
  return {
    ...live,
    asgName,
    zones,
    settings,
    ...(claim === undefined ? {} : { claim }),
    ...(formerTargetGroups.length === 0 ? {} : { formerTargetGroups }),
  };
};

/** By tag, by client token and by id: EC2 may show an instance before its tags, or by one way of asking alone. */
const findReplacements = async (
  session: LiveSession,
  intents: readonly Intent[],
): Promise<readonly FoundReplacement[]> => {
  const launches = launchesIn(intentsOfOpenPairs(intents));
  if (launches.length === 0) return [];
  const { ec2 } = await session.customer();
  const tag = { key: evaluationTag, value: session.evaluation.evaluationId };
  const found = [
    ...(await findHoldings(ec2, tag)),
    ...(await findLaunched(
      ec2,
      launches.map(({ change }) => change.clientToken),
    )),
    ...(await readHoldings(
      ec2,
      launches.flatMap(({ change }) => change.instanceId ?? []),
    )),
  ];
  const own = new Map(
    found
      .filter((each) => launchOf(intents, each) !== undefined)
      .map((each) => [each.instanceId, each]),
  );
  return [...own.values()];
};

/** Those that the open intents have marked. */
const findKept = async (
  session: LiveSession,
  intents: readonly Intent[],
): Promise<readonly KeptOriginal[]> => {
  const marked = changesOf(intents.filter(isOpenIntent), "RETIRE_ORIGINAL");
  if (marked.length === 0) return [];
  const { ec2 } = await session.customer();
  const found = await readHoldings(
    ec2,
    marked.map(({ instanceId }) => instanceId),
  );
  return found.map(({ instanceId, state }) => ({ instanceId, state }));
};

export const clusterReaders = (session: LiveSession): PartReaders<UndoWorld> => ({
  group: (intents) => readUndoGroup(session, intents),
  replacements: (intents) => findReplacements(session, intents),
  kept: (intents) => findKept(session, intents),
  activities: async () => {
    const { autoScaling } = await session.customer();
    return readActivities(autoScaling, session.evaluation.subject.asgName);
  },
});
