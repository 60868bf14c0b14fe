/**
 * Terminate: once more a consistent list shows the node empty, the cordon is ours and the new node serves; then the instance leaves through its group with
 * the desired capacity lowered by one. From then on there is only the way forward.
 */
import type * as z from "zod";
import { readActivities } from "../../../adapters/aws/autoscaling/group.ts";
import {
  terminateInGroup,
  type MembershipResult,
} from "../../../adapters/aws/autoscaling/membership.ts";
import { readSpotStatuses } from "../../../adapters/aws/ec2/health.ts";
import { readStandingsOf } from "../../../adapters/aws/ec2/instances.ts";
import { getIntent, updateIntent } from "../../../adapters/store/intents.ts";
import { beginDrain, beginTick } from "../../../core/decide/kubernetes/drain/tick.ts";
import { paces } from "../../../core/decide/kubernetes/paces.ts";
import {
  othersInService,
  whyTooFewRemain,
  type RemainingInstance,
} from "../../../core/decide/kubernetes/remaining.ts";
import { whyTrafficStays } from "../../../core/decide/kubernetes/traffic.ts";
import { howItLeft } from "../../../core/decide/switch/group/leave.ts";
import { whyOwnerKeeps } from "../../../core/decide/switch/group/owner-keeps.ts";
import { isRestfulRequest } from "../../../core/decide/switch/health.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { isLeavingGroup, memberOf, type GroupFacts } from "../../../core/model/group.ts";
import { contentionIn } from "../../evaluation/contention.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { perform } from "../../evaluation/perform.ts";
import type { Launched } from "../../evaluation/swap-changes.ts";
import { requireCordon } from "../own-cordon.ts";
import { openLooks } from "../drain-poll/looks.ts";
import { readJudgedGroup } from "../facts.ts";
import { readGroupShown } from "../group.ts";
import { removalId } from "../removal.ts";
import { readWhyAbsorbed } from "../surplus.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import {
  awaitOrGiveUp,
  givenUp,
  launchedUnderWay,
  nodeThat,
  nothingUnderWay,
  roundOf,
  withProgress,
} from "../round.ts";
import { readNodeTargets } from "./targets.ts";
import { connect, type KubernetesResult, type KubernetesSession } from "../session.ts";

const outputSchema = pollingOutput(["TERMINATED", "FILLED", "WAITING", "NONE"]);
type Result = KubernetesResult<z.infer<typeof outputSchema>>;
const clients = ["autoScaling", "classicElb", "ec2", "eks", "elb", "kubernetes"] as const;
type TerminateSession = KubernetesSession<(typeof clients)[number]>;

/** A group that is busy, or at its minimum, is so for minutes; the node stays cordoned and empty meanwhile. */
const busyMinutes = 20;

const terminated = (session: TerminateSession, { originalId }: Launched): Result => ({
  output: { kind: "TERMINATED", summary: `${originalId} leaves its group.` },
  round: roundOf(session),
});

const waitForGroup = (session: TerminateSession, swap: Launched, sentence: string): Result =>
  awaitOrGiveUp(session, swap, {
    phase: "terminate",
    minutes: busyMinutes,
    pace: paces.terminate,
    sentence,
    resource: swap.originalId,
    nextStep: "See what the group does, and whether its minimum leaves room for one less.",
  });

/** What a look of a drain finds: the same rules, and nothing is evicted. */
const lookOnceMore = async (
  session: TerminateSession,
  swap: Launched,
): Promise<Result | undefined> => {
  const { client } = await connect(session);
  const cordon = await requireCordon(session, swap);
  const now = session.context.now().toISOString();
  const state = session.evaluation.progress.drain ?? beginDrain(now);
  const looks = openLooks(session, { client, swap, cordon });
  const { pass } = await looks.look({ state, memory: beginTick(state, now) });
  const { verdict } = pass;
  switch (verdict.kind) {
    case "DRAINED":
      return undefined;
    case "DRAINING": {
      const { emptySince: _since, ...filled } = pass.state;
      return {
        output: { kind: "FILLED", summary: verdict.sentence },
        round: roundOf(session),
        sight: looks.seen(),
        change: withProgress({ drain: filled }),
      };
    }
    case "STOP":
      throw new SpotOptimizerError(verdict.error, verdict.sentence, {
        resource: nodeThat(session, "original").name,
      });
  }
};

const readRemaining = async (
  session: TerminateSession,
  instanceIds: readonly string[],
): Promise<readonly RemainingInstance[]> => {
  if (instanceIds.length === 0) return [];
  const { ec2 } = await session.customer();
  const [shown, statuses] = await Promise.all([
    readStandingsOf(ec2, instanceIds),
    readSpotStatuses(ec2, instanceIds),
  ]);
  const codes = new Map(statuses);
  return shown.map(({ instanceId, state }) => {
    const code = codes.get(instanceId);
    return { instanceId, state, isInterrupted: code !== undefined && !isRestfulRequest(code) };
  });
};

