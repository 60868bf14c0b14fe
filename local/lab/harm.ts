/** Bad days, put on a platform: a call that is refused or whose answer is lost, a function that dies at a line. */
import type { Key, Table } from "../../adapters/store/table.ts";
import { CloudError } from "../cloud/contract.ts";
import type { FaultCall } from "../cloud/faults.ts";
import { isMutating } from "../cloud/journal.ts";
import { currentInvocation } from "../platform/invocation.ts";
import type { Platform } from "../platform/platform.ts";

export const harms = [
  /** AWS answers 503 and has done nothing. */
  "unavailable",
  /** AWS has acted, and the connection breaks before the answer. */
  "connection broken after acting",
  /** AWS has acted, and the function's process dies before it can note so. */
  "function killed after acting",
  /** The role lost the permission. */
  "unauthorized",
] as const;
export type Harm = (typeof harms)[number];

/** Ends the process of whoever calls; whoever waits for the function learns that it died. */
export interface Killer {
  /** To be awaited at the line of death: never settles. */
  die(): Promise<never>;
  /** How often a function was killed. */
  readonly deaths: number;
}

export const createKiller = (): Killer => {
  let deaths = 0;
  return {
    die: () => {
      const invocation = currentInvocation();
      if (invocation === undefined) throw new Error("No function is running that could be killed.");
      deaths += 1;
      invocation.kill();
      return new Promise<never>(() => undefined);
    },
    get deaths() {
      return deaths;
    },
  };
};

const isDryRun = ({ input }: FaultCall): boolean =>
  (input as { readonly DryRun?: boolean }).DryRun === true;

/** Is it a change in the customer's account? */
export const isMutation =
  (accountId: string) =>
  (call: FaultCall): boolean =>
    call.caller.accountId === accountId && isMutating(call.operation) && !isDryRun(call);

export const refusals = {
  unavailable: () => new CloudError("Unavailable", "The service is unavailable.", 503),
  unauthorized: () =>
    new CloudError(
      "UnauthorizedOperation",
      "You are not authorized to perform this operation.",
      403,
    ),
  throttled: () => new CloudError("RequestLimitExceeded", "Request limit exceeded.", 503),
} as const;

/** Does harm to the nth matching call (from 1), once. */
export const harmCall = (
  platform: Platform,
  what: {
    readonly harm: Harm;
    readonly nth: number;
    readonly matches: (call: FaultCall) => boolean;
  },
): { readonly isDone: () => boolean } => {
  const { harm, nth, matches } = what;
  const killer = createKiller();
  let before = 0;
  let after = 0;
  let isDone = false;
  platform.cloud.faults.before((call) => {
    if (!matches(call)) return;
    before += 1;
    if (before !== nth || isDone) return;
    if (harm !== "unavailable" && harm !== "unauthorized") return;
    isDone = true;
    throw refusals[harm]();
  });
  platform.cloud.faults.after((call) => {
    if (!matches(call)) return undefined;
    after += 1;
    if (after !== nth || isDone) return undefined;
    if (harm === "connection broken after acting") {
      isDone = true;
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    }
    if (harm !== "function killed after acting") return undefined;
    isDone = true;
    return killer.die();
  });
  return { isDone: () => isDone };
};

/** Items of the interpreter, which is not one of our functions. */
const isOfInterpreter = (pk: string): boolean => pk.startsWith("STATES#");

export type WriteMoment = "before" | "after";

/** What it throws or awaits, the writer meets; "CONFLICT" tells the writer that somebody else was quicker. */
type WriteHook = (
  moment: WriteMoment,
  write: number,
  key: Key,
) => Promise<void> | "CONFLICT" | undefined;

export interface WatchedTable extends Table {
  /** Writes of functions and API since the hook was set. */
  readonly writes: number;
  /** The only one from now on: called before and after each write of a function. */
  setHook(hook: WriteHook | undefined): void;
  /** One more, which counts the writes as the others do. */
  addHook(hook: WriteHook): void;
  /** What each call of a function meets while it gives something, readings too. */
  fail(why: () => Error | undefined): void;
}

/** Lets a test stand at each write of the functions, and lets their table fail. */
export const watchTable = (table: Table): WatchedTable => {
  let hooks: readonly WriteHook[] = [];
  let writes = 0;
  const failures: (() => Error | undefined)[] = [];
  const whileUp = (pk: string): void => {
    if (isOfInterpreter(pk) || currentInvocation() === undefined) return;
    for (const why of failures) {
      const error = why();
      if (error !== undefined) throw error;
    }
  };
  const callHooks = async (
    moment: WriteMoment,
    write: number,
    key: Key,
  ): Promise<"CONFLICT" | undefined> => {
    const told = [];
    for (const hook of hooks) told.push(await hook(moment, write, key));
    return told.includes("CONFLICT") ? "CONFLICT" : undefined;
  };
  return {
    name: table.name,
    packing: table.packing,
    get writes() {
      return writes;
    },
    setHook: (next) => {
      writes = 0;
      hooks = next === undefined ? [] : [next];
    },
    addHook: (next) => {
      hooks = [...hooks, next];
    },
    fail: (why) => {
      failures.push(why);
    },
    get: async (key, reading) => {
      whileUp(key.pk);
      return table.get(key, reading);
    },
    query: async (input) => {
      whileUp(input.partition);
      return table.query(input);
    },
    delete: async (key, condition) => {
      whileUp(key.pk);
      return table.delete(key, condition);
    },
    put: async (item, condition) => {
      if (isOfInterpreter(item.pk)) return table.put(item, condition);
      whileUp(item.pk);
      writes += 1;
      const write = writes;
      if ((await callHooks("before", write, item)) === "CONFLICT") return { kind: "CONFLICT" };
      const result = await table.put(item, condition);
      await callHooks("after", write, item);
      return result;
    },
  };
};
