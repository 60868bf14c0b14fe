/**
 * The product under `npm start`: the same platform on a live clock, with its state in files. A restart finds the
 * world as it was, and resumes the executions.
 */
import { createHmac, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { listAccounts } from "../../adapters/store/accounts.ts";
import { allSchedules } from "../../lambdas/access/plain-schedules.ts";
import { apiBasePath } from "../../lambdas/api/context.ts";
import type { Log } from "../../lambdas/runtime/log.ts";
import { localAdminToken } from "../cloud/kubernetes/authentication.ts";
import { kubeconfigOf } from "../cloud/kubernetes/kubeconfig.ts";
import { seededMarket } from "../cloud/market/seeded.ts";
import { applyEventTemplate, applyRoleTemplate, everyPart } from "./customer-account.ts";
import { errorCodeOf } from "./error-code.ts";
import { LiveClock } from "./live-clock.ts";
import { awaitStorm, carryOut } from "./market-storm.ts";
import { createPlatform, type Platform } from "./platform.ts";
import {
  addStarterFleet,
  labAccountId,
  prodAccountId,
  type StarterFleet,
} from "./starter-fleet.ts";
import { serveApi, type Listening } from "./serve-api.ts";
import { serveCloud } from "../wire/front/http.ts";
import { serveKubernetes } from "../wire/front/kubernetes-https.ts";
import { openStateFolder, type StateFolder } from "./state-folder.ts";
import type { ClusterChange, WorldLog } from "./world-log.ts";

export interface LiveOptions {
  /** Folder of the state. */
  readonly folder: string;
  /** Of the control API; 0 = a free one. */
  readonly port: number;
  /** Of the simulated cloud; 0 = a free one. */
  readonly cloudPort: number;
  /** Of the cluster's Kubernetes API; 0 = a free one. */
  readonly kubePort: number;
  readonly seed: number;
  readonly speed: number;
  /** Forget the state of earlier runs. */
  readonly reset: boolean;
  /** The market takes Spot Instances back where a pool runs short. Default: false. */
  readonly interrupts?: boolean;
  /** A storm, once something stands on Spot. Default: none. */
  readonly storm?: boolean;
  readonly version: string;
  readonly log: Log;
}

export interface LivePlatform {
  readonly apiUrl: string;
  readonly cloudUrl: string;
  readonly fleet: StarterFleet;
  /** Names the cluster of the fleet for kubectl. */
  readonly kubeconfigFile: string;
  /** How many calls of earlier runs were played again. */
  readonly replayed: number;
  /** For the AWS CLI, by account. */
  readonly keys: Readonly<Record<string, { accessKeyId: string; secretAccessKey: string }>>;
  close(): Promise<void>;
}

const sweepMinutes = 15;
const openBusMinutes = 5;
const janitorMinutes = 5;
const minuteMs = 60_000;
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
  applyRoleTemplate(platform.cloud, applied);
  for (const region of regions) applyEventTemplate(platform, { ...applied, region });
};

const applyKnownTemplates = async (platform: Platform): Promise<void> => {
  const { items } = await listAccounts(platform.table, { limit: 1000 });
  for (const account of items) await applyTemplate(platform, account);
};

/** Node makes no `Request` of a TRACE, and API Gateway's ANY does not have it. */
const takesNoTrace = (): Response =>
  new Response(null, { status: 405, headers: { allow: "DELETE, GET, PATCH, POST, PUT" } });

/** The control API, and the customer's part of connecting an account. */
const handlerOf =
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

const addKeys = ({ cloud }: Platform): LivePlatform["keys"] =>
  Object.fromEntries(
    [labAccountId, prodAccountId].map((accountId) => [
      accountId,
      cloud.identities.addUser({ accountId, name: "admin" }),
    ]),
  );

const replayInCluster = async (
  { control }: Platform["eks"],
  { cluster, operation, path, query, contentType, body }: ClusterChange,
): Promise<void> => {
  await control.find(cluster)?.answer({
    method: operation,
    path,
    query: new URLSearchParams(query),
    headers: { authorization: `Bearer ${localAdminToken}`, "content-type": contentType },
    body,
  });
};

