/** The replacement of a node of a managed node group: EKS launches it in the Spot node group, which grows by one. */
import { hash } from "node:crypto";
import type { Acted } from "../../../adapters/aws/acted.ts";
import { readNodeGroup, resizeNodeGroup } from "../../../adapters/aws/eks.ts";
import { unknownRequestId } from "../../../adapters/aws/translate-error.ts";
import { getIntent, updateIntent } from "../../../adapters/store/intents.ts";
import { judgeGrowth, whyNoGrowth } from "../../../core/decide/kubernetes/growth.ts";
import { paces } from "../../../core/decide/kubernetes/paces.ts";
import { absent } from "../../evaluation/facts.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { isLeavingGroup, type GroupFacts, type GroupMember } from "../../../core/model/group.ts";
import type { ChangeOf, Intent } from "../../../core/model/intent.ts";
import type { ManagedNodeGroupFacts } from "../../../core/model/kubernetes/cluster.ts";
import type { Pool } from "../../../core/model/market.ts";
import type { Swap } from "../../../core/model/swap.ts";
import { perform } from "../../evaluation/perform.ts";
import { keepInInventory } from "../../evaluation/spot-inventory.ts";
import { changeSwap } from "../../evaluation/swap-changes.ts";
import { readJudged, readSpotGroup } from "../facts.ts";
import { readGroupShown } from "../group.ts";
import { awaitOrGiveUp, givenUp, roundOf } from "../round.ts";
import type { KubernetesSession } from "../session.ts";
import type { LaunchResult } from "./result.ts";

type GrowSession = KubernetesSession<"autoScaling" | "eks">;
type ScaleOut = Intent & { readonly change: ChangeOf<"SCALE_OUT"> };

/** EKS tells its Auto Scaling group within a minute; that asks for Spot again and again while there is none. */
const launchMinutes = 15;

const growthId = ({ swapId }: Swap): string => `scale-out-${swapId}`;

const growthOf = async (
  { context, evaluation }: GrowSession,
  swap: Swap,
): Promise<ScaleOut | undefined> => {
  const found = await getIntent(context.table, evaluation.evaluationId, growthId(swap));
  return found?.change.kind === "SCALE_OUT" && found.status !== "UNDONE"
    ? { ...found, change: found.change }
    : undefined;
};

const spotNodeGroupNow = async (session: GrowSession): Promise<ManagedNodeGroupFacts> => {
  const { spotNodeGroup } = await readJudged(session);
  if (spotNodeGroup === undefined) throw absent(session, "Spot node group");
  const { eks } = await session.customer();
  const { clusterName } = session.evaluation.subject;
  const now = await readNodeGroup(eks, { clusterName, nodeGroup: spotNodeGroup.name });
  if (now !== undefined) return now;
  throw new SpotOptimizerError(
    "StaleOriginal",
    `Node group ${spotNodeGroup.name} of ${clusterName} no longer exists: somebody deleted it meanwhile.`,
    { resource: spotNodeGroup.name, nextStep: "Make it again, or name another one in the policy." },
  );
};

const waitForMember = (session: GrowSession, swap: Swap, sentence: string): LaunchResult =>
  awaitOrGiveUp(session, swap, {
    phase: "scale-out",
    minutes: launchMinutes,
    pace: paces.launch,
    sentence,
    resource: session.evaluation.policy.spotNodeGroup,
    nextStep: "See the scaling activities of its Auto Scaling group: Spot may have no capacity.",
  });

/** EKS makes one update of a node group at a time. */
const busyIn = (error: unknown): string => {
  if (error instanceof SpotOptimizerError && error.name === "RetryableContention") {
    return error.message;
  }
  throw error;
};

const tokenOf = ({ evaluation }: GrowSession, swap: Swap): string =>
  hash("sha256", `${evaluation.evaluationId}\n${growthId(swap)}`);

/**
 * The new size is absolute, and EKS takes no condition with it: an owner who has set another one since our look must not be overruled, were it
 * by a call that is made again minutes later.
 */
const askToGrow = async (
  session: GrowSession,
  { desiredBefore, clientToken }: { readonly desiredBefore: number; readonly clientToken: string },
): Promise<Acted> => {
  const { name, desiredSize } = await spotNodeGroupNow(session);
  const growth = judgeGrowth({ desiredBefore, desiredNow: desiredSize });
  if (growth.kind === "GROWN") {
    return { requestId: unknownRequestId, doneBefore: `Node group ${name} ${growth.sentence}` };
  }
  if (growth.kind === "SMALLER") {
    throw new SpotOptimizerError("StaleOriginal", `Node group ${name} ${growth.sentence}`, {
      resource: name,
      nextStep: "Nothing: the next evaluation judges the node group as it is by then.",
    });
  }
  const { eks } = await session.customer();
  const { clusterName } = session.evaluation.subject;
  return resizeNodeGroup(
    eks,
    { clusterName, nodeGroup: name },
    { desiredSize: growth.desiredSize, clientToken },
  );
};

