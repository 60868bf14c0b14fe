/** Keeps what functions did in laboratories to which nothing happened, for the ones of the same process that begin alike. */
import type { Market } from "../cloud/market/market.ts";
import type { Lab } from "./contract.ts";
import { countBefore, countUntil, type FunctionRun, type Until } from "./recalled-runs.ts";
import { FunctionRuns } from "./function-runs.ts";

interface Recording {
  readonly runs: readonly FunctionRun[];
  /** How many of them were over when the laboratory was made. */
  readonly before: number;
}

/** Those of a test file, and some of the one before it. */
const mostKept = 16;

/** Keeps those that were put there last. */
class Shelf<Value> {
  readonly #values = new Map<string, Value>();

  get(name: string): Value | undefined {
    return this.#values.get(name);
  }

  put(name: string, value: Value): void {
    this.#values.delete(name);
    this.#values.set(name, value);
    const [oldest] = this.#values.keys();
    if (oldest !== undefined && this.#values.size > mostKept) this.#values.delete(oldest);
  }
}

const recordings = new Shelf<Promise<Recording>>();
const switches = new Shelf<readonly FunctionRun[]>();
const begun = new Shelf<{ readonly runs: FunctionRuns; readonly before: number }>();
const marketNames = new WeakMap<Market, number>();
let markets = 0;

const nameOfMarket = (market: Market): number => {
  const known = marketNames.get(market) ?? (markets += 1);
  marketNames.set(market, known);
  return known;
};

/** Of all that decides how a laboratory begins. */
export const nameOfBegin = (
  what: string,
  { market, ...options }: { readonly market?: Market },
): string =>
  JSON.stringify([what, options, ...(market === undefined ? [] : [nameOfMarket(market)])]);

interface Runnable {
  run(): Promise<unknown>;
}

const record = async (make: (runs: FunctionRuns) => Promise<Runnable>): Promise<Recording> => {
  const runs = new FunctionRuns();
  const made = await make(runs);
  const before = runs.all.length;
  await made.run();
  return { runs: runs.all, before };
};

/** @param make a laboratory of that name, to which nothing happens */
export const recallUntil = async (
  name: string,
  until: Until,
  make: (runs: FunctionRuns) => Promise<Runnable>,
): Promise<FunctionRuns> => {
  const recording = recordings.get(name) ?? record(make);
  recordings.put(name, recording);
  const { runs, before } = await recording;
  const recalled = runs.slice(0, before + countUntil(runs.slice(before), until));
  return new FunctionRuns(recalled, false);
};

export const isRecorded = (name: string): boolean => recordings.get(name) !== undefined;

/**
 * A laboratory of which no other of that name is known, and to whose first evaluation nothing happens: once that has ended, others
 * recall what its functions did.
 */
export const recordFirst = async <Made extends Pick<Lab, "run" | "finish">>(
  name: string,
  make: (runs: FunctionRuns) => Promise<Made>,
): Promise<Made> => {
  const runs = new FunctionRuns();
  const made = await make(runs);
  const before = runs.all.length;
  const kept = <Ended>(ended: Ended): Ended => {
    if (!isRecorded(name)) recordings.put(name, Promise.resolve({ runs: runs.all, before }));
    runs.stopNoting();
    return ended;
  };
  return {
    ...made,
    run: async () => kept(await made.run()),
    finish: async (evaluationId) => kept(await made.finish(evaluationId)),
  };
};

/** For a part that no test looks at: noted where it comes a second time, recalled from then on. */
export const recallRepeated = async <Ended>(
  name: string,
  act: (runs: FunctionRuns | undefined) => Promise<Ended>,
): Promise<Ended> => {
  const known = switches.get(name);
  const runs = known && new FunctionRuns(known);
  const ended = await act(runs);
  switches.put(name, runs?.all ?? []);
  runs?.stopNoting();
  return ended;
};

interface Beginning {
  readonly market?: Market;
  /** Nothing that the test does can be seen before: up to there functions are recalled from another to which the same applies. */
  readonly undisturbedUntil?: Exclude<Until, "END">;
}

/** What functions did before that in a laboratory of that name, which has come to it. */
const begunUntil = (
  name: string,
  until: Exclude<Until, "END">,
): readonly FunctionRun[] | undefined => {
  const known = begun.get(name);
  if (known === undefined) return undefined;
  const count = countBefore(known.runs.all.slice(known.before), until);
  return count === undefined ? undefined : known.runs.all.slice(0, known.before + count);
};

/** @param what is made, in words: the same for two laboratories that are to begin alike, whatever their options */
export const createAlike = async <Options extends Beginning, Made>(
  what: string,
  options: Options,
  make: (options: Options, runs?: FunctionRuns) => Promise<Made>,
): Promise<Made> => {
  const { undisturbedUntil: until } = options;
  if (until === undefined) return make(options);
  const name = nameOfBegin(what, options);
  const recalled = begunUntil(name, until);
  if (recalled !== undefined) return make(options, new FunctionRuns(recalled, false));
  const runs = new FunctionRuns();
  const made = await make(options, runs);
  begun.put(name, { runs, before: runs.all.length });
  return made;
};
