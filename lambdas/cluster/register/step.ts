/**
 * Register: each replacement joins every target group of the group before it is a member, and is waited for until it is healthy there: no
 * original is touched for one that the load balancers find wanting. Classic load balancers take members only, and are asked after the attach.
 */
import type * as z from "zod";
import { registerTargets } from "../../../adapters/aws/elb.ts";
import { paces } from "../../../core/decide/cluster/paces.ts";
import { counted } from "../../../core/decide/offers/figures.ts";
import type { GroupTargets } from "../../../core/model/group-traffic.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { actedIntent, performTogether } from "../../evaluation/perform.ts";
import { readTargetGroups } from "../group.ts";
import { tellJoining } from "../joining.ts";
import { leaveAhead } from "./leave-ahead.ts";
import { awaitPairs, readReplacements, type Waiting } from "../replacements.ts";
import type { Launched } from "../../evaluation/swap-changes.ts";
import { batchOf, type ClusterResult, type LiveSession, liveClients } from "../session.ts";

const outputSchema = pollingOutput(["READY", "WAITING", "MORE", "NONE"]);
type Result = ClusterResult<z.infer<typeof outputSchema>>;

/** The name of a target group and its id, from its ARN: unique within the account and region. */
const shortName = (arn: string): string => arn.split("/").slice(1).join("-");

const registerId = ({ swapId }: Launched, { arn }: GroupTargets): string =>
  `register-${swapId}-${shortName(arn)}`;

const unregisteredIn = async (
  session: LiveSession,
  healthy: readonly Launched[],
  group: GroupTargets,
): Promise<readonly Launched[]> => {
  const acted = await Promise.all(
    healthy.map((swap) => actedIntent(session, registerId(swap, group))),
  );
  return healthy.filter((_, index) => acted[index] === undefined);
};

/** All by one call. */
const registerIn = async (
  session: LiveSession,
  swaps: readonly Launched[],
  group: GroupTargets,
): Promise<void> => {
  const { arn, port } = group;
  const { elb } = await session.customer();
  const [first, ...others] = swaps.map((swap) => {
    const { instanceId } = swap.replacement;
    return {
      intent: {
        id: registerId(swap, group),
        swapId: swap.swapId,
        change: { kind: "REGISTER_TARGET" as const, targetGroupArn: arn, port, instanceId },
      },
      resource: `${instanceId} in ${arn}`,
    };
  });
  if (first === undefined) return;
  await performTogether(session, {
    action: "RegisterTargets",
    parts: [first, ...others],
    call: () =>
      registerTargets(elb, {
        arn,
        port,
        instanceIds: swaps.map(({ replacement }) => replacement.instanceId),
      }),
  });
};

/** In each target group. Returns these as they are then. */
const registerAll = async (
  session: LiveSession,
  healthy: readonly Launched[],
): Promise<readonly GroupTargets[]> => {
  const before = await readTargetGroups(session);
  let hasRegistered = false;
  for (const group of before) {
    const swaps = await unregisteredIn(session, healthy, group);
    await registerIn(session, swaps, group);
    hasRegistered ||= swaps.length > 0;
  }
  // A balancer checks what is new some times before it sends traffic: where there is one, nothing is ready yet.
  const mayBeReady = before.some(({ loadBalancers }) => loadBalancers.length === 0);
  return hasRegistered && mayBeReady ? readTargetGroups(session) : before;
};

/** Healthy there; where no balancer sends traffic into the group, registered. An override sends traffic elsewhere. */
const isReadyIn = ({ targets, loadBalancers }: GroupTargets, instanceId: string): boolean => {
  const own = targets.filter((target) => target.instanceId === instanceId);
  return (
    own.length > 0 &&
    own.every(
      ({ standing, override }) =>
        override === undefined &&
        (standing === "ready" || (standing === "unrouted" && loadBalancers.length === 0)),
    )
  );
};

/** What it waits for in the target groups; undefined once it is ready in each. */
const lackIn = (
  targetGroups: readonly GroupTargets[],
  { replacement: { instanceId } }: Launched,
): string | undefined => {
  const lacking = targetGroups.find((group) => !isReadyIn(group, instanceId));
  if (lacking === undefined) return undefined;
  const { override } =
    lacking.targets.find((target) => target.instanceId === instanceId && target.override) ?? {};
  return override === undefined
    ? `${instanceId} is not healthy in ${lacking.arn} yet.`
    : `${instanceId} has ${override} in ${lacking.arn}, and gets no traffic.`;
};

export const registerStep = defineEvaluationStep({
  name: "register",
  clients: liveClients,
  mode: "CLUSTER",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session): Promise<Result> => {
    const round = batchOf(session);
    const { healthy, waiting: unchecked, lost } = await readReplacements(session);
    const targetGroups = await registerAll(session, healthy);
    await leaveAhead(session, targetGroups);
    const open = healthy.flatMap((swap): readonly Waiting[] => {
      const sentence = lackIn(targetGroups, swap);
      return sentence === undefined ? [] : [{ swap, sentence }];
    });
    const waiting = [...unchecked, ...open];
    const awaited =
      waiting.length === 0
        ? undefined
        : awaitPairs(session, {
            phase: "targets",
            minutes: session.evaluation.policy.healthyDeadlineMinutes,
            pace: paces.targets,
            waiting,
            nextStep:
              "See the health checks of the target group, and what the application answers them.",
          });
    if (awaited?.kind === "WAITING") {
      const { output: waits, change } = awaited.answer;
      return { output: (await tellJoining(session)) ?? waits, change, round, swaps: lost };
    }
    const late = awaited?.swaps ?? [];
    const ready = healthy.length - open.length;
    return {
      output: {
        kind: ready > 0 ? "READY" : "NONE",
        summary: `Batch ${String(round)}: ${counted(ready, "replacement")} healthy in ${counted(targetGroups.length, "target group")}.`,
      },
      round,
      swaps: [...lost, ...late],
    };
  },
});
