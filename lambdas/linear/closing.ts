/** How the record of a switch of one instance is closed: its target follows, its images expire, its downtime is stated. */
import { loadJudgedFacts, loadOffers } from "../../adapters/store/evaluations.ts";
import { planIntent, updateIntents } from "../../adapters/store/intents.ts";
import { flagsOfOwner } from "../../core/decide/linear/deletion-flags.ts";
import { downtimeSeconds } from "../../core/decide/linear/downtime.ts";
import { endingOfLinear } from "../../core/decide/linear/ending.ts";
import { savingsOfSwitch } from "../../core/decide/linear/savings-of-switch.ts";
import {
  fenceOf,
  statusesWithDowntime,
  type LinearEvaluation,
  type Outcome,
} from "../../core/model/evaluation.ts";
import type { Intent } from "../../core/model/intent.ts";
import type { SwapStage } from "../../core/model/swap.ts";
import type { Closing } from "../evaluation/closing.ts";
import { readOriginal } from "./facts.ts";
import { changeSwap, swapOf, type LinearSession } from "./session.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The warm image served its purpose once the final one is there; whichever is the last is kept for a while. */
const expireImages = async (
  session: LinearSession<never>,
  intents: readonly Intent[],
): Promise<void> => {
  const { context, evaluation, now } = session;
  const images = intents
    .map((intent) => intent.change)
    .filter((change) => change.kind === "CREATE_IMAGE");
  const { cooloffHours, snapshotDays } = evaluation.policy;
  // They outlive the original, which is kept for the cool-off.
  const keepMs = cooloffHours * hourMs + snapshotDays * dayMs;
  const keepUntil = new Date(now.getTime() + keepMs).toISOString();
  const isSuperseded = (purpose: string): boolean =>
    purpose === "warm" && images.some((image) => image.purpose === "final");
  for (const { imageId, purpose } of images) {
    if (imageId === undefined) continue;
    await planIntent(context.table, evaluation.evaluationId, {
      id: `expire-${imageId}`,
      status: "COMMITTED",
      fence: fenceOf(evaluation),
      plannedAt: now.toISOString(),
      change: {
        kind: "EXPIRE_IMAGE",
        imageId,
        dueAt: isSuperseded(purpose) ? now.toISOString() : keepUntil,
      },
    });
  }
};

const isOver = ({ status }: Intent): boolean =>
  status === "UNDONE" || status === "SETTLED" || status === "COMMITTED";

const commitIntents = ({ context, evaluation }: LinearSession<never>): Promise<void> =>
  updateIntents(context.table, evaluation.evaluationId, (intent) =>
    isOver(intent) ? intent : { ...intent, status: "COMMITTED" },
  );

const estimate = async (
  session: LinearSession<never>,
  outcome: Outcome,
): Promise<Pick<LinearEvaluation, "estimatedSavings">> => {
  const { context, evaluation } = session;
  if (evaluation.verdict?.kind !== "SWITCH" || outcome.status !== "SWITCHED") return {};
  const facts = await loadJudgedFacts(context.table, evaluation.evaluationId);
  const offers = await loadOffers(context.table, evaluation.evaluationId);
  const savings = savingsOfSwitch({
    pool: swapOf(session)?.replacement?.pool,
    facts,
    offers: offers ?? [],
    policy: evaluation.policy,
  });
  return savings === undefined ? {} : { estimatedSavings: savings };
};

const downtime = (
  { evaluation }: LinearSession<never>,
  { status }: Outcome,
): Pick<LinearEvaluation, "downtimeSeconds"> => {
  const isStated = statusesWithDowntime.includes(status);
  const seconds = isStated ? downtimeSeconds(evaluation.progress) : undefined;
  return seconds === undefined ? {} : { downtimeSeconds: seconds };
};

const stages: Readonly<Partial<Record<Outcome["status"], SwapStage>>> = {
  SWITCHED: "DONE",
  ROLLED_BACK: "UNDONE",
  STAYED: "UNDONE",
  NEEDS_OPERATOR: "LEFT",
};

export const linearClosing: Closing<"LINEAR"> = {
  ending: (session, intents) =>
    endingOfLinear({ evaluation: session.evaluation, swap: swapOf(session), intents }),
  commit: async (session, intents) => {
    await commitIntents(session);
    await expireImages(session, intents);
  },
  follow: async (session, { outcome }) => {
    const replacement = swapOf(session)?.replacement;
    if (outcome.status !== "SWITCHED" || replacement === undefined) return (target) => target;
    const endedAt = session.now.toISOString();
    const flags = flagsOfOwner(await readOriginal(session));
    // The launches of another instance say nothing of this one.
    return ({ launchesSeen: _originals, ...target }) => ({
      ...target,
      instanceId: replacement.instanceId,
      lastSwitchAt: session.evaluation.progress.servingAt ?? endedAt,
      // Of one that stood on Spot already they were noted when it left On-Demand.
      ownersDeletionFlags: target.ownersDeletionFlags ?? flags,
      updatedAt: endedAt,
    });
  },
  figures: async (session, { outcome }) => ({
    ...(await estimate(session, outcome)),
    ...downtime(session, outcome),
  }),
  swaps: (session, { outcome }) => {
    const stage = stages[outcome.status];
    const isBegun = swapOf(session) !== undefined;
    return isBegun && stage !== undefined
      ? [changeSwap(session, { stage, sentence: outcome.sentence })]
      : [];
  },
};
