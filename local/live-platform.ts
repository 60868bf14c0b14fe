/**
 * The product under `npm start`: the same platform on a live clock, with its state in files. A restart finds the
 * world as it was, and resumes the executions.
 */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createDynamoTable } from "../adapters/store/dynamo-table.ts";
import { listAccounts } from "../adapters/store/accounts.ts";
import type { Table } from "../adapters/store/table.ts";
import type { Log } from "../lambdas/runtime/log.ts";
import { seededMarket } from "./cloud/market/seeded.ts";
import { applyRoleTemplate } from "./customer-account.ts";
import { createTables, startDynalite } from "./dynalite.ts";
import { homeRegion } from "./functions.ts";
import { LiveClock } from "./live-clock.ts";
import { createPlatform, type Platform } from "./platform.ts";
import {
  addStarterFleet,
  labAccountId,
  prodAccountId,
  type StarterInstance,
} from "./starter-fleet.ts";
import { serveCloud } from "./wire/front/http.ts";
import { beginWorld, readWorld, recordWorld, type World } from "./world-log.ts";

export interface LiveOptions {
  /** Folder of the state. */
  readonly folder: string;
  /** Of the control API; 0 = a free one. */
  readonly port: number;
  /** Of the simulated cloud; 0 = a free one. */
  readonly cloudPort: number;
  readonly seed: number;
  readonly speed: number;
  /** Forget the state of earlier runs. */
  readonly reset: boolean;
  readonly version: string;
  readonly log: Log;
}

export interface LivePlatform {
  readonly apiUrl: string;
  readonly cloudUrl: string;
  readonly fleet: readonly StarterInstance[];
  /** How many calls of earlier runs were played again. */
  readonly replayed: number;
  /** For the AWS CLI, by account. */
  readonly keys: Readonly<Record<string, { accessKeyId: string; secretAccessKey: string }>>;
  close(): Promise<void>;
}

const tableName = "spot-optimizer-local";
const sweepMinutes = 15;
const janitorMinutes = 5;
const minuteMs = 60_000;

const openTable = async (
  folder: string,
): Promise<{ readonly table: Table; readonly close: () => Promise<void> }> => {
  const server = await startDynalite({ path: join(folder, "table") });
  const client = new DynamoDBClient({
    region: homeRegion,
    endpoint: server.endpoint,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  await createTables(client, tableName);
  return {
    table: createDynamoTable({ client, tableName }),
    close: async () => {
      client.destroy();
      await server.close();
    },
  };
};

const openWorld = (options: LiveOptions): World => {
  const file = worldFile(options);
  const known = readWorld(file);
  const { seed, speed } = options;
  if (known === undefined) return beginWorld(file, { seed, speed, beganMs: Date.now() });
  if (known.head.seed !== seed || known.head.speed !== speed) {
    throw new Error(
      `${options.folder} holds a world of --seed ${String(known.head.seed)} --speed ${String(known.head.speed)}. Start with these, or with --reset.`,
    );
  }
  return known;
};

const worldFile = ({ folder }: Pick<LiveOptions, "folder">): string => join(folder, "world.jsonl");

/** Customers apply the template as soon as they are connected: in a simulated account nobody else could. */
const applyRole = async ({ api, cloud }: Platform, accountId: string): Promise<void> => {
  const answer = await api.request(`/api/v1/accounts/${accountId}/role-template`);
  if (answer.ok) applyRoleTemplate(cloud, accountId, await answer.text());
};

const applyKnownRoles = async (platform: Platform): Promise<void> => {
  const { items } = await listAccounts(platform.table, { limit: 1000 });
  for (const { accountId } of items) await applyRole(platform, accountId);
};

/** The control API, and the customer's part of connecting an account. */
const handlerOf =
  (platform: Platform) =>
  async (request: Request): Promise<Response> => {
    const answer = await platform.api.fetch(request);
    const isConnected =
      request.method === "POST" && answer.status === 201 && request.url.endsWith("/accounts");
    if (isConnected) {
      const { account_id: accountId } = (await answer.clone().json()) as { account_id: string };
      await applyRole(platform, accountId);
    }
    return answer;
  };

const addKeys = ({ cloud }: Platform): LivePlatform["keys"] =>
  Object.fromEntries(
    [labAccountId, prodAccountId].map((accountId) => [
      accountId,
      cloud.identities.addUser({ accountId, name: "admin" }),
    ]),
  );

const replay = async (
  { cloud }: Platform,
  clock: LiveClock,
  past: { readonly world: World; readonly keys: LivePlatform["keys"] },
): Promise<void> => {
  for (const { atMs, accountId, ...request } of past.world.changes) {
    await clock.replayTo(atMs);
    const accessKeyId = past.keys[accountId]?.accessKeyId;
    await cloud.call({ ...request, ...(accessKeyId === undefined ? {} : { accessKeyId }) });
  }
};

const every = (clock: LiveClock, minutes: number, run: () => Promise<unknown>): void => {
  const next = (): void => {
    clock.schedule(clock.now() + minutes * minuteMs, async () => {
      next();
      await run();
    });
  };
  next();
};

/** Port 0 gives a free one. Listens on 127.0.0.1 only. */
const listen = (
  fetch: (request: Request) => Promise<Response>,
  port: number,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> =>
  new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname: "127.0.0.1" }, (address) => {
      resolve({
        url: `http://127.0.0.1:${String(address.port)}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => {
              closed();
            });
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      });
    });
    server.once("error", reject);
  });

export const startLivePlatform = async (options: LiveOptions): Promise<LivePlatform> => {
  const { folder, seed, speed, log } = options;
  if (options.reset) rmSync(folder, { recursive: true, force: true });
  const world = openWorld(options);
  const state = await openTable(folder);
  const clock = new LiveClock({
    beganMs: world.head.beganMs,
    speed,
    onError: (error) => {
      log.error(
        `A scheduled job failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    },
  });
  const platform = createPlatform({
    clock,
    seed,
    market: seededMarket({ seed }),
    table: state.table,
    version: options.version,
    log,
    randomBytes,
  });
  // Opened now and not at the first reading of the market, which no later run would play again.
  const { ownAccountId } = platform.cloud.identities;
  platform.ec2.control.addAccount(ownAccountId, platform.ec2.market.regions);
  const fleet = addStarterFleet(platform.ec2.control);
  const keys = addKeys(platform);
  await replay(platform, clock, { world, keys });
  await applyKnownRoles(platform);
  await clock.goLive();
  recordWorld(worldFile(options), platform.cloud);
  await platform.interpreter.resume();
  every(clock, sweepMinutes, () => platform.functions.invoke("sweep", {}));
  every(clock, janitorMinutes, () => platform.functions.invoke("janitor", {}));
  const api = await listen(handlerOf(platform), options.port);
  const cloud = await serveCloud(platform.cloud, {
    port: options.cloudPort,
    feed: platform.feed,
  });
  return {
    apiUrl: api.url,
    cloudUrl: cloud.url,
    fleet,
    replayed: world.changes.length,
    keys,
    close: async () => {
      clock.stop();
      platform.interpreter.kill();
      await api.close();
      await cloud.close();
      await state.close();
    },
  };
};
