/**
 * Plan node: reads group and cluster anew, asks whether this is the time, and picks the next node with the pools that its replacement tries. A node
 * that was begun is gone on with. Nothing exists for a new one yet, so that a group that is busy is simply left in peace.
 */
import type * as z from "zod";
import { judgeNodesEligibility } from "../../../core/decide/kubernetes/eligibility.ts";
import { nextNode, type NextNode } from "../../../core/decide/kubernetes/next-node.ts";
import { paces } from "../../../core/decide/kubernetes/paces.ts";
import { judgeEnoughRounds } from "../../../core/decide/switch/enough-rounds.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { poolsToTry } from "../../../core/model/pools-to-try.ts";
import { nameOf } from "../../../core/model/subject.ts";
import type { Postponement } from "../../../core/model/verdict.ts";
import { claimGroup } from "../../evaluation/claim-group.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
  type SwapChange,
} from "../../evaluation/evaluation-step.ts";
import {
  begunRound,
  occasionNow,
  unrestoredRound,
  waitWhileBusy,
} from "../../evaluation/rounds.ts";
import { factsClients, readFactsAnew, type FactsSession, type KubernetesJudged } from "../facts.ts";
import { withProgress } from "../round.ts";
import { openSight } from "../sight.ts";
import type { KubernetesResult } from "../session.ts";

const outputSchema = pollingOutput(["NODE", "DONE", "WAITING"]);
type Result = KubernetesResult<z.infer<typeof outputSchema>>;
type PlannedNode = Extract<NextNode, { readonly kind: "NODE" }>;

/**
 * A drain may go on for six hours after it has begun, with some 2,950 events an hour (core/decide/kubernetes/drain/pace.ts): eight hours make 23,600 of
 * the 25,000 that an execution's history holds.
 */
const beginsForHours = 2;

const nextRound = ({ evaluation }: FactsSession): number => (evaluation.progress.round ?? 0) + 1;

const nodeResult = (
  round: number,
  originalId: string,
  rest: Pick<Result, "change" | "sight" | "swaps"> = {},
): Result => ({
  output: { kind: "NODE", summary: `Node ${String(round)}: ${originalId}.` },
  round,
  ...rest,
});

const choose = async (session: FactsSession, facts: KubernetesJudged): Promise<NextNode> => {
  const { evaluation, swaps } = session;
  return nextNode({
    facts,
    target: await session.target(),
    policy: evaluation.policy,
    swaps,
    pools: poolsToTry(evaluation),
  });
};

/**
 * Before the first node nothing has been begun: it is postponed. After it what was done stands, and the record says how many are left; where none is, it has
 * come to its end.
 * @param left absent: not counted yet
 */
const noMore = async (session: FactsSession, why: Postponement, left?: number): Promise<Result> => {
  const round = nextRound(session);
  const output = { kind: "DONE", summary: why.sentence } as const;
  if (session.swaps.length === 0) {
    return { output, round, change: (record) => ({ ...record, postponed: why }) };
  }
  const untried = left ?? (await choose(session, await readFactsAnew(session))).left;
  return untried === 0
    ? { output, round }
    : { output, round, change: withProgress({ ended: why, untried }) };
};

const enoughNodes = ({ evaluation, now }: FactsSession): Postponement | undefined =>
  judgeEnoughRounds({
    name: nameOf(evaluation.subject),
    rounds: evaluation.progress.round ?? 0,
    called: "replacements of nodes",
    hours: beginsForHours,
    startedAt: evaluation.startedAt,
    now: now.toISOString(),
  });

/** Waits while it passes by itself; at the deadline it is left for another time. */
const whileBusy = async (
  session: FactsSession,
  delay: Postponement,
  left: number,
): Promise<Result> => {
  const round = nextRound(session);
  const resource = nameOf(session.evaluation.subject);
  return (
    waitWhileBusy(session, { round, pace: paces.group, resource, sentence: delay.sentence }) ??
    (await noMore(session, delay, left))
  );
};

