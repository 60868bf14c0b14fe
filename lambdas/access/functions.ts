/**
 * The one list of our functions. A row says in which room of `lambdas/` the function's folder stands and what it may do: infra
 * makes function and role from it, the local platform runs it, the customer's role is the union of the customer columns.
 * A test compares the rows with the folders and with the calls that the functions really make.
 */
import { apiFunctions } from "./api.ts";
import { clusterFunctions } from "./cluster.ts";
import { enforceFunctions } from "./enforce.ts";
import type { Feature } from "./features.ts";
import type { FunctionAccess } from "./grants.ts";
import { interruptionFunctions } from "./interruption.ts";
import { judgeFunctions } from "./judge.ts";
import { kubernetesFunctions } from "./kubernetes.ts";
import { ledgerFunctions } from "./ledger.ts";
import { linearFunctions } from "./linear.ts";
import { noticeFunctions } from "./notice.ts";
import { scheduleFunctions } from "./schedule.ts";
import { wasteFunctions } from "./waste.ts";

/** A function `launch` of the room `linear` is called `linear-launch`, and its folder is `lambdas/linear/launch`. */
const rooms = {
  judge: judgeFunctions,
  linear: linearFunctions,
  cluster: clusterFunctions,
  kubernetes: kubernetesFunctions,
  interruption: interruptionFunctions,
  schedule: scheduleFunctions,
  enforce: enforceFunctions,
  waste: wasteFunctions,
  notice: noticeFunctions,
  ledger: ledgerFunctions,
} as const;
type Room = keyof typeof rooms | "api";

type NamesIn<R extends keyof typeof rooms> = `${R}-${keyof (typeof rooms)[R] & string}`;
export type FunctionName = { [R in keyof typeof rooms]: NamesIn<R> }[keyof typeof rooms] | "api";

export interface FunctionRow extends FunctionAccess {
  readonly room: Room;
  /** From the root of the repository, with `handler.ts` in it and, but for the API, `step.ts`. */
  readonly folder: string;
}

const rowsOf = (room: keyof typeof rooms): readonly (readonly [string, FunctionRow])[] =>
  Object.entries<FunctionAccess>(rooms[room]).map(([step, access]) => [
    `${room}-${step}`,
    { room, folder: `lambdas/${room}/${step}`, ...access },
  ]);

export const functionRows = Object.fromEntries([
  ...(Object.keys(rooms) as (keyof typeof rooms)[]).flatMap(rowsOf),
  ["api", { room: "api", folder: "lambdas/api", ...apiFunctions.api }],
]) as Readonly<Record<FunctionName, FunctionRow>>;

export const functionNames = Object.keys(functionRows) as readonly FunctionName[];

export const isFunctionName = (name: string): name is FunctionName =>
  Object.hasOwn(functionRows, name);

/** Not started by a workflow, but by a schedule, by a queue or by API Gateway. */
type TriggerName =
  | NamesIn<"schedule">
  | NamesIn<"enforce">
  | NamesIn<"waste">
  | NamesIn<"notice">
  | NamesIn<"ledger">
  | NamesIn<"interruption">
  | "api";
export type StepName = Exclude<FunctionName, TriggerName>;

const triggerRooms: ReadonlySet<Room> = new Set([
  "schedule",
  "enforce",
  "waste",
  "notice",
  "ledger",
  "interruption",
  "api",
]);

export const isStepName = (name: FunctionName): name is StepName =>
  !triggerRooms.has(functionRows[name].room);

const sorted = (actions: Iterable<string>): readonly string[] => [...new Set(actions)].sort();

const rows = Object.values<FunctionRow>(functionRows);

/** Calls of the function in a customer's account, under whatever feature, each once, in order. */
export const customerCallsOf = (name: FunctionName): readonly string[] =>
  sorted(Object.values(functionRows[name].customer).flat());

/** Every call that any function makes in a customer's account, each once, in order. */
export const customerActions: readonly string[] = sorted(functionNames.flatMap(customerCallsOf));

/** Those of one feature. */
export const featureActions = (feature: Feature): readonly string[] =>
  sorted(rows.flatMap(({ customer }) => customer[feature] ?? []));

const impliedBy = (these: readonly FunctionRow[]): readonly string[] =>
  sorted(these.flatMap(({ implied }) => Object.keys(implied ?? {})));

/** What IAM asks for besides, each once, in order. */
export const impliedActions: readonly string[] = impliedBy(rows);

/** The same for the changes of one feature. Reading implies nothing. */
export const featureImpliedActions = (feature: Exclude<Feature, "read">): readonly string[] =>
  impliedBy(rows.filter(({ customer }) => customer[feature] !== undefined));
