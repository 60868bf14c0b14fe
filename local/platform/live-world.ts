/** The simulated world of `npm start` and the product in it, as earlier runs have left them. */
import { createHmac, randomBytes } from "node:crypto";
import { listAccounts } from "../../adapters/store/accounts.ts";
import { apiBasePath } from "../../lambdas/api/context.ts";
import type { Log } from "../../lambdas/runtime/log.ts";
import { duringCall } from "../cloud/call-draws.ts";
import { seededMarket } from "../cloud/market/seeded.ts";
import { applyEventTemplate, applyRoleTemplate, everyPart } from "./customer-account.ts";
import { LiveClock } from "./live-clock.ts";
import { createPlatform, type Platform } from "./platform.ts";
import { tellPace } from "./pace.ts";
import { replay } from "./replay.ts";
import {
  addStarterFleet,
  labAccountId,
  prodAccountId,
  type StarterFleet,
} from "./starter-fleet.ts";
import type { StateFolder } from "./state-folder.ts";
import { watchedTable, type WatchedTable } from "./watched-table.ts";

export interface WorldOptions {
  readonly seed: number;
  /** Simulated seconds per real second. */
  readonly speed: number;
  /** The market takes Spot Instances back where a pool runs short. Default: false. */
  readonly interrupts?: boolean;
  readonly version: string;
  readonly log: Log;
}

export interface LiveWorld {
  readonly platform: Platform;
  readonly clock: LiveClock;
  readonly fleet: StarterFleet;
  /** Told of what is written to the state table from now on. */
  readonly onWritten: WatchedTable["onWritten"];
  /** Of the accounts' owners, by account. */
  readonly keys: Readonly<Record<string, { accessKeyId: string; secretAccessKey: string }>>;
}

/** Nobody reads the journal of a world that lives: what was done stands in files. */
const keptCalls = 200;

/** In real time: how far ahead of what happens the kept time is. So much is skipped after a crash. */
const reservedMs = 500;

/** By AWS's bands a pool takes some 2.5 % of its instances back a month: who watches would see none. With so many times as many outages one lasts some three days. */
const livelyOutages = 200;

interface Connected {
  readonly accountId: string;
  readonly regions: readonly string[];
}

/** Customers apply the template as soon as they are connected: in a simulated account nobody else could. Its rules, in each region. */
const applyTemplate = async (
  platform: Platform,
  { accountId, regions }: Connected,
): Promise<void> => {
  const url = `http://api.local${apiBasePath}/accounts/${accountId}/role-template`;
  const answer = await platform.gateway(new Request(url));
  if (!answer.ok) return;
  const yaml = await answer.text();
  const applied = { accountId, yaml, parameters: everyPart };
  duringCall(`template of ${accountId}`, () => {
    applyRoleTemplate(platform.cloud, applied);
    for (const region of regions) applyEventTemplate(platform, { ...applied, region });
  });
};

const applyKnownTemplates = async (platform: Platform): Promise<void> => {
  const { items } = await listAccounts(platform.table, { limit: 1000 });
  for (const account of items) await applyTemplate(platform, account);
};

/** Node makes no `Request` of a TRACE, and API Gateway's ANY does not have it. */
const takesNoTrace = (): Response =>
  new Response(null, { status: 405, headers: { allow: "DELETE, GET, PATCH, POST, PUT" } });

/** The control API, and the customer's part of connecting an account. */
export const handlerOf =
  (platform: Platform) =>
  async (request: Request): Promise<Response> => {
    if (request.method === "TRACE") return takesNoTrace();
    const answer = await platform.gateway(request);
    const isConnected =
      request.method === "POST" && answer.status === 201 && request.url.endsWith("/accounts");
    if (isConnected) {
      const { account_id: accountId, regions } = (await answer.clone().json()) as {
        readonly account_id: string;
        readonly regions: readonly string[];
      };
      await applyTemplate(platform, { accountId, regions });
    }
    return answer;
  };

const addKeys = ({ cloud }: Platform): LiveWorld["keys"] =>
  Object.fromEntries(
    [labAccountId, prodAccountId].map((accountId) => [
      accountId,
      cloud.identities.addUser({ accountId, name: "admin" }),
    ]),
  );

export const tellOf =
  (log: Log) =>
  (error: unknown): void => {
    const why = error instanceof Error ? error.message : String(error);
    log.error(`The simulated cloud failed at something: ${why}`);
  };

/** Its clock stands at the last thing that was done to the world, and is not let go yet. */
export const openWorld = async (
  options: WorldOptions,
  state: Pick<StateFolder, "world" | "table" | "timeMs" | "keepTime">,
): Promise<LiveWorld> => {
  const { seed, speed, interrupts = false, log } = options;
  const watched = watchedTable(state.table);
  let keptMs = state.timeMs;
  const clock = new LiveClock({
    beganMs: state.world.head.beganMs,
    speed,
    onError: tellOf(log),
    onPace: tellPace(speed, (sentence) => {
      log.warn(sentence);
    }),
    onAdvance: (toMs) => {
      if (toMs <= keptMs) return;
      keptMs = Math.ceil(toMs + reservedMs * speed);
      state.keepTime(keptMs);
    },
  });
  const platform = createPlatform({
    clock,
    seed,
    market: seededMarket(interrupts ? { seed, outageFactor: livelyOutages } : { seed }),
    settings: { marketInterruptions: interrupts, recommendedShare: interrupts ? 0.5 : 0 },
    table: watched.table,
    version: options.version,
    log,
    randomBytes,
    drawsPerCall: true,
    keptCalls,
    kubernetes: { keptRequests: keptCalls },
    secretOf: (accessKeyId) =>
      createHmac("sha256", state.world.head.keySecret).update(accessKeyId).digest("base64"),
  });
  // Opened now and not at the first reading of the market, which no later run would play again.
  const { ownAccountId } = platform.cloud.identities;
  platform.ec2.control.addAccount(ownAccountId, platform.ec2.market.regions);
  const fleet = addStarterFleet(platform);
  const keys = addKeys(platform);
  await replay(platform, clock, { world: state.world, keys });
  // Of what is played again nothing is told: it was heard then.
  await applyKnownTemplates(platform);
  return { platform, clock, fleet, keys, onWritten: watched.onWritten };
};