const replay = async (
  { cloud, ec2, eks }: Platform,
  clock: LiveClock,
  past: { readonly world: WorldLog; readonly keys: LivePlatform["keys"] },
): Promise<void> => {
  for (const change of past.world.changes) {
    await clock.replayTo(change.atMs);
    if ("market" in change) {
      carryOut({ ec2 }, change.market);
      continue;
    }
    if ("cluster" in change) {
      await replayInCluster(eks, change);
      continue;
    }
    const { atMs: _, accountId, ...request } = change;
    // Who has no key here is our own account: what its functions did.
    const { accessKeyId } = past.keys[accountId] ?? cloud.identities.operator;
    await cloud.call({ ...request, accessKeyId });
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

/** @throws Error that names the option, when something else listens there */
const listen = async (
  what: { readonly name: string; readonly option: string; readonly port: number },
  serving: Promise<Listening>,
): Promise<Listening> => {
  try {
    return await serving;
  } catch (error) {
    if (errorCodeOf(error) !== "EADDRINUSE") throw error;
    throw new Error(
      `Port ${String(what.port)} of the ${what.name} is in use. End what listens there, or start with another ${what.option} (0 = a free one).`,
      { cause: error },
    );
  }
};

const tellOf =
  (log: Log) =>
  (error: unknown): void => {
    const why = error instanceof Error ? error.message : String(error);
    log.error(`The simulated cloud failed at something: ${why}`);
  };

/** DescribeCluster tells the address, and a file tells kubectl. */
const pointTo = (
  { eks }: Platform,
  url: string,
  { fleet, folder }: { readonly fleet: StarterFleet; readonly folder: string },
): string => {
  const { place, name, kubernetes } = fleet.cluster;
  eks.control.setEndpoint({ ...place, name }, url);
  const file = join(folder, "kubeconfig");
  writeFileSync(file, kubeconfigOf(kubernetes, url), { mode: 0o600 });
  return file;
};

const openPlatform = async (
  options: LiveOptions,
  state: StateFolder,
): Promise<{
  readonly platform: Platform;
  readonly clock: LiveClock;
  readonly fleet: LivePlatform["fleet"];
  readonly keys: LivePlatform["keys"];
}> => {
  const { seed, speed, interrupts = false, log } = options;
  const clock = new LiveClock({
    beganMs: state.world.head.beganMs,
    speed,
    onError: tellOf(log),
  });
  const platform = createPlatform({
    clock,
    seed,
    market: seededMarket(interrupts ? { seed, outageFactor: livelyOutages } : { seed }),
    settings: { marketInterruptions: interrupts, recommendedShare: interrupts ? 0.5 : 0 },
    table: state.table,
    version: options.version,
    log,
    randomBytes,
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
  return { platform, clock, fleet, keys };
};

const stormOn = (
  world: {
    readonly platform: Platform;
    readonly clock: LiveClock;
    readonly state: Pick<StateFolder, "recordMarket">;
  },
  { seed, log }: Pick<LiveOptions, "seed" | "log">,
): void => {
  awaitStorm({
    ...world,
    accountIds: [labAccountId, prodAccountId],
    seed,
    tell: (sentence) => {
      log.warn(sentence);
    },
    note: (turn, atMs) => {
      world.state.recordMarket(turn, atMs);
    },
  });
};

/** @throws Error with a sentence for the user, for a folder or a port that can't be had; nothing is left open then */
export const startLivePlatform = async (options: LiveOptions): Promise<LivePlatform> => {
  const { log } = options;
  const state = await openStateFolder(options);
  // The last one opened is ended first.
  const opened = [() => state.close()];
  const close = async (): Promise<void> => {
    for (const end of opened.splice(0).reverse()) await end();
  };
  try {
    const { platform, clock, fleet, keys } = await openPlatform(options, state);
    state.record(platform);
    opened.push(() => {
      clock.stop();
      platform.interpreter.kill();
      return Promise.resolve();
    });
    const cloud = await listen(
      { name: "simulated cloud", option: "--cloud-port", port: options.cloudPort },
      serveCloud(platform.cloud, { port: options.cloudPort, feed: platform.feed }),
    );
    opened.push(cloud.close);
    const kubernetes = await listen(
      { name: "Kubernetes API", option: "--kube-port", port: options.kubePort },
      serveKubernetes(fleet.cluster.kubernetes, { port: options.kubePort, onDefect: tellOf(log) }),
    );
    opened.push(kubernetes.close);
    const kubeconfigFile = pointTo(platform, kubernetes.url, { fleet, folder: options.folder });
    const api = await listen(
      { name: "control API", option: "--port", port: options.port },
      serveApi(handlerOf(platform), options.port),
    );
    opened.push(api.close);
    await clock.goLive();
    await platform.interpreter.resume();
    every(clock, sweepMinutes, () => platform.functions.invoke("schedule-sweep", {}));
    every(clock, janitorMinutes, () => platform.functions.invoke("schedule-janitor", {}));
    every(clock, openBusMinutes, () => platform.functions.invoke("interruption-open-bus", {}));
    for (const { name, everyMinutes } of allSchedules) {
      every(clock, everyMinutes, () => platform.functions.invoke(name, {}));
    }
    if (options.storm === true) stormOn({ platform, clock, state }, options);
    return {
      apiUrl: api.url,
      cloudUrl: cloud.url,
      fleet,
      kubeconfigFile,
      replayed: state.world.changes.length,
      keys,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
