/** A table at whose writes a test may break the connection or kill the process. */
import type { Item, Table } from "../../../adapters/store/table.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";

export interface FailingTable extends Table {
  /** The next write of such an item is carried out, and then reported as lost. */
  loseAnswerOf: (prefix: string) => void;
  /** The nth write from now (1 is the next) doesn't happen, and none after it until `revive`. */
  dieAtWrite: (count: number) => void;
  revive: () => void;
  /** Writes since `dieAtWrite`. */
  readonly writes: () => number;
}

const broken = (): SpotOptimizerError =>
  new SpotOptimizerError("RetryableUnavailable", "The connection to the table broke.");

export const createFailingTable = (): FailingTable => {
  const table = createMemoryTable();
  let lost: string | undefined;
  let deadFrom = Infinity;
  let count = 0;
  const put: Table["put"] = async (item: Item, condition) => {
    count += 1;
    if (count >= deadFrom) throw broken();
    const result = await table.put(item, condition);
    if (lost === undefined || !item.pk.startsWith(lost)) return result;
    lost = undefined;
    throw broken();
  };
  return {
    get: (key) => table.get(key),
    delete: (key, condition) => table.delete(key, condition),
    query: (input) => table.query(input),
    put,
    loseAnswerOf: (prefix) => {
      lost = prefix;
    },
    dieAtWrite: (nth) => {
      count = 0;
      deadFrom = nth;
    },
    revive: () => {
      deadFrom = Infinity;
    },
    writes: () => count,
  };
};
