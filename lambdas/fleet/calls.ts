/** Takes calls ahead from what an account's request limits leave to sweeps and preflights. */
import { updateCallBudget } from "../../adapters/store/call-budgets.ts";
import type { Table } from "../../adapters/store/table.ts";
import { takeBlock, type Block } from "../../core/decide/switch/call-budget.ts";
import type { CallFamily } from "../../core/model/call-budget.ts";
import type { Place } from "../../core/model/place.ts";

interface CallsWanted {
  readonly place: Place;
  readonly calls: number;
  readonly withinSeconds: number;
}

export type BudgetContext = { readonly table: Table; readonly now: () => Date };

/** One conditional write, however many: fewer are granted where others have taken theirs. */
export const takeCalls = async (
  { table, now }: BudgetContext,
  family: CallFamily,
  { place, calls, withinSeconds }: CallsWanted,
): Promise<Block> => {
  const wanted = { family, now: now(), calls, withinSeconds };
  let block = takeBlock(undefined, { ...wanted, calls: 0 });
  await updateCallBudget(table, { place, family }, (stored) => {
    block = takeBlock(stored, wanted);
    return block.budget;
  });
  return block;
};

/** Of RunInstances. */
export const takeLaunches = (context: BudgetContext, wanted: CallsWanted): Promise<Block> =>
  takeCalls(context, "RUN_INSTANCES", wanted);

/** One item after the other, for each of which RunInstances is called once, as fast as was granted. @returns those that were handled */
export const atLaunchPace = async <Item>(
  pause: (milliseconds: number) => Promise<void>,
  { granted, afterSeconds, secondsEach }: Block,
  {
    items,
    each,
  }: { readonly items: readonly Item[]; readonly each: (item: Item) => Promise<void> },
): Promise<readonly Item[]> => {
  const some = items.slice(0, granted);
  for (const [index, item] of some.entries()) {
    await pause((index === 0 ? afterSeconds : secondsEach) * 1000);
    await each(item);
  }
  return some;
};
