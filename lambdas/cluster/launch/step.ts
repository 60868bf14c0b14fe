/**
 * Launch: one replacement for each pair of the batch, as the group would launch it, in its original's zone. Where a pool refuses one, those that
 * have none yet are planned again; one that no pool gives capacity for is given up alone.
 */
import * as z from "zod";
import { counted } from "../../../core/decide/offers/figures.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { fleetOfGroup } from "../../../core/decide/offers/group-fleet.ts";
import { nextLaunch } from "../../../core/decide/offers/launch-order.ts";
import { membersIn } from "../../../core/model/fleet.ts";
import { isRecovery } from "../../../core/model/evaluation-kind.ts";
import type { GroupFacts } from "../../../core/model/group.ts";
import { poolKey, type Pool } from "../../../core/model/market.ts";
import type { Swap } from "../../../core/model/swap.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { takeTurn } from "../../evaluation/launch-turn.ts";
import { launchNoted, partsOfGroup } from "../../evaluation/group-launch.ts";
import { launchNext, type LaunchAnswer, type LaunchOrder } from "../../evaluation/launch-offer.ts";
import { policyOf, readJudgedGroup } from "../group.ts";
import { batchOf, swapsUnderWay, type ClusterSession } from "../session.ts";

const outputSchema = z.object({
  kind: z.enum(["LAUNCHED", "MORE", "NONE"]),
  summary: z.string(),
});

/** A launch with its readings takes two to three seconds, and the function has 60. */
const launchesAtOnce = 10;

/** What a refusal or a loss tells of a pool depends on how many of the group it held. */
const heldBy = (session: ClusterSession, group: GroupFacts, swaps: readonly Swap[]) => {
  const fleet = fleetOfGroup(group, { policy: policyOf(session, group), swaps });
  return (pool: Pool): number => membersIn(fleet, pool);
};

interface Launched {
  readonly swap: Swap;
  readonly answer: LaunchAnswer;
}

const after = (swaps: readonly Swap[], { swap, answer }: Launched): readonly Swap[] =>
  swaps.map((one) =>
    one.swapId === swap.swapId && answer.kind === "LAUNCHED"
      ? { ...one, replacement: { instanceId: answer.instanceId, pool: answer.pool } }
      : one,
  );

/** Would it ask a pool that has just refused another? Then its plan does not hold any longer. */
const asksAgain = (swap: Swap, done: readonly Launched[]): boolean => {
  const next = nextLaunch(swap.offers ?? [], swap.failed);
  return (
    next.kind === "TRY" &&
    done.some(
      ({ answer, swap: { purchase } }) =>
        answer.kind === "NEXT_OFFER" &&
        purchase === swap.purchase &&
        poolKey(answer.failure.pool) === poolKey(next.pool),
    )
  );
};

interface Launching {
  readonly done: readonly Launched[];
  /** EC2 takes no more calls for now. */
  readonly throttled?: SpotOptimizerError;
}

const throttledBy = (error: unknown): SpotOptimizerError => {
  if (error instanceof SpotOptimizerError && error.name === "RetryableThrottled") return error;
  throw error;
};

/** Of a response: others may stand alone, and what EC2 takes of them is launched first. The workflow asks again. */
const outOfTurn = async (
  session: ClusterSession<"ec2">,
  { members }: GroupFacts,
): Promise<SpotOptimizerError | undefined> => {
  if (!isRecovery(session.evaluation)) return undefined;
  const isLast = members.length <= swapsUnderWay(session).length;
  // Nobody has waited for the checks of a group's members: how long they boot is not known.
  const turn = await takeTurn(session, ["RunInstances"], { standsAlone: isLast, bootSeconds: 0 });
  if (turn.kind === "GO") return undefined;
  return new SpotOptimizerError(
    "RetryableThrottled",
    `${counted(turn.ahead, "launch")} of this account and region before this one.`,
  );
};

/** One after the other. Those that would ask a pool which has just refused are left to the next plan. */
const launchAll = async (
  session: ClusterSession<"ec2">,
  open: readonly Swap[],
): Promise<Launching> => {
  const group = await readJudgedGroup(session);
  const prepare = partsOfGroup(session, group);
  const done: Launched[] = [];
  let { swaps } = session;
  for (const swap of open.slice(0, launchesAtOnce)) {
    if (asksAgain(swap, done)) continue;
    const order: LaunchOrder = {
      key: swap.swapId,
      swapId: swap.swapId,
      imageId: group.template?.imageId ?? "",
      ...(swap.purchase === undefined ? {} : { purchase: swap.purchase }),
      keep: "all-devices",
      offers: swap.offers ?? [],
      failed: swap.failed,
      heldIn: heldBy(session, group, swaps),
      prepare,
    };
    try {
      const throttled = await outOfTurn(session, group);
      if (throttled !== undefined) return { done, throttled };
      const answer = await launchNext(session, order);
      done.push({ swap, answer });
      swaps = after(swaps, { swap, answer });
    } catch (error) {
      return { done, throttled: throttledBy(error) };
    }
  }
  return { done };
};

/** Once what was launched is written down: a repetition of the whole step would else look for each of them, by calls that are throttled too. */
const tellThrottled = ({ throttled }: Launching) =>
  throttled === undefined ? {} : { afterwards: () => Promise.reject(throttled) };

export const launchStep = defineEvaluationStep({
  name: "launch",
  clients: ["ec2"],
  mode: "CLUSTER",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session) => {
    const round = batchOf(session);
    const underWay = swapsUnderWay(session);
    const open = underWay.filter(({ replacement }) => replacement === undefined);
    const launching = await launchAll(session, open);
    const { done: answers } = launching;
    const answered = (kind: LaunchAnswer["kind"]): number =>
      answers.filter(({ answer }) => answer.kind === kind).length;
    const launched = underWay.length - open.length + answered("LAUNCHED");
    const isOpen = answered("NEXT_OFFER") > 0 || open.length > answers.length;
    const summary = `Batch ${String(round)}: ${String(launched)} of ${counted(underWay.length, "replacement")} launched.`;
    const kind = isOpen ? "MORE" : launched > 0 ? "LAUNCHED" : "NONE";
    return {
      output: { kind, summary },
      round,
      swaps: answers.map(({ swap, answer }) => launchNoted(swap, answer)),
      ...tellThrottled(launching),
    };
  },
});
