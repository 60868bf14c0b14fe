/**
 * Await healthy: each replacement of the batch runs and passes system, instance and EBS checks, and the application on it proves itself as
 * far as it can outside the group. Unknown is not health. What is lost, fails or is late is given up alone.
 */
import type * as z from "zod";
import { paces } from "../../../core/decide/cluster/paces.ts";
import { counted } from "../../../core/decide/offers/figures.ts";
import { unprovedIn } from "../../../core/decide/switch/proof.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
  type SwapChange,
} from "../../evaluation/evaluation-step.ts";
import { readMachineProofs, withProofs, type Asked } from "../../evaluation/prove.ts";
import { tellJoining } from "../joining.ts";
import { awaitPairs, lookAtReplacements, type Awaited, type Waiting } from "../replacements.ts";
import { changeSwap, type Launched } from "../../evaluation/swap-changes.ts";
import { batchOf, type ClusterResult, type ClusterSession } from "../session.ts";

const outputSchema = pollingOutput(["HEALTHY", "WAITING", "MORE", "NONE"]);
type Result = ClusterResult<z.infer<typeof outputSchema>>;

type HealthSession = ClusterSession<"ec2" | "ssm">;

interface Proving {
  readonly proved: readonly Launched[];
  readonly waiting: readonly Waiting[];
  readonly readings: readonly Asked[];
}

/** Each machine by itself: what proves one says nothing of the others. */
const proveEach = async (
  session: HealthSession,
  healthy: readonly Launched[],
): Promise<Proving> => {
  const asked = await Promise.all(
    healthy.map(async (swap) => {
      const { instanceId } = swap.replacement;
      const machine = { stage: "healthy" as const, instanceId, key: swap.swapId };
      return { swap, readings: await readMachineProofs(session, machine) };
    }),
  );
  const open = asked.map(({ swap, readings }) => ({ swap, sentence: unprovedIn(readings) }));
  return {
    proved: open.flatMap(({ swap, sentence }) => (sentence === undefined ? [swap] : [])),
    waiting: open.flatMap(({ swap, sentence }) =>
      sentence === undefined ? [] : [{ swap, sentence }],
    ),
    readings: asked.flatMap(({ readings }) => readings),
  };
};

const provedChange = (swap: Launched): SwapChange =>
  changeSwap(swap, {
    stage: "HEALTHY",
    sentence: `${swap.replacement.instanceId} runs and passes all checks.`,
  });

const nextStep =
  "Look at the system log of an instance launched from the same image, or at the proof that does not hold.";

/** Undefined: nothing is waited for. */
const awaitAll = (
  session: HealthSession,
  {
    unchecked,
    unproved,
  }: { readonly unchecked: readonly Waiting[]; readonly unproved: readonly Waiting[] },
): Awaited | undefined => {
  const { healthyDeadlineMinutes, proofDeadlineMinutes } = session.evaluation.policy;
  const waiting = [...unchecked, ...unproved];
  if (waiting.length === 0) return undefined;
  return unchecked.length > 0
    ? awaitPairs(session, {
        phase: "healthy",
        minutes: healthyDeadlineMinutes,
        pace: paces.checks,
        waiting,
        nextStep,
      })
    : awaitPairs(session, {
        phase: "proof-healthy",
        minutes: proofDeadlineMinutes,
        pace: paces.proof,
        waiting,
        nextStep,
      });
};

export const awaitHealthyStep = defineEvaluationStep({
  name: "await-healthy",
  clients: ["ec2", "ssm"],
  mode: "CLUSTER",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session): Promise<Result> => {
    const round = batchOf(session);
    const { healthy, waiting: unchecked, lost } = await lookAtReplacements(session);
    const { proved, waiting: unproved, readings } = await proveEach(session, healthy);
    const awaited = awaitAll(session, { unchecked, unproved });
    const swaps = [...lost, ...proved.map(provedChange)];
    if (awaited?.kind === "WAITING") {
      const { change } = awaited.answer;
      const output = (await tellJoining(session)) ?? awaited.answer.output;
      return { output, round, swaps, change: (record) => withProofs(readings)(change(record)) };
    }
    const late = awaited?.swaps ?? [];
    return {
      output: {
        kind: proved.length > 0 ? "HEALTHY" : "NONE",
        summary: `Batch ${String(round)}: ${counted(proved.length, "replacement")} healthy, ${String(lost.length + late.length)} given up.`,
      },
      round,
      swaps: [...swaps, ...late],
      change: withProofs(readings),
    };
  },
});
