/**
 * Place rest: a pool has refused one of the batch. Those that have no replacement yet are placed again, beside those that have: what was planned for
 * them was in an order that knew of neither. One for which no pool is left is given up alone. Of a response members join that EC2 has announced to take
 * in its first two minutes.
 */
import * as z from "zod";
import { listIntents } from "../../../adapters/store/intents.ts";
import { placeAgain } from "../../../core/decide/cluster/batch.ts";
import { counted } from "../../../core/decide/offers/figures.ts";
import { isOpenIntent } from "../../../core/decide/switch/outcome.ts";
import type { Swap } from "../../../core/model/swap.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  type SwapChange,
} from "../../evaluation/evaluation-step.ts";
import { readGroupAgain } from "../group.ts";
import { readPlaced } from "../placing.ts";
import { changeSwap, giveUp } from "../../evaluation/swap-changes.ts";
import { placeJoining } from "./joining.ts";
import { batchOf, liveClients, swapsUnderWay, type LiveSession } from "../session.ts";

/** One whose launch may have acted is gone on with as it was planned: its token tells what became of it. */
const launchingIn = async ({ context, evaluation }: LiveSession): Promise<ReadonlySet<string>> => {
  const intents = await listIntents(context.table, evaluation.evaluationId);
  return new Set(
    intents.flatMap((intent) =>
      intent.change.kind === "LAUNCH_INSTANCE" && isOpenIntent(intent) ? (intent.swapId ?? []) : [],
    ),
  );
};

const placeOpen = async (
  session: LiveSession,
  open: readonly Swap[],
): Promise<readonly SwapChange[]> => {
  if (open.length === 0) return [];
  const placed = await readPlaced(session, await readGroupAgain(session));
  return placeAgain(open, { ...placed, swaps: session.swaps }).map(({ swap, offers, sentence }) =>
    offers === undefined
      ? giveUp(swap, sentence)
      : changeSwap(swap, {
          offers,
          sentence: `${swap.originalId} is to be replaced: ${sentence}.`,
        }),
  );
};

export const placeRestStep = defineEvaluationStep({
  name: "place-rest",
  clients: [...liveClients],
  mode: "CLUSTER",
  input: evaluationInputSchema,
  output: z.object({ kind: z.literal("PLACED"), summary: z.string() }),
  run: async (session: LiveSession) => {
    const round = batchOf(session);
    const launching = await launchingIn(session);
    const open = swapsUnderWay(session).filter(
      ({ swapId, replacement }) => replacement === undefined && !launching.has(swapId),
    );
    const again = await placeOpen(session, open);
    const { swaps: joining, change } = await placeJoining(session);
    const joined = joining.length === 0 ? "" : `, ${counted(joining.length, "member")} beside`;
    const summary = `Batch ${String(round)}: ${counted(again.length, "member")} placed again${joined}.`;
    return {
      output: { kind: "PLACED" as const, summary },
      round,
      swaps: [...again, ...joining],
      ...(change === undefined ? {} : { change }),
    };
  },
});