const plannedChange = (round: number, swapId: string, planned: PlannedNode): SwapChange => ({
  swapId,
  change: (stored) =>
    stored ?? {
      swapId,
      originalId: planned.node.instanceId,
      batch: round,
      offers: planned.offers,
      failed: [],
      stage: "PLANNED",
      sentence: `Node ${planned.node.name} (${planned.node.instanceId} in ${planned.zoneId}) is to be replaced.`,
    },
});

const noNode = async (
  session: FactsSession,
  none: Extract<NextNode, { readonly kind: "NONE" }>,
): Promise<Result> => {
  const { sentence, left, postponed } = none;
  if (postponed !== undefined) return whileBusy(session, postponed, left);
  return {
    output: { kind: "DONE", summary: sentence },
    round: nextRound(session),
    ...(left === (session.evaluation.progress.untried ?? 0)
      ? {}
      : { change: withProgress({ untried: left }) }),
  };
};

const planNext = async (
  session: FactsSession,
  { group, view }: KubernetesJudged,
  planned: PlannedNode,
): Promise<Result> => {
  const { swaps } = session;
  const round = nextRound(session);
  if (group !== undefined) await claimGroup(session, group, round);
  const swapId = `swap-${String(swaps.length + 1)}`;
  const sight = openSight(session, planned.node);
  if (view !== undefined) sight.see(view);
  return nodeResult(round, planned.node.instanceId, {
    swaps: [plannedChange(round, swapId, planned)],
    sight: sight.seen(),
    change: (record) => {
      const { drain: _drain, joined: _joined, later: _later, ...before } = record.progress;
      const { node: original, later } = planned;
      const next = { round, original, ...(later.length === 0 ? {} : { later }) };
      return withProgress(next)({ ...record, progress: before });
    },
  });
};

/** What holds for the whole group now; a node that is refused leaves the others. */
const judgeGroupNow = async (
  session: FactsSession,
  facts: KubernetesJudged,
): Promise<Postponement | undefined> => {
  const { view: _view, ...ofGroup } = facts;
  const judged = judgeNodesEligibility({
    account: await session.account(),
    target: await session.target(),
    policy: session.evaluation.policy,
    facts: ofGroup,
  });
  if (judged.kind === "NOT_NOW") return judged.delays[0];
  const objection =
    judged.kind === "INELIGIBLE"
      ? judged.objections.find(({ isThereAlready }) => isThereAlready !== true)
      : undefined;
  if (objection === undefined) return undefined;
  throw new SpotOptimizerError("StaleOriginal", objection.sentence, {
    resource: nameOf(session.evaluation.subject),
    nextStep: "Nothing: the next evaluation judges the node group as it is by then.",
  });
};

/** Whether the group could lose one more is not asked once all of them are done. */
const planOnFacts = async (session: FactsSession, facts: KubernetesJudged): Promise<Result> => {
  const planned = await choose(session, facts);
  if (planned.kind === "NONE" && planned.left === 0) return noNode(session, planned);
  const delay = await judgeGroupNow(session, facts);
  if (delay !== undefined) return whileBusy(session, delay, planned.left);
  return planned.kind === "NONE" ? noNode(session, planned) : planNext(session, facts, planned);
};

/** One node was asked for, and it was tried. */
const wasOnlyOne = async (session: FactsSession): Promise<boolean> =>
  session.swaps.length > 0 && (await session.target()).node.scope === "ONE";

export const planNodeStep = defineEvaluationStep({
  name: "plan-node",
  clients: factsClients,
  mode: "KUBERNETES",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session): Promise<Result> => {
    const { round: last } = session.evaluation.progress;
    const begun = begunRound(session, last) ?? (await unrestoredRound(session, last));
    if (begun !== undefined) {
      const [swap] = session.swaps.filter(({ batch }) => batch === begun);
      return nodeResult(begun, swap?.originalId ?? "", { change: withProgress({ round: begun }) });
    }
    if (await wasOnlyOne(session)) {
      return {
        output: { kind: "DONE", summary: "The one node that was asked for is handled." },
        round: nextRound(session),
      };
    }
    const postponed = enoughNodes(session) ?? (await occasionNow(session));
    if (postponed !== undefined) return noMore(session, postponed);
    return planOnFacts(session, await readFactsAnew(session));
  },
});
