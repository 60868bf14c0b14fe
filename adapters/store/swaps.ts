/** Swaps of an evaluation: an item each, in the evaluation's partition right behind its record. */
import type { EvaluationId } from "../../core/model/ids.ts";
import type { Swap } from "../../core/model/swap.ts";
import { swapKey } from "./keys.ts";
import type { Item, Table } from "./table.ts";
import { makeItem } from "./update-item.ts";

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
  const { evaluationId, swapId, change, known } = update;
  const key = swapKey(evaluationId, swapId);
  return makeItem<Swap, undefined>(table, key, {
    name: `swap ${swapId} of ${evaluationId}`,
    read: readSwap,
    empty: undefined,
    change,
    toItem: (data, version) => ({ ...key, version, data }),
    ...(known === undefined ? {} : { known }),
  });
};
