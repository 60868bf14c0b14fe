/**
 * What was changed in the simulated cloud, call by call, in a file: after a restart the same seed and the same calls
 * at the same times give the same world, ids included.
 */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import * as z from "zod";
import type { Call } from "../cloud/contract.ts";
import { nodeManagerName } from "../cloud/kubernetes/authentication.ts";
import type { KubeCluster } from "../cloud/kubernetes/cluster.ts";
import { isMutatingCall } from "../cloud/kubernetes/journal.ts";
import type { Cloud } from "../cloud/dispatch.ts";
import { isMutating } from "../cloud/journal.ts";
import type { MarketTurn } from "./market-storm.ts";

/** Of the file, and of the world that it begins with: the calls of another world would not give this one. */
const format = 7;

const headSchema = z.object({
  format: z.literal(format),
  seed: z.int(),
  /** Whether the market takes Spot Instances back. */
  interrupts: z.boolean(),
  /** Secrets of the cloud's keys are made from it: the seed would tell them to everybody. Hexadecimal. */
  keySecret: z.string().min(1),
  /** Milliseconds since the epoch. */
  beganMs: z.int(),
});
export type WorldHead = z.infer<typeof headSchema>;

type Service = Call["service"];

/** Whether the state of a service is made anew from the calls. What is our own, executions and published code, is kept by us. */
const isMadeAnew: Readonly<Record<Service, boolean>> = {
  autoscaling: true,
  backup: true,
  "classic-load-balancing": true,
  cloudformation: true,
  ec2: true,
  ecs: true,
  eks: true,
  elasticloadbalancing: true,
  events: true,
  iam: true,
  kms: true,
  lambda: false,
  monitoring: true,
  pricing: true,
  "resource-groups": true,
  route53: true,
  servicequotas: true,
  sns: true,
  ssm: true,
  states: false,
  sts: true,
};

const isService = (service: string): service is Service => Object.hasOwn(isMadeAnew, service);

const changeSchema = z.object({
  atMs: z.int(),
  service: z.string().refine(isService),
  operation: z.string(),
  region: z.string(),
  accountId: z.string(),
  input: z.unknown(),
});
type WorldChange = z.infer<typeof changeSchema>;

/** A request to the API server of a simulated cluster. Whoever sent it was allowed to: it is played again as the local administrator's. */
const clusterChangeSchema = z.object({
  atMs: z.int(),
  cluster: z.object({ accountId: z.string(), region: z.string(), name: z.string() }),
  /** `PATCH`. */
  operation: z.string(),
  path: z.string(),
  query: z.string(),
  contentType: z.string(),
  body: z.unknown(),
});
export type ClusterChange = z.infer<typeof clusterChangeSchema>;

const poolSchema = z.object({ zoneId: z.string(), instanceType: z.string() });

/** What the market did beside what the seed says: nobody has called for it. */
const marketChangeSchema = z.object({
  atMs: z.int(),
  market: z.object({
    closed: z.array(poolSchema),
    opened: z.array(poolSchema),
    taken: z.array(z.string()),
  }),
});
type MarketChange = z.infer<typeof marketChangeSchema>;

const anyChangeSchema = z.union([changeSchema, clusterChangeSchema, marketChangeSchema]);

export interface WorldLog {
  readonly head: WorldHead;
  readonly changes: readonly (WorldChange | ClusterChange | MarketChange)[];
}

/** JSON has no points in time, and some parameters are. */
const instantMark = "$instant";
const markedInstant = z.strictObject({ [instantMark]: z.iso.datetime() });

const withMarkedInstants = (value: unknown): unknown => {
  if (value instanceof Date) return { [instantMark]: value.toISOString() };
  if (Array.isArray(value)) return value.map(withMarkedInstants);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, withMarkedInstants(part)]),
  );
};

const withInstants = (_name: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && instantMark in value
    ? new Date(markedInstant.parse(value)[instantMark])
    : value;

const parseLine = <Schema extends z.ZodType>(
  schema: Schema,
  line: string,
  where: string,
): z.infer<Schema> => {
  try {
    return schema.parse(JSON.parse(line, withInstants));
  } catch (error) {
    throw new Error(`${where} is not readable. Start anew with --reset.`, { cause: error });
  }
};

/**
 * A last line that was cut off by a crash is cut away, so that the next one is not appended to it: the process died
 * before it could answer that call, and nobody knows of it.
 */
const wholeLines = (file: string): readonly string[] => {
  const bytes = readFileSync(file);
  const wholeBytes = bytes.lastIndexOf("\n") + 1;
  if (wholeBytes < bytes.byteLength) truncateSync(file, wholeBytes);
  return bytes.toString("utf8", 0, wholeBytes).split("\n").slice(0, -1);
};

/** Undefined when there is none yet. @throws Error naming the line that is not readable, or the file of another version */
export const readWorld = (file: string): WorldLog | undefined => {
  if (!existsSync(file)) return undefined;
  const [first, ...rest] = wholeLines(file);
  if (first === undefined) return undefined;
  const where = `${file}, line 1,`;
  const { format: written } = parseLine(z.object({ format: z.int() }), first, where);
  if (written !== format) {
    throw new Error(`${file} is of another version of this program. Start anew with --reset.`);
  }
  return {
    head: parseLine(headSchema, first, where),
    changes: rest.map((line, index) =>
      parseLine(anyChangeSchema, line, `${file}, line ${String(index + 2)},`),
    ),
  };
};

export const beginWorld = (file: string, head: Omit<WorldHead, "format">): WorldLog => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ format, ...head })}\n`, { mode: 0o600 });
  return { head: { format, ...head }, changes: [] };
};

/** Writes down what has happened. @throws what the file system throws */
export type Append = (change: object) => void;

export const appendTo =
  (file: string): Append =>
  (change) => {
    appendFileSync(file, `${JSON.stringify(change)}\n`);
  };

/** From now on each call that had an effect is appended, until the returned function is called. */
export const recordWorld = (append: Append, cloud: Cloud): (() => void) =>
  cloud.faults.after((call) => {
    const { service } = call;
    if (!isMutating(call.operation) || !isMadeAnew[service]) return;
    const change: WorldChange = {
      atMs: call.at,
      service,
      operation: call.operation,
      region: call.region,
      accountId: call.caller.accountId,
      input: withMarkedInstants(call.input),
    };
    append(change);
  });

export const recordMarket = (append: Append, turn: MarketTurn, atMs: number): void => {
  append({ atMs, market: turn });
};

/** Likewise for the requests to a cluster's API server. What its controllers make of them is made anew. */
export const recordCluster = (
  append: Append,
  name: ClusterChange["cluster"],
  { faults }: Pick<KubeCluster, "faults">,
): (() => void) =>
  faults.after((call) => {
    // What EKS drains it drains anew.
    if (!isMutatingCall(call) || call.username === nodeManagerName) return;
    const { method, path, query, contentType } = call.request;
    const { body, at } = call;
    const change: ClusterChange = {
      atMs: at,
      cluster: name,
      operation: method,
      path,
      query,
      contentType,
      body,
    };
    append(change);
  });
