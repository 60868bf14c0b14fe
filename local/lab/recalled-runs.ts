/** What a function did once, so that it can be done again: with its times, without its decisions. */
import type { Table } from "../../adapters/store/table.ts";
import type { FunctionName } from "../../lambdas/access/functions.ts";
import type { Cloud } from "../cloud/dispatch.ts";
import type { KubeCluster } from "../cloud/kubernetes/cluster.ts";
import type { Random } from "../cloud/random.ts";
import type { Around } from "../platform/functions.ts";

export type Context = Parameters<Around["run"]>[1];

/** Where something is done once more. */
export interface Place {
  readonly cloud: Cloud;
  readonly table: Table;
  readonly clusterAt: (endpoint: string) => KubeCluster | undefined;
  readonly context: Context;
  /** The functions' own streams of chance. */
  readonly streamOf: (name: string) => Random;
}

export type Again = (place: Place) => unknown;

/** A change in a customer's account, a write to our table; "OTHER" is what no test counts. */
export type ActKind = "CHANGE" | "WRITE" | "OTHER";

export interface Act {
  readonly kind: ActKind;
  /** Of a call to AWS. */
  readonly operation?: string;
  /** Milliseconds since the epoch, when it began. */
  readonly atMs: number;
  /** Set when it has ended. */
  again: Again;
  /** Set when it has ended: the place of the next act among all of its function, which may have waited for it. */
  overBefore?: number;
}

/** One that was not killed. */
export interface FunctionRun {
  readonly name: FunctionName;
  readonly event: unknown;
  readonly beganMs: number;
  readonly endedMs: number;
  readonly acts: readonly Act[];
  readonly end: { readonly output: unknown } | { readonly error: unknown };
}

/**
 * Up to where nothing happens to a laboratory: its functions' nth change in the customer's account, the first one by that operation,
 * their nth write, the first run of one of them, an instant in milliseconds since the epoch, or the end of its evaluation.
 */
export type Until =
  | "END"
  | { readonly atMs: number }
  | { readonly change: number }
  | { readonly calls: string }
  | { readonly write: number }
  | { readonly begins: FunctionName };

interface Instant {
  readonly atMs: number;
  /** The run in which it is. */
  readonly index: number;
}

const nthOf = (
  runs: readonly FunctionRun[],
  nth: number,
  isMeant: (act: Act) => boolean,
): Instant | undefined =>
  runs
    .flatMap(({ acts }, index) => acts.filter(isMeant).map(({ atMs }) => ({ atMs, index })))
    .toSorted((one, other) => one.atMs - other.atMs)[nth - 1];

const instantOf = (
  runs: readonly FunctionRun[],
  until: Exclude<Until, "END">,
): Instant | undefined => {
  if ("change" in until) return nthOf(runs, until.change, ({ kind }) => kind === "CHANGE");
  if ("calls" in until) {
    return nthOf(runs, 1, ({ kind, operation }) => kind === "CHANGE" && operation === until.calls);
  }
  if ("write" in until) return nthOf(runs, until.write, ({ kind }) => kind === "WRITE");
  if ("atMs" in until) {
    return { ...until, index: runs.findIndex(({ endedMs }) => endedMs >= until.atMs) };
  }
  const index = runs.findIndex(({ name }) => name === until.begins);
  const found = runs[index];
  return found && { atMs: found.beganMs, index };
};

/** How many of them are over by then, before the first that is not. Undefined where it does not come to that. */
export const countBefore = (
  runs: readonly FunctionRun[],
  until: Exclude<Until, "END">,
): number | undefined => {
  const instant = instantOf(runs, until);
  if (instant === undefined) return undefined;
  const isOver = ({ endedMs }: FunctionRun, index: number): boolean =>
    endedMs <= instant.atMs && index < instant.index;
  return runs.findIndex((run, index) => !isOver(run, index));
};

/** The same; all, where it does not come to that. */
export const countUntil = (runs: readonly FunctionRun[], until: Until): number =>
  (until === "END" ? undefined : countBefore(runs, until)) ?? runs.length;
