/**
 * Register: each replacement joins every target group of the group before it is a member, and is waited for until it is healthy there: no
 * original is touched for one that the load balancers find wanting. Classic load balancers take members only, and are asked after the attach.
 */
import type * as z from "zod";
import { registerTarget } from "../../../adapters/aws/elb.ts";
import { paces } from "../../../core/decide/cluster/paces.ts";
import type { GroupFacts } from "../../../core/model/group.ts";
import type { GroupTargets } from "../../../core/model/group-traffic.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { actedIntent, perform } from "../../evaluation/perform.ts";
import { readGroupAgain } from "../group.ts";
import { awaitPairs, readReplacements, type Waiting } from "../replacements.ts";
import {
  batchOf,
  type ClusterResult,
  type Launched,
  type LiveSession,
  liveClients,
} from "../session.ts";

const outputSchema = pollingOutput(["READY", "WAITING", "NONE"]);
type Result = ClusterResult<z.infer<typeof outputSchema>>;

/** The name of a target group and its id, from its ARN: unique within the account and region. */
const shortName = (arn: string): string => arn.split("/").slice(1).join("-");

const registerIn = async (
  session: LiveSession,
  { swapId, replacement: { instanceId } }: Launched,
  { arn, port }: GroupTargets,
): Promise<void> => {
  const id = `register-${swapId}-${shortName(arn)}`;
  if ((await actedIntent(session, id)) !== undefined) return;
  const { elb } = await session.customer();
  await perform(session, {
    intent: {
      id,
      swapId,
      change: { kind: "REGISTER_TARGET", targetGroupArn: arn, port, instanceId },
    },
    action: "RegisterTargets",
    resource: `${instanceId} in ${arn}`,
    call: () => registerTarget(elb, { arn, port, instanceId }),
  });
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
  { traffic }: GroupFacts,
  { replacement: { instanceId } }: Launched,
): string | undefined => {
  const lacking = traffic.targetGroups.find((group) => !isReadyIn(group, instanceId));
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
    const before = await readGroupAgain(session);
    for (const swap of healthy) {
      for (const group of before.traffic.targetGroups) await registerIn(session, swap, group);
    }
    const group = before.traffic.targetGroups.length === 0 ? before : await readGroupAgain(session);
    const open = healthy.flatMap((swap): readonly Waiting[] => {
      const sentence = lackIn(group, swap);
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
    if (awaited?.kind === "WAITING") return { ...awaited.answer, round, swaps: lost };
    const late = awaited?.swaps ?? [];
    const ready = healthy.length - open.length;
    return {
      output: {
        kind: ready > 0 ? "READY" : "NONE",
        summary: `${String(ready)} replacements of batch ${String(round)} are healthy in ${String(group.traffic.targetGroups.length)} target groups.`,
      },
      round,
      swaps: [...lost, ...late],
    };
  },
});
