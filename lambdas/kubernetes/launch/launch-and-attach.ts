/** The replacement of a node of a self-managed group: a Spot clone in its zone, which becomes a member of the same group. */
import {
  attachInstances,
  type MembershipResult,
} from "../../../adapters/aws/autoscaling/membership.ts";
import { readInstanceState } from "../../../adapters/aws/ec2/instances.ts";
import { paces } from "../../../core/decide/kubernetes/paces.ts";
import { isLeavingGroup, memberOf, type GroupFacts } from "../../../core/model/group.ts";
import { hasEnded } from "../../../core/model/instance.ts";
import type { Swap } from "../../../core/model/swap.ts";
import { contentionIn } from "../../evaluation/contention.ts";
import { launchNoted, partsOfGroup } from "../../evaluation/group-launch.ts";
import { launchNext } from "../../evaluation/launch-offer.ts";
import { actedIntent, perform } from "../../evaluation/perform.ts";
import { restAzRebalance } from "../../evaluation/rest-az-rebalance.ts";
import { isLaunched, type Launched } from "../../evaluation/swap-changes.ts";
import { readJudgedGroup } from "../facts.ts";
import { readGroupShown } from "../group.ts";
import { awaitOrGiveUp, givenUp, roundOf } from "../round.ts";
import type { KubernetesSession } from "../session.ts";
import type { LaunchResult } from "./result.ts";

type LaunchSession = KubernetesSession<"autoScaling" | "ec2">;

/** Pending lasts seconds; a group that is busy, some minutes. */
const attachMinutes = 20;

const attachId = ({ swapId }: Swap): string => `attach-${swapId}`;

const attachedResult = (session: LaunchSession, { replacement }: Launched): LaunchResult => ({
  output: {
    kind: "LAUNCHED",
    summary: `${replacement.instanceId} (${replacement.pool.instanceType} in ${replacement.pool.zoneId}) is a member of the group.`,
  },
  round: roundOf(session),
});

const waitToAttach = (session: LaunchSession, swap: Launched, sentence: string): LaunchResult =>
  awaitOrGiveUp(session, swap, {
    phase: "attach",
    minutes: attachMinutes,
    pace: paces.launch,
    sentence,
    resource: swap.replacement.instanceId,
  });

/** Why it is of no use to attach it any longer; undefined while it is. */
const whyWithout = ({ members, asgName }: GroupFacts, { originalId }: Swap): string | undefined => {
  const original = memberOf({ members }, originalId);
  return original === undefined || isLeavingGroup(original)
    ? `Node ${originalId} has left group ${asgName} before its replacement was attached.`
    : undefined;
};

const attach = async (
  session: LaunchSession,
  { asgName, desiredCapacity }: GroupFacts,
  swap: Launched,
): Promise<MembershipResult> => {
  const { autoScaling } = await session.customer();
  const { instanceId } = swap.replacement;
  return perform(session, {
    intent: {
      id: attachId(swap),
      swapId: swap.swapId,
      change: { kind: "ATTACH_NODE", asgName, instanceId },
      before: { desiredCapacity },
    },
    action: "AttachInstances",
    resource: `${instanceId} to ${asgName}`,
    call: () => attachInstances(autoScaling, { asgName, instanceIds: [instanceId] }),
    refused: (result) => (result.kind === "REFUSED" ? result.sentence : undefined),
  });
};

const attachRunning = async (session: LaunchSession, swap: Launched): Promise<LaunchResult> => {
  const group = await readGroupShown(session, await readJudgedGroup(session));
  const without = whyWithout(group, swap);
  if (without !== undefined) return givenUp(session, swap, without);
  let result: MembershipResult;
  try {
    await restAzRebalance(session, group, roundOf(session));
    result = await attach(session, group, swap);
  } catch (error) {
    return waitToAttach(session, swap, contentionIn(error));
  }
  if (result.kind === "DONE") return attachedResult(session, swap);
  return result.why === "OVER_MAX" || result.why === "WRONG_STATE"
    ? waitToAttach(session, swap, result.sentence)
    : givenUp(session, swap, result.sentence);
};

const attachOnceRunning = async (session: LaunchSession, swap: Launched): Promise<LaunchResult> => {
  if ((await actedIntent(session, attachId(swap))) !== undefined) {
    return attachedResult(session, swap);
  }
  const { ec2 } = await session.customer();
  const { instanceId } = swap.replacement;
  const state = await readInstanceState(ec2, instanceId);
  if (state === "running") return attachRunning(session, swap);
  const sentence = `EC2 shows ${instanceId} as ${state ?? "nothing"}.`;
  return state !== undefined && hasEnded(state)
    ? givenUp(session, swap, sentence)
    : waitToAttach(session, swap, sentence);
};

const launchOne = async (session: LaunchSession, swap: Swap): Promise<LaunchResult> => {
  const group = await readJudgedGroup(session);
  const answer = await launchNext(session, {
    key: swap.swapId,
    swapId: swap.swapId,
    imageId: group.template?.imageId ?? "",
    keep: "all-devices",
    offers: swap.offers ?? [],
    failed: swap.failed,
    prepare: partsOfGroup(session, group),
  });
  const change = launchNoted(swap, answer);
  if (answer.kind === "EXHAUSTED") return givenUp(session, swap, answer.sentence);
  // Nothing is waited for but EC2's answer: the next pool is asked, or the clone is attached once it runs.
  const summary =
    answer.kind === "LAUNCHED"
      ? `${answer.instanceId} was launched for ${swap.originalId}.`
      : `${answer.failure.pool.instanceType} gave nothing (${answer.failure.code}); the next pool is asked.`;
  const waitSeconds = answer.kind === "LAUNCHED" ? paces.launch.firstSeconds : 1;
  return {
    output: { kind: "WAITING", summary, waitSeconds },
    round: roundOf(session),
    swaps: [change],
  };
};

/** The next offer that was not tried yet; then the attachment. */
export const launchAndAttach = (session: LaunchSession, swap: Swap): Promise<LaunchResult> =>
  isLaunched(swap) ? attachOnceRunning(session, swap) : launchOne(session, swap);
