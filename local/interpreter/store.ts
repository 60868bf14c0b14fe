/**
 * Executions in the state table, so that they outlive the process. One item per execution is rewritten at each
 * step and is always whole by itself: its data, its current state, and the newest events. Older events are moved
 * to items of their own, which are never rewritten. What is too long for an item (400 KB) is cut into pieces.
 */

import type { Item, Table } from "../../adapters/store/table.ts";
import type { CurrentState, Execution, Pending } from "./execution.ts";
import type { RecordedEvent } from "./history.ts";
import { eventFromStorage, eventToText, type StoredEvent } from "./history.ts";
import { textOf } from "./json.ts";
import { deletePieces, readPieces, writePieces } from "./pieces.ts";
import type { Run } from "./run.ts";

/** Events that stay in the head item before they are moved out: few, as they are rewritten each time. */
const mostTailEvents = 24;
const mostTailLength = 60_000;
/** UTF-16 units; at three bytes each still below 400 KB. */
const longestInline = 100_000;

interface Chunk {
  readonly first: number;
  readonly last: number;
  readonly pieces: number;
}

interface Head {
  readonly execution: Execution;
  readonly chunks: readonly Chunk[];
  /** Current state and newest events as JSON; or, if that is long, where its pieces are. */
  readonly body?: string;
  readonly bodyPieces?: { readonly at: string; readonly count: number };
}

/** Of an execution, as long as it lasts. */
type Place = ReturnType<typeof placeOf>;

interface Saved {
  readonly place: Place;
  version: number;
  chunks: readonly Chunk[];
  /** The events that are not in a chunk yet, with commas between them: put together by V8 when it is read, which is seldom. */
  tail: string;
  /** How many these are. */
  tailEvents: number;
  taken: number;
  bodyPieces?: { readonly at: string; readonly count: number };
  writing: Promise<void>;
  queued?: Promise<void>;
}

export interface LoadedExecution {
  readonly execution: Execution;
  readonly current: CurrentState;
  readonly events: readonly RecordedEvent[];
}

const runningPartition = "STATES#RUNNING";
const partitionOf = (arn: string): string => `STATES#EXECUTION#${arn}`;
const headKey = "HEAD";
const chunkKey = (firstEventId: number): string =>
  `HISTORY#${String(firstEventId).padStart(5, "0")}`;
const listPartition = (machineArn: string): string => `STATES#EXECUTIONS#${machineArn}`;
const definitionPartition = (machineArn: string): string => `STATES#DEFINITION#${machineArn}`;

/** Another process wrote the execution: two run it, and this one must stop. */
class ExecutionTakenOver extends Error {
  override readonly name = "ExecutionTakenOver";
  constructor(arn: string) {
    super(`${arn} was changed by another process; this one no longer runs it.`);
  }
}

/** A write after the process was killed. The runner drops it: the next process goes on from what is saved. */
class ProcessDied extends Error {
  override readonly name = "ProcessDied";
}

/** Writes nothing once the process is killed, so that no late write meets the next process. */
const whileAlive = (table: Table, isAlive: () => boolean): Table => {
  const check = (): void => {
    if (!isAlive()) throw new ProcessDied("The process was killed.");
  };
  return {
    get: (key, reading) => table.get(key, reading),
    query: (input) => table.query(input),
    put: async (item, condition) => {
      check();
      return table.put(item, condition);
    },
    delete: async (key, condition) => {
      check();
      return table.delete(key, condition);
    },
  };
};

export class ExecutionStore {
  readonly #table: Table;
  readonly #saved = new WeakMap<Run, Saved>();
  readonly #knownDefinitions = new Set<string>();

  /** @param isAlive false once the process is killed: nothing is written from then on */
  constructor(table: Table, isAlive: () => boolean) {
    this.#table = whileAlive(table, isAlive);
  }

  /** @returns false if an execution with this ARN is there already, and `replacedVersion` is not its own */
  async create(run: Run, replacedVersion = 0): Promise<boolean> {
    const saved = this.#track(run, replacedVersion, []);
    return this.#writeHead(run, saved);
  }

