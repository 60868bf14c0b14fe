/**
 * Await in service: each attached replacement is InService, Healthy, and gets traffic from every source of the group; from then on it is
 * protected from scale-in until its swap is over, and who was held for it is released. Then it warms up for as long as AWS itself would let it, and the application is proved.
 */
import type * as z from "zod";
import { setProtection } from "../../../adapters/aws/autoscaling/settings.ts";
import { paces } from "../../../core/decide/cluster/paces.ts";
import { warmUpSeconds } from "../../../core/decide/cluster/removal.ts";
import { counted } from "../../../core/decide/offers/figures.ts";
import { unprovedIn } from "../../../core/decide/switch/proof.ts";
import { isRecovery } from "../../../core/model/evaluation-kind.ts";
import {
  isInService,
  isLeavingGroup,
  memberOf,
  type GroupFacts,
  type GroupMember,
} from "../../../core/model/group.ts";
import { lackOfTraffic } from "../../../core/model/group-traffic.ts";
import type { Policy } from "../../../core/policy/policy.ts";
import { leastMinutes } from "../../../core/policy/proof.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
  type SwapChange,
} from "../../evaluation/evaluation-step.ts";
import { perform } from "../../evaluation/perform.ts";
import { readProofs, withProofs, type Asked } from "../../evaluation/prove.ts";
import { readGroupAgain } from "../group.ts";
import { contentionIn } from "../../evaluation/contention.ts";
import { releaseHeld, releaseOnceJoined } from "../hold.ts";
import { readReckoning } from "../ledger.ts";
import { releasedMembers, yieldToRefresh } from "../release.ts";
import { awaitPairs, readReplacements, type Waiting } from "../replacements.ts";
import { seenWhole } from "../sight.ts";
import { changeSwap, giveUp, type Launched } from "../../evaluation/swap-changes.ts";
import {
  batchOf,
  launchedUnderWay,
  liveClients,
  withProgress,
  type ClusterResult,
  type ClusterSession,
  type LiveClientName,
} from "../session.ts";

const outputSchema = pollingOutput(["IN_SERVICE", "WAITING", "NONE"]);
type Result = ClusterResult<z.infer<typeof outputSchema>>;
type ServiceSession = ClusterSession<LiveClientName | "cloudWatch" | "ssm">;

/** Besides the warm-up: Pending lasts seconds, a load balancer's checks a few minutes. */
const serviceMinutes = 15;

/** The application's proofs have their own time on top, and what they take where all is well. */
const mostMinutes = (
  { proof, proofDeadlineMinutes }: Pick<Policy, "proof" | "proofDeadlineMinutes">,
  { settings, traffic }: GroupFacts,
): number => {
  const proving = proof.length === 0 ? 0 : proofDeadlineMinutes + leastMinutes(proof);
  return serviceMinutes + Math.ceil(warmUpSeconds(settings, traffic) / 60) + proving;
};

interface Seen {
  readonly swap: Launched;
  readonly member: GroupMember | undefined;
}

/** Why it does not serve as a member; undefined while it does. */
const lackOf = ({ traffic }: GroupFacts, { swap, member }: Seen): string | undefined => {
  const { instanceId } = swap.replacement;
  if (member === undefined) return `The group does not show ${instanceId} yet.`;
  if (!isInService(member)) {
    return `${instanceId} is ${member.lifecycleState} and ${member.healthStatus}.`;
  }
  const lack = lackOfTraffic(traffic, instanceId);
  return lack === undefined ? undefined : `${instanceId} ${lack}.`;
};

/** Somebody, or the group itself, takes it out again. */
const isLeaving = ({ member }: Seen): boolean => member !== undefined && isLeavingGroup(member);

/** A scale-in could take it from its first second in service on. */
const protect = async (
  session: ServiceSession,
  { asgName }: GroupFacts,
  serving: readonly Seen[],
): Promise<void> => {
  const unprotected = serving.filter(({ member }) => member?.protectedFromScaleIn === false);
  const released = unprotected.length === 0 ? new Set<string>() : await releasedMembers(session);
  const bare = unprotected.filter(({ swap }) => !released.has(swap.replacement.instanceId));
  if (bare.length === 0) return;
  const { autoScaling } = await session.customer();
  const instanceIds = bare.map(({ swap }) => swap.replacement.instanceId);
  await perform(session, {
    intent: {
      id: `protect-${bare.map(({ swap }) => swap.swapId).join("-")}`,
      change: { kind: "PROTECT_MEMBERS", asgName, instanceIds },
    },
    action: "SetInstanceProtection",
    resource: `${instanceIds.join(" ")} in ${asgName}`,
    call: () => setProtection(autoScaling, { asgName, instanceIds, isProtected: true }),
    refused: (result) => (result.kind === "NOT_IN_SERVICE" ? result.sentence : undefined),
  });
};

/** Protects those that serve, and lets those go who were held for them. What a group that is busy does not take is waited for. */
const secure = async (
  session: ServiceSession,
  group: GroupFacts,
  {
    serving,
    attached,
  }: { readonly serving: readonly Seen[]; readonly attached: readonly string[] },
): Promise<readonly Waiting[]> => {
  try {
    await protect(session, group, serving);
    await releaseOnceJoined(session, group, { attached });
    return [];
  } catch (error) {
    const sentence = contentionIn(error);
    return serving.map(({ swap }) => ({ swap, sentence }));
  }
};

