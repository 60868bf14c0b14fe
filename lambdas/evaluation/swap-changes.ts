/** What becomes of the swaps of an evaluation that has many: each succeeds, or is given up and undone, alone. */
import { canonicalJson } from "../../core/canonical.ts";
import type { Replacement, Swap } from "../../core/model/swap.ts";
import type { SwapChange } from "./evaluation-step.ts";

/** Nothing more becomes of it. */
export const overStages: readonly Swap["stage"][] = ["DONE", "UNDONE", "ABSORBED", "LEFT"];

/** It has come to its end, or is not gone on with. */
export const isOver = ({ stage, givenUp }: Swap): boolean =>
  givenUp !== undefined || overStages.includes(stage);

export interface Launched extends Swap {
  readonly replacement: Replacement;
}

export const isLaunched = (swap: Swap): swap is Launched => swap.replacement !== undefined;

type SwapNews = Partial<Omit<Swap, "swapId" | "originalId" | "batch">>;

/** What becomes of a swap that was planned. */
export const changeSwap = ({ swapId, ...known }: Swap, news: SwapNews): SwapChange => ({
  swapId,
  change: (stored) => {
    const { swapId: _id, ...before } = stored ?? { swapId, ...known };
    const changed = { swapId, ...before, ...news };
    return stored !== undefined && canonicalJson(changed) === canonicalJson(stored)
      ? stored
      : changed;
  },
});

/** It is not gone on with: what was made for it is undone before another is begun. */
export const giveUp = (swap: Swap, sentence: string): SwapChange =>
  changeSwap(swap, { givenUp: sentence, sentence });
