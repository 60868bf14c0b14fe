/**
 * Answer warning: EC2 shows that it takes the node back. Its group launches another at once, and the node takes no more pods. Nothing rests on the event alone, and nothing is
 * done where the node is of a replacement that goes on: that one gives it up by itself.
 */
import type * as z from "zod";
import { readSpotHealth } from "../../../adapters/aws/ec2/health.ts";
import { loadEvaluation, saveFacts } from "../../../adapters/store/evaluations.ts";
import { isHeld, readLease } from "../../../adapters/store/leases.ts";
import { beginDrain } from "../../../core/decide/kubernetes/drain/tick.ts";
import { emptiedUntil, judgeNotice } from "../../../core/decide/kubernetes/response.ts";
import type { KubernetesEvaluation } from "../../../core/model/evaluation.ts";
import { evaluationIdSchema, type EvaluationId } from "../../../core/model/ids.ts";
import type { NodeName } from "../../../core/model/kubernetes/progress.ts";
import { leasesOf } from "../../../core/model/subject.ts";
import type { Authorization, Verdict } from "../../../core/model/verdict.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { isOver } from "../../evaluation/swap-changes.ts";
import { withProgress } from "../round.ts";
import type { KubernetesResult, KubernetesSession } from "../session.ts";
import { clusterTroubleIn, warnedOf } from "../warned.ts";
import { cordonWarned } from "./cordon.ts";
import { judgeReleaseNow, releaseNode } from "./release.ts";

const outputSchema = pollingOutput(["ANSWERED", "WAITING", "STAY", "SHADOW"]);
type Result = KubernetesResult<z.infer<typeof outputSchema>>;
const clients = ["autoScaling", "ec2", "eks", "kubernetes"] as const;
type AnswerSession = KubernetesSession<(typeof clients)[number]>;

const againSeconds = 2;

const verdictOf = (
  { evaluation: { modelVersion, policyVersion }, now }: AnswerSession,
  told: Pick<Verdict, "kind" | "reason" | "sentence">,
): Verdict => ({ ...told, offers: [], modelVersion, policyVersion, judgedAt: now.toISOString() });

const stays = (
  session: AnswerSession,
  { reason, sentence }: Pick<Verdict, "reason" | "sentence">,
): Result => ({
  output: { kind: "STAY", summary: sentence },
  change: (record) => ({
    ...record,
    verdict: verdictOf(session, { kind: "STAY", reason, sentence }),
  }),
});

const waits = (sentence: string): Result => ({
  output: { kind: "WAITING", summary: sentence, waitSeconds: againSeconds },
});

/** An evaluation of the whole node group by which the node is being replaced, or is what has come for another. */
const findReplacing = async ({
  context,
  evaluation: { subject },
  now,
}: AnswerSession): Promise<EvaluationId | undefined> => {
  const { instanceId, ...group } = subject;
  const resource = leasesOf(group).at(-1) ?? "";
  const lease = await readLease(context.table, resource);
  const owner = evaluationIdSchema.safeParse(lease?.owner);
  if (lease === undefined || !isHeld(lease, now) || !owner.success) return undefined;
  const { swaps = [] } = (await loadEvaluation(context.table, owner.data)) ?? {};
  return swaps.some(
    (swap) =>
      !isOver(swap) &&
      (swap.originalId === instanceId || swap.replacement?.instanceId === instanceId),
  )
    ? owner.data
    : undefined;
};

const judged = (
  session: AnswerSession,
  sentence: string,
  authorization: Authorization,
): ((record: KubernetesEvaluation) => KubernetesEvaluation) => {
  const verdict = verdictOf(session, { kind: "SWITCH", reason: "TAKEN_BACK", sentence });
  return (record) => ({ ...record, verdict, authorization });
};

interface Cordoned {
  readonly node?: NodeName;
  readonly sentence: string;
  readonly isTroubled?: true;
}

const cordon = async (session: AnswerSession): Promise<Cordoned> => {
  const { instanceId } = warnedOf(session);
  try {
    const node = await cordonWarned(session);
    return node === undefined
      ? { sentence: `No node of the cluster is instance ${instanceId}.` }
      : { node, sentence: `Node ${node.name} takes no more pods.` };
  } catch (error) {
    return { sentence: clusterTroubleIn(error), isTroubled: true };
  }
};

/** The launch first: it takes longest. */
const act = async (
  session: AnswerSession,
  notice: { readonly isEnded: boolean },
): Promise<Result> => {
  const { instanceId, endsAt } = warnedOf(session);
  const released = await releaseNode(session, notice);
  const cordoned = await cordon(session);
  const sentence = `EC2 takes node ${instanceId} back at ${endsAt}. ${released.sentence} ${cordoned.sentence}`;
  const isTroubled = released.isBusy === true || cordoned.isTroubled === true;
  const now = session.context.now().toISOString();
  if (isTroubled && now < emptiedUntil(endsAt)) return waits(sentence);
  const note = judged(session, sentence, {
    kind: "PROCEED",
    sentence: "What EC2 takes waits for no approval.",
  });
  const { node } = cordoned;
  const progress = node === undefined ? {} : { original: node, drain: beginDrain(now) };
  return {
    output: { kind: "ANSWERED", summary: sentence },
    change: (record) => withProgress(progress)(note(record)),
  };
};

const shadow = async (
  session: AnswerSession,
  notice: { readonly isEnded: boolean },
): Promise<Result> => {
  const { instanceId, endsAt } = warnedOf(session);
  const release = await judgeReleaseNow(session, notice);
  const told =
    release.kind === "KEEP"
      ? release.sentence
      : `Its group would be let launch another at once, and the node be cordoned and drained.`;
  const sentence = `EC2 takes node ${instanceId} back at ${endsAt}. ${told}`;
  const authorization = { kind: "SHADOW", sentence: "Shadow mode: nothing is touched." } as const;
  return {
    output: { kind: "SHADOW", summary: sentence },
    change: judged(session, sentence, authorization),
  };
};

export const answerWarningStep = defineEvaluationStep({
  name: "answer-warning",
  clients: [...clients],
  mode: "KUBERNETES",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session): Promise<Result> => {
    const { context, evaluation, now } = session;
    const { instanceId, endsAt } = warnedOf(session);
    const { ec2 } = await session.customer();
    const at = now.toISOString();
    const notice = judgeNotice(await readSpotHealth(ec2, instanceId), { endsAt, now: at });
    if (notice.kind === "UNCONFIRMED") return waits(notice.sentence);
    if (notice.kind === "NONE") return stays(session, notice);
    const other = await findReplacing(session);
    if (other !== undefined) {
      const sentence = `Evaluation ${other} replaces node ${instanceId}, or has launched it, and gives it up by itself.`;
      return stays(session, { reason: "TAKEN_BACK", sentence });
    }
    if (evaluation.isShadowMode) return shadow(session, notice);
    const { deploymentId, evaluationId } = evaluation;
    await saveFacts(context.table, evaluationId, { kind: "RESPOND", deploymentId, observedAt: at });
    return act(session, notice);
  },
});
