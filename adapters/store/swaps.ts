/** Swaps of an evaluation: an item each, in the evaluation's partition right behind its record. */
import type { EvaluationId } from "../../core/model/ids.ts";
import type { Swap } from "../../core/model/swap.ts";
import { swapKey } from "./keys.ts";
import type { Item, Table } from "./table.ts";
import { untilWritten } from "./update-item.ts";

export const readSwap = (item: Item): Swap => item.data as Swap;

/** A swap as it stands, and what it becomes. */
export interface SwapUpdate {
  readonly evaluationId: EvaluationId;
  readonly swapId: string;
  readonly change: (stored: Swap | undefined) => Swap;
  /** All of the evaluation, where they were read already: tried first, and read anew only after a collision. */
  readonly known?: readonly Item[];
}

/**
 * Writes the swap as the change makes it from what is stored, or from nothing; again after a collision, so that `change` may
 * run several times. A change that returns its argument writes nothing. @throws RetryableContention naming the swap.
 */
export const updateSwap = (table: Table, update: SwapUpdate): Promise<Swap> => {
  const { evaluationId, swapId, change } = update;
  const key = swapKey(evaluationId, swapId);
  let { known } = update;
  return untilWritten(`swap ${swapId} of ${evaluationId}`, async () => {
    const item = known === undefined ? await table.get(key) : known.find(({ sk }) => sk === key.sk);
    known = undefined;
    const stored = item === undefined ? undefined : readSwap(item);
    const swap = change(stored);
    if (swap === stored) return swap;
    const { kind } = await table.put(
      { ...key, version: (item?.version ?? 0) + 1, data: swap },
      item === undefined ? { ifAbsent: true } : { ifVersion: item.version },
    );
    return kind === "WRITTEN" ? swap : undefined;
  });
};
