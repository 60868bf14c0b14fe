/** Takes calls ahead from what an account's request limits leave to sweeps and preflights. */
import { updateCallBudget } from "../../adapters/store/call-budgets.ts";
import type { Table } from "../../adapters/store/table.ts";
import { takeBlock, timesOf, type Block } from "../../core/decide/switch/call-budget.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { CallFamily } from "../../core/model/call-budget.ts";
import type { Place } from "../../core/model/place.ts";

interface CallsWanted {
  readonly place: Place;
  readonly calls: number;
  readonly withinSeconds: number;
}

type BudgetContext = { readonly table: Table; readonly now: () => Date };

/** One conditional write, however many: fewer are granted where others have taken theirs. */
const takeCalls = async (
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

/** As many as a place with 1,000 instances takes, groups included: one write for most. */
const firstReads = 16;
const furtherReads = 25;
/** Where others have taken the next minute, a reading yields. */
const readWithinSeconds = 60;

const yields = ({ accountId, region }: Place): SpotOptimizerError =>
  new SpotOptimizerError(
    "RetryableThrottled",
    `Others have taken what the request limits of account ${accountId} leave to readings in ${region}: it is read by the next one.`,
    { resource: region, isOwn: true },
  );

/** Each reading call of an invocation waits for this first. @throws RetryableThrottled where there is no room within a minute */
export const readsAtPace = (
  context: BudgetContext & { readonly pause: (milliseconds: number) => Promise<void> },
  place: Place,
): (() => Promise<void>) => {
  let times: readonly number[] = [];
  let calls = firstReads;
  const next = async (): Promise<void> => {
    if (times.length === 0) {
      const wanted = { place, calls, withinSeconds: readWithinSeconds };
      times = timesOf(await takeCalls(context, "DESCRIBE", wanted));
      calls = furtherReads;
    }
    const [first, ...others] = times;
    if (first === undefined) throw yields(place);
    times = others;
    const waitMs = first - context.now().getTime();
    if (waitMs > 0) await context.pause(waitMs);
  };
  let turn = Promise.resolve();
  return () => {
    // Those that ask at once are given their times one after the other; one that failed does not keep the others waiting.
    turn = turn.then(next, next);
    return turn;
  };
};

interface Sender {
  send: (...request: never[]) => unknown;
}

/** The same client, which waits before each call. */
export const atPace = <Client extends Sender>(
  client: Client,
  wait: () => Promise<void>,
): Client => {
  const send = async (...request: never[]): Promise<unknown> => {
    await wait();
    return client.send(...request);
  };
  return new Proxy(client, {
    get: (of, name) => (name === "send" ? send : Reflect.get(of, name)) as unknown,
  });
};

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