  /** Saves what the run is now, or will be when the write before has ended. */
  save(run: Run): Promise<void> {
    const saved = this.#saved.get(run);
    if (saved === undefined)
      throw new Error(`${run.execution.arn} was never created in the table.`);
    saved.queued ??= saved.writing.then(() => {
      delete saved.queued;
      saved.writing = this.#update(run, saved);
      return saved.writing;
    });
    return saved.queued;
  }

  async find(arn: string): Promise<{ execution: Execution; version: number } | undefined> {
    const item = await this.#table.get({ pk: partitionOf(arn), sk: headKey });
    if (item === undefined) return undefined;
    return { execution: (item.data as Head).execution, version: item.version };
  }

  async load(arn: string): Promise<LoadedExecution | undefined> {
    const item = await this.#table.get({ pk: partitionOf(arn), sk: headKey });
    return item === undefined ? undefined : this.#loadFrom(item);
  }

  /** From here on `save` continues what was loaded. */
  async adopt(run: Run): Promise<void> {
    const item = await this.#table.get({ pk: partitionOf(run.execution.arn), sk: headKey });
    if (item === undefined) throw new Error(`${run.execution.arn} is not in the table.`);
    const head = item.data as Head;
    const saved = this.#track(run, item.version, head.chunks);
    if (head.bodyPieces !== undefined) saved.bodyPieces = head.bodyPieces;
    saved.taken = head.chunks.at(-1)?.last ?? 0;
  }

  /** Oldest first. */
  async listRunning(): Promise<readonly string[]> {
    const items = await this.#queryAll({ index: "gsi2", partition: runningPartition });
    return items.map((item) => (item.data as Head).execution.arn);
  }

  /** Newest first. */
  async list(machineArn: string): Promise<readonly Execution[]> {
    const partition = listPartition(machineArn);
    const items = await this.#queryAll({ index: "gsi1", partition, descending: true });
    return items.map((item) => (item.data as Head).execution);
  }