const terminate = async (
  session: TerminateSession,
  { asgName, desiredCapacity }: GroupFacts,
  swap: Launched,
): Promise<MembershipResult> => {
  const { autoScaling } = await session.customer();
  const { originalId: instanceId, swapId } = swap;
  return perform(session, {
    intent: {
      id: removalId(swap),
      swapId,
      change: { kind: "REMOVE_NODE", asgName, instanceId },
      before: { desiredCapacity },
    },
    action: "TerminateInstanceInAutoScalingGroup",
    resource: `${instanceId} in ${asgName}`,
    call: () => terminateInGroup(autoScaling, { asgName, instanceId }),
    refused: (result) => (result.kind === "REFUSED" ? result.sentence : undefined),
    acted: (result, change) => {
      if (change.kind !== "REMOVE_NODE" || result.kind !== "DONE") return change;
      const { activityId, desiredBefore } = result;
      return {
        ...change,
        ...(activityId === undefined ? {} : { activityId }),
        ...(desiredBefore === undefined ? {} : { desiredBefore }),
      };
    },
  });
};

const askToLeave = async (
  session: TerminateSession,
  group: GroupFacts,
  swap: Launched,
): Promise<Result> => {
  const { originalId } = swap;
  const shown = await readRemaining(session, othersInService(group, originalId));
  const tooFew = whyTooFewRemain(group, originalId, shown);
  if (tooFew !== undefined) return waitForGroup(session, swap, tooFew);
  // The lists of a cluster take seconds, and AWS takes no condition with the call: asked last.
  const absorbed = await readWhyAbsorbed(session, swap);
  if (absorbed !== undefined) return givenUp(session, swap, absorbed);
  let result: MembershipResult;
  try {
    result = await terminate(session, group, swap);
  } catch (error) {
    return waitForGroup(session, swap, contentionIn(error));
  }
  if (result.kind === "DONE") return terminated(session, swap);
  return result.why === "WRONG_STATE" || result.why === "AT_MIN"
    ? waitForGroup(session, swap, result.sentence)
    : givenUp(session, swap, result.sentence);
};

/** The longest deregistration delay there is. Source: ELB API reference, TargetGroupAttribute, deregistration_delay.timeout_seconds. */
const deregisterMinutes = 60;

/** After that it goes all the same: its pods have left it. */
const awaitTraffic = async (
  session: TerminateSession,
  { originalId }: Launched,
): Promise<Result | undefined> => {
  const targets = await readNodeTargets(session, originalId);
  const now = session.now.toISOString();
  const labelledAt = session.evaluation.progress.drain?.beganAt ?? now;
  const sentence =
    targets === undefined
      ? "A target group was deleted while they were read."
      : whyTrafficStays(targets, { labelledAt, now });
  if (sentence === undefined) return undefined;
  const round = roundOf(session);
  try {
    const waiting = waitFor(session, {
      phase: "deregister",
      round,
      minutes: deregisterMinutes,
      pace: paces.deregister,
      sentence,
      resource: originalId,
    });
    return { ...waiting, round };
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || error.name !== "BrokenDeadline") throw error;
    return undefined;
  }
};

/** Of a call whose answer was lost the group's activities tell what it met. */
const noteMet = async (
  session: TerminateSession,
  { asgName }: GroupFacts,
  swap: Launched,
): Promise<void> => {
  const { context, evaluation } = session;
  const { autoScaling } = await session.customer();
  const left = howItLeft(await readActivities(autoScaling, asgName), swap.originalId);
  const desiredBefore = left?.desiredBefore;
  if (desiredBefore === undefined) return;
  await updateIntent(context.table, evaluation.evaluationId, removalId(swap), (stored) =>
    stored.change.kind === "REMOVE_NODE"
      ? { ...stored, status: "ACTED", change: { ...stored.change, desiredBefore } }
      : stored,
  );
};

/** By our call for certain, or already on its way after one whose answer was lost. */
const isOnItsWay = async (
  session: TerminateSession,
  group: GroupFacts,
  swap: Launched,
): Promise<boolean> => {
  const { context, evaluation } = session;
  const intent = await getIntent(context.table, evaluation.evaluationId, removalId(swap));
  if (intent?.status === "ACTED") return true;
  const member = memberOf(group, swap.originalId);
  if (intent?.status !== "PLANNED" || (member !== undefined && !isLeavingGroup(member))) {
    return false;
  }
  await noteMet(session, group, swap);
  return true;
};

export const terminateStep = defineEvaluationStep({
  name: "terminate",
  clients,
  mode: "KUBERNETES",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session): Promise<Result> => {
    const swap = launchedUnderWay(session);
    if (swap === undefined) return nothingUnderWay(session);
    const group = await readGroupShown(session, await readJudgedGroup(session));
    if (await isOnItsWay(session, group, swap)) return terminated(session, swap);
    // A drain goes on for hours.
    const against =
      whyOwnerKeeps(group, swap.originalId) ?? (await readWhyAbsorbed(session, swap, group));
    if (against !== undefined) return givenUp(session, swap, against);
    return (
      (await awaitTraffic(session, swap)) ??
      (await lookOnceMore(session, swap)) ??
      (await askToLeave(session, group, swap))
    );
  },
});
