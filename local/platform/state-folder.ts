/** What `npm start` keeps between its runs: the state table in dynalite's files, and the log of the simulated world. */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createDynamoTable } from "../../adapters/store/dynamo-table.ts";
import type { Table } from "../../adapters/store/table.ts";
import { readTime, writeTime } from "./clock-file.ts";
import { createTables, startDynalite } from "./dynalite.ts";
import { lockFolder } from "./folder-lock.ts";
import type { Platform } from "./platform.ts";
import { homeRegion } from "./functions.ts";
import type { MarketTurn } from "./market-storm.ts";
import {
  appendTo,
  beginWorld,
  readWorld,
  recordCluster,
  recordMarket,
  recordWorld,
  type Append,
  type WorldLog,
} from "./world-log.ts";

export interface StateOptions {
  readonly folder: string;
  readonly seed: number;
  /** Forget the state of earlier runs. */
  readonly reset: boolean;
  /** Told when something could not be written down, which the caller hears too. Default: nobody else is. */
  readonly onUnwritable?: (error: unknown) => void;
  /** Default: false. */
  readonly interrupts?: boolean;
}

export interface StateFolder {
  readonly world: WorldLog;
  /** Where simulated time stood when the last run ended; milliseconds since the epoch. */
  readonly timeMs: number;
  readonly table: Table;
  /** From now on what happens in the world is written down. */
  record(platform: Pick<Platform, "cloud" | "eks">): void;
  /** What the market did beside what the seed says. */
  recordMarket(turn: MarketTurn, atMs: number): void;
  /** The next run begins no earlier. */
  keepTime(atMs: number): void;
  close(): Promise<void>;
}

const tableName = "spot-optimizer-local";

const openWorld = (file: string, options: StateOptions): WorldLog => {
  const { folder, seed, interrupts = false } = options;
  const known = readWorld(file);
  if (known === undefined) {
    const keySecret = randomBytes(32).toString("hex");
    return beginWorld(file, { seed, interrupts, keySecret, beganMs: Date.now() });
  }
  if (known.head.seed !== seed) {
    throw new Error(
      `${folder} holds a world of --seed ${String(known.head.seed)}. Start with that, or with --reset.`,
    );
  }
  if (known.head.interrupts !== interrupts) {
    const [world, how] = known.head.interrupts ? ["takes", "without"] : ["takes no", "with"];
    throw new Error(
      `${folder} holds a world whose market ${world} Spot Instances back by itself. Start ${how} --calm, or with --reset.`,
    );
  }
  return known;
};

/** Lets what was asked of the table be answered before it is closed: dynalite ends the process for a request that it is at. */
const closable = (client: DynamoDBClient): { readonly close: () => Promise<void> } => {
  const open = new Set<Promise<unknown>>();
  let isClosed = false;
  client.middlewareStack.add(
    (next) => async (request) => {
      if (isClosed) throw new Error("The state table is closed.");
      const answer = next(request);
      open.add(answer);
      try {
        return await answer;
      } finally {
        open.delete(answer);
      }
    },
    { step: "initialize", name: "closable" },
  );
  return {
    close: async () => {
      isClosed = true;
      await Promise.allSettled(open);
      client.destroy();
    },
  };
};

const openTable = async (
  path: string,
): Promise<{ readonly table: Table; readonly close: () => Promise<void> }> => {
  const server = await startDynalite({ path });
  const client = new DynamoDBClient({
    region: homeRegion,
    endpoint: server.endpoint,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const requests = closable(client);
  const close = async (): Promise<void> => {
    await requests.close();
    await server.close();
  };
  try {
    await createTables(client, tableName);
  } catch (error) {
    await close();
    throw error;
  }
  return { table: createDynamoTable({ client, tableName }), close };
};

/** @throws Error when another process has the folder, or it holds a world of another seed */
export const openStateFolder = async (options: StateOptions): Promise<StateFolder> => {
  const { folder } = options;
  const worldFile = join(folder, "world.jsonl");
  const tablePath = join(folder, "table");
  const clockFile = join(folder, "clock.json");
  const unlock = lockFolder(folder);
  const writing = (write: () => void): void => {
    try {
      write();
    } catch (error) {
      options.onUnwritable?.(error);
      throw error;
    }
  };
  try {
    // Only what is ours: the folder may be one that holds other things.
    if (options.reset) {
      for (const path of [worldFile, tablePath, clockFile])
        rmSync(path, { recursive: true, force: true });
    }
    const world = openWorld(worldFile, options);
    const { table, close } = await openTable(tablePath);
    const recordings: (() => void)[] = [];
    const append: Append = (change) => {
      writing(() => {
        appendTo(worldFile)(change);
      });
    };
    return {
      world,
      timeMs: Math.max(
        readTime(clockFile) ?? world.head.beganMs,
        world.changes.at(-1)?.atMs ?? world.head.beganMs,
      ),
      table,
      record: ({ cloud, eks }) => {
        recordings.push(recordWorld(append, cloud));
        for (const { accountId, region, name, kubernetes } of eks.control.clusters()) {
          recordings.push(recordCluster(append, { accountId, region, name }, kubernetes));
        }
      },
      recordMarket: (turn, atMs) => {
        recordMarket(append, turn, atMs);
      },
      keepTime: (atMs) => {
        writing(() => {
          writeTime(clockFile, atMs);
        });
      },
      close: async () => {
        // The table first: what acted and was not noted is found again, what was noted must have happened.
        await close();
        for (const end of recordings) end();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
};