/** What EKS says against it; undefined once it was told. */
const grow = async (
  session: GrowSession,
  swap: Swap,
  { group, isFirst }: { readonly group: GroupFacts; readonly isFirst: boolean },
): Promise<string | undefined> => {
  const now = await spotNodeGroupNow(session);
  const { name, desiredSize } = now;
  const { clusterName } = session.evaluation.subject;
  // Of a call whose answer was lost the node group may show the effect.
  const against = isFirst ? whyNoGrowth(now, group) : undefined;
  if (against !== undefined) return against;
  try {
    await perform(session, {
      intent: {
        id: growthId(swap),
        swapId: swap.swapId,
        change: {
          kind: "SCALE_OUT",
          clusterName,
          nodeGroup: name,
          asgName: group.asgName,
          clientToken: tokenOf(session, swap),
          desiredBefore: desiredSize,
          knownIds: group.members.map(({ instanceId }) => instanceId),
        },
      },
      action: "UpdateNodegroupConfig",
      resource: `desired size of ${name} in ${clusterName}`,
      call: ({ change }) =>
        askToGrow(session, {
          desiredBefore: change.kind === "SCALE_OUT" ? change.desiredBefore : desiredSize,
          clientToken: tokenOf(session, swap),
        }),
    });
  } catch (error) {
    return busyIn(error);
  }
  return undefined;
};

/** The first that was not there before the call. */
const newMember = ({ members }: GroupFacts, { change }: ScaleOut): GroupMember | undefined =>
  members
    .filter((member) => !change.knownIds.includes(member.instanceId) && !isLeavingGroup(member))
    .toSorted((one, other) => (one.instanceId < other.instanceId ? -1 : 1))[0];

/** Spot has none, or nobody asks for one any longer: who looks for the cause is told which. */
const tellNoMember = (
  { asgName, desiredCapacity }: GroupFacts,
  { change: { desiredBefore } }: ScaleOut,
): string => {
  const size =
    desiredCapacity > desiredBefore
      ? ""
      : `, and is to have ${String(desiredCapacity)}: EKS has not told it of ${String(desiredBefore + 1)} yet, or somebody has set its size back`;
  return `Group ${asgName} shows no new member yet${size}.`;
};

const noted = async (
  session: GrowSession,
  swap: Swap,
  { member, group }: { readonly member: GroupMember; readonly group: GroupFacts },
): Promise<LaunchResult> => {
  const { context, evaluation } = session;
  const { instanceId, instanceType, zoneId } = member;
  await updateIntent(context.table, evaluation.evaluationId, growthId(swap), (stored) =>
    stored.change.kind === "SCALE_OUT"
      ? { ...stored, status: "ACTED", change: { ...stored.change, instanceId } }
      : stored,
  );
  const product = group.template?.platformDetails ?? "Linux/UNIX";
  const pool: Pool = { region: evaluation.region, zoneId, instanceType, product };
  await keepInInventory(session, { instanceId, pool });
  const sentence = `${instanceId} (${instanceType} in ${zoneId}) was launched by EKS for ${swap.originalId}.`;
  return {
    output: { kind: "LAUNCHED", summary: sentence },
    round: roundOf(session),
    swaps: [changeSwap(swap, { stage: "LAUNCHED", replacement: { instanceId, pool }, sentence })],
  };
};

const wrongZone = async (
  session: GrowSession,
  swap: Swap,
  member: GroupMember,
): Promise<string | undefined> => {
  const { group } = await readJudged(session);
  const original = group?.members.find(({ instanceId }) => instanceId === swap.originalId);
  return original === undefined || original.zoneId === member.zoneId
    ? undefined
    : `EKS launched ${member.instanceId} in ${member.zoneId}, and ${swap.originalId} is in ${original.zoneId}.`;
};

export const growSpotGroup = async (session: GrowSession, swap: Swap): Promise<LaunchResult> => {
  if (swap.replacement !== undefined) {
    const summary = `${swap.replacement.instanceId} was launched by EKS.`;
    return { output: { kind: "LAUNCHED", summary }, round: roundOf(session) };
  }
  const group = await readGroupShown(session, await readSpotGroup(session));
  const before = await growthOf(session, swap);
  if (before?.status !== "ACTED") {
    const busy = await grow(session, swap, { group, isFirst: before === undefined });
    return waitForMember(
      session,
      swap,
      busy ?? `Node group is told to grow for ${swap.originalId}.`,
    );
  }
  const member = newMember(group, before);
  if (member === undefined) {
    return waitForMember(session, swap, tellNoMember(group, before));
  }
  const found = await noted(session, swap, { member, group });
  const elsewhere = await wrongZone(session, swap, member);
  if (elsewhere === undefined) return found;
  // It is noted with the swap, and undone with it.
  const end = givenUp(session, swap, elsewhere);
  return { ...end, swaps: [...(found.swaps ?? []), ...end.swaps] };
};