const joined = ({ swap }: Seen, at: string): SwapChange =>
  changeSwap(swap, {
    stage: "JOINED",
    joinedAt: swap.joinedAt ?? at,
    sentence: `${swap.replacement.instanceId} serves in the group beside ${swap.originalId}.`,
  });

/** Seconds that it has to warm up yet. */
const secondsToWarm = (group: GroupFacts, { joinedAt }: Launched, now: Date): number => {
  const since = joinedAt === undefined ? now.getTime() : Date.parse(joinedAt);
  return Math.max(
    0,
    Math.ceil(warmUpSeconds(group.settings, group.traffic) - (now.getTime() - since) / 1000),
  );
};

const warming = (group: GroupFacts, serving: readonly Seen[], now: Date): readonly Waiting[] =>
  serving.flatMap(({ swap }) => {
    const seconds = secondsToWarm(group, swap, now);
    const { instanceId } = swap.replacement;
    return seconds === 0
      ? []
      : [{ swap, sentence: `${instanceId} warms up for another ${String(seconds)} seconds.` }];
  });

interface Proving {
  readonly unproved: readonly Waiting[];
  readonly readings: readonly Asked[];
}

const proveAll = async (
  session: ServiceSession,
  { traffic }: GroupFacts,
  serving: readonly Seen[],
): Promise<Proving> => {
  const asked = await Promise.all(
    serving.map(async ({ swap }) => ({
      swap,
      readings: await readProofs(session, {
        stage: "after",
        instanceId: swap.replacement.instanceId,
        targetGroups: traffic.targetGroups,
        key: swap.swapId,
        // At the first look it has served for no time yet: that alarms were OK before proves nothing of it.
        servesSince: swap.joinedAt ?? session.now.toISOString(),
      }),
    })),
  );
  return {
    unproved: asked.flatMap(({ swap, readings }) => {
      const sentence = unprovedIn(readings);
      return sentence === undefined ? [] : [{ swap, sentence }];
    }),
    readings: asked.flatMap(({ readings }) => readings),
  };
};

interface Looked {
  readonly serving: readonly Seen[];
  readonly waiting: readonly Waiting[];
  readonly left: readonly SwapChange[];
}

const look = (group: GroupFacts, healthy: readonly Launched[]): Looked => {
  const seen = healthy.map((swap) => ({
    swap,
    member: memberOf(group, swap.replacement.instanceId),
  }));
  const leaving = seen.filter(isLeaving);
  const others = seen.filter((one) => !isLeaving(one));
  const lacking = others.flatMap((one) => {
    const sentence = lackOf(group, one);
    return sentence === undefined ? [] : [{ swap: one.swap, sentence }];
  });
  return {
    serving: others.filter(({ swap }) => !lacking.some((one) => one.swap === swap)),
    waiting: lacking,
    left: leaving.map(({ swap, member }) =>
      giveUp(
        swap,
        `${swap.replacement.instanceId} leaves the group (${member?.lifecycleState ?? "unknown"}): somebody else takes it out.`,
      ),
    ),
  };
};

export const awaitInServiceStep = defineEvaluationStep({
  name: "await-in-service",
  clients: [...liveClients, "cloudWatch", "ssm"],
  mode: "CLUSTER",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session): Promise<Result> => {
    const round = batchOf(session);
    const group = await readGroupAgain(session);
    const { healthy, waiting: unchecked, lost } = await readReplacements(session, group.members);
    const { ledger } = await readReckoning(session, group);
    const sight = { capacity: [await seenWhole(session, group, ledger)] };
    const { serving, waiting: lacking, left } = look(group, healthy);
    const over = [...lost, ...left].map(({ swapId }) => swapId);
    const attached = launchedUnderWay(session)
      .filter(({ swapId }) => !over.includes(swapId))
      .map(({ replacement }) => replacement.instanceId);
    const busy = await secure(session, group, { serving, attached });
    // What EC2 takes back is gone before a warm-up is over.
    const cold = isRecovery(session.evaluation) ? [] : warming(group, serving, session.now);
    const warm = serving.filter(({ swap }) => !cold.some((one) => one.swap === swap));
    const { unproved, readings } = await proveAll(session, group, warm);
    const waiting = [...unchecked, ...lacking, ...busy, ...cold, ...unproved];
    const swaps = [
      ...lost,
      ...left,
      ...serving.map((one) => joined(one, session.now.toISOString())),
    ];
    const note = withProgress({ ledger });
    const awaited =
      waiting.length === 0
        ? undefined
        : awaitPairs(session, {
            phase: "in-service",
            minutes: mostMinutes(session.evaluation.policy, group),
            pace: paces.service,
            waiting,
          });
    if (awaited?.kind === "WAITING") {
      await yieldToRefresh(session, "in-service");
      const { output, change } = awaited.answer;
      return {
        output,
        round,
        swaps,
        sight,
        change: (record) => note(withProofs(readings)(change(record))),
      };
    }
    if (awaited?.kind === "LATE") await releaseHeld(session);
    const proved = warm.length - unproved.length;
    return {
      output: {
        kind: proved > 0 ? "IN_SERVICE" : "NONE",
        summary: `Batch ${String(round)}: ${counted(proved, "replacement")} in service in ${group.asgName}.`,
      },
      round,
      swaps: [...swaps, ...(awaited?.swaps ?? [])],
      sight,
      change: (record) => note(withProofs(readings)(record)),
    };
  },
});