  /** Kept for as long as executions may run by it. */
  async saveDefinition(machineArn: string, revision: string, text: string): Promise<void> {
    if (this.#knownDefinitions.has(revision)) return;
    const key = { pk: definitionPartition(machineArn), sk: revision };
    if ((await this.#table.get(key)) === undefined) {
      const pieces = await writePieces(this.#table, { ...key, text });
      await this.#table.put({ ...key, version: 1, data: { pieces } }, { ifAbsent: true });
    }
    this.#knownDefinitions.add(revision);
  }

  async loadDefinition(machineArn: string, revision: string): Promise<string | undefined> {
    const key = { pk: definitionPartition(machineArn), sk: revision };
    const item = await this.#table.get(key);
    if (item === undefined) return undefined;
    return readPieces(this.#table, { ...key, count: (item.data as { pieces: number }).pieces });
  }

  #track(run: Run, version: number, chunks: readonly Chunk[]): Saved {
    const writing = Promise.resolve();
    const place = placeOf(run.execution);
    const saved: Saved = { place, version, chunks, tail: "", tailEvents: 0, taken: 0, writing };
    this.#saved.set(run, saved);
    return saved;
  }

  async #update(run: Run, saved: Saved): Promise<void> {
    const isWritten = await this.#writeHead(run, saved);
    if (!isWritten) throw new ExecutionTakenOver(run.execution.arn);
  }

  /** All that is written is taken from the run before the first await. */
  async #writeHead(run: Run, saved: Saved): Promise<boolean> {
    for (const event of run.history.events.slice(saved.taken)) {
      saved.tail += `${saved.tail === "" ? "" : ","}${eventToText(event)}`;
      saved.tailEvents += 1;
    }
    saved.taken = run.history.events.length;
    // What is frozen, the table in memory need not copy.
    const execution = Object.freeze({ ...run.execution });
    const current = currentToText(run.current);
    const arn = execution.arn;
    await this.#moveTail(arn, saved);
    const body = `{"current":${current},"tail":[${saved.tail}]}`;
    const before = saved.bodyPieces;
    const stored = await this.#storeBody(arn, body, saved.version + 1);
    const head = Object.freeze({ execution, chunks: saved.chunks, ...stored });
    const item = itemOf(saved.place, head, saved.version + 1);
    const condition =
      saved.version === 0 ? ({ ifAbsent: true } as const) : { ifVersion: saved.version };
    const result = await this.#table.put(item, condition);
    if (result.kind === "CONFLICT") return false;
    saved.version += 1;
    if (stored.bodyPieces === undefined) delete saved.bodyPieces;
    else saved.bodyPieces = stored.bodyPieces;
    if (before !== undefined) {
      await deletePieces(this.#table, { pk: partitionOf(arn), sk: before.at, count: before.count });
    }
    return true;
  }

  async #moveTail(arn: string, saved: Saved): Promise<void> {
    if (saved.tailEvents < mostTailEvents && saved.tail.length < mostTailLength) return;
    const first = saved.taken - saved.tailEvents + 1;
    const key = { pk: partitionOf(arn), sk: chunkKey(first) };
    const pieces = await writePieces(this.#table, { ...key, text: `[${saved.tail}]` });
    const chunk = Object.freeze({ first, last: saved.taken, pieces });
    saved.chunks = Object.freeze([...saved.chunks, chunk]);
    saved.tail = "";
    saved.tailEvents = 0;
  }

  async #storeBody(
    arn: string,
    body: string,
    version: number,
  ): Promise<Pick<Head, "body" | "bodyPieces">> {
    if (body.length <= longestInline) return { body };
    const at = `BODY#${String(version)}`;
    const count = await writePieces(this.#table, { pk: partitionOf(arn), sk: at, text: body });
    return { bodyPieces: { at, count } };
  }

  async #loadFrom(item: Item): Promise<LoadedExecution> {
    const head = item.data as Head;
    const events: RecordedEvent[] = [];
    for (const { first, pieces } of head.chunks) {
      const place = { pk: item.pk, sk: chunkKey(first), count: pieces };
      const stored = JSON.parse(await readPieces(this.#table, place)) as readonly StoredEvent[];
      events.push(...stored.map(eventFromStorage));
    }
    const text =
      head.bodyPieces === undefined
        ? (head.body ?? "")
        : await readPieces(this.#table, {
            pk: item.pk,
            sk: head.bodyPieces.at,
            count: head.bodyPieces.count,
          });
    const body = JSON.parse(text) as { current: CurrentState; tail: readonly StoredEvent[] };
    events.push(...body.tail.map(eventFromStorage));
    return { execution: { ...head.execution }, current: body.current, events };
  }

  async #queryAll(input: Parameters<Table["query"]>[0]): Promise<readonly Item[]> {
    const items: Item[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#table.query({
        ...input,
        ...(cursor === undefined ? {} : { cursor }),
      });
      items.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return items;
  }
}

/** What is long in it, the state's input and what its function is given, was written out before: when they were recorded. */
const currentToText = ({ input, pending, ...rest }: CurrentState): string => {
  const others = JSON.stringify(rest).slice(1);
  return `{"input":${textOf(input)},"pending":${pendingToText(pending)},${others}`;
};

const pendingToText = (pending: Pending): string => {
  if (pending.kind !== "TASK") return JSON.stringify(pending);
  const { payload, ...rest } = pending;
  return `{"payload":${textOf(payload)},${JSON.stringify(rest).slice(1)}`;
};

const placeOf = ({ arn, name, stateMachineArn, startMs }: Execution) => ({
  pk: partitionOf(arn),
  sk: headKey,
  gsi1pk: listPartition(stateMachineArn),
  gsi1sk: `${new Date(startMs).toISOString()}#${name}`,
});

const itemOf = (place: Place, head: Head, version: number): Item => {
  const isRunning = head.execution.status === "RUNNING";
  const running = isRunning ? { gsi2pk: runningPartition, gsi2sk: place.gsi1sk } : undefined;
  return { ...place, version, ...running, data: head };
};
