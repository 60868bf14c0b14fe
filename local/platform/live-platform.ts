/**
 * The product under `npm start`: the same platform on a live clock, with its state in files. A restart finds the
 * world as it was, and resumes the executions.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { kubeconfigOf } from "../cloud/kubernetes/kubeconfig.ts";
import { errorCodeOf } from "./error-code.ts";
import type { LiveClock } from "./live-clock.ts";
import { handlerOf, openWorld, tellOf, type LiveWorld, type WorldOptions } from "./live-world.ts";
import { runSchedules } from "./live-schedules.ts";
import { awaitStorm } from "./market-storm.ts";
import { preparePlatform, type Platform } from "./platform.ts";
import { labAccountId, prodAccountId, type StarterFleet } from "./starter-fleet.ts";
import { serveApi, type Listening } from "./serve-api.ts";
import { serveCloud } from "../wire/front/http.ts";
import { serveKubernetes } from "../wire/front/kubernetes-https.ts";
import { openStateFolder, type StateFolder } from "./state-folder.ts";

export interface LiveOptions extends WorldOptions {
  /** Folder of the state. */
  readonly folder: string;
  /** Of the control API; 0 = a free one. */
  readonly port: number;
  /** Of the simulated cloud; 0 = a free one. */
  readonly cloudPort: number;
  /** Of the cluster's Kubernetes API; 0 = a free one. */
  readonly kubePort: number;
  /** Forget the state of earlier runs. */
  readonly reset: boolean;
  /** Called before anything happens in the world that was not there before. Default: nobody is. */
  readonly observe?: (world: LiveWorld) => void;
  /** Told in a sentence why it can't go on: nothing happens in the world since. The process is to be ended. */
  readonly onFatal?: (sentence: string) => void;
  /** A storm, once something stands on Spot. Default: none. */
  readonly storm?: boolean;
  /** Answers at the API's port what is not the API's own: the console page. Absent: nothing is. */
  readonly page?: (request: Request) => Promise<Response | undefined> | Response | undefined;
}

export interface LivePlatform {
  readonly version: string;
  readonly apiUrl: string;
  readonly cloudUrl: string;
  readonly fleet: StarterFleet;
  /** Names the cluster of the fleet for kubectl. */
  readonly kubeconfigFile: string;
  /** How many calls of earlier runs were played again. */
  readonly replayed: number;
  /** For the AWS CLI, by account. */
  readonly keys: LiveWorld["keys"];
  close(): Promise<void>;
}

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

const unwritable = (folder: string, error: unknown): string => {
  const why =
    errorCodeOf(error) === "ENOSPC"
      ? "the disk is full. Make room"
      : `${error instanceof Error ? error.message : String(error)}. Mend that`;
  return `The state in ${folder} can't be written: ${why}, then start again: it goes on from what was written last.`;
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

/** @param opened takes what is to be closed. @throws Error as `listen` does */
const openPorts = async (
  { platform, clock, fleet }: LiveWorld,
  options: LiveOptions,
  opened: (() => Promise<void>)[],
): Promise<Pick<LivePlatform, "apiUrl" | "cloudUrl" | "kubeconfigFile">> => {
  const { cloudPort, kubePort, port, folder, log, page } = options;
  const enter: LiveClock["enter"] = (answer) => clock.enter(answer);
  const cloud = await listen(
    { name: "simulated cloud", option: "--cloud-port", port: cloudPort },
    serveCloud(platform.cloud, { port: cloudPort, feed: platform.feed, enter }),
  );
  opened.push(cloud.close);
  const kubernetes = await listen(
    { name: "Kubernetes API", option: "--kube-port", port: kubePort },
    serveKubernetes(fleet.cluster.kubernetes, { port: kubePort, onDefect: tellOf(log), enter }),
  );
  opened.push(kubernetes.close);
  const kubeconfigFile = pointTo(platform, kubernetes.url, { fleet, folder });
  const answer = handlerOf(platform);
  const api = await listen(
    { name: "control API", option: "--port", port },
    // The clock of the world does not wait for a page.
    serveApi(async (request) => (await page?.(request)) ?? enter(() => answer(request)), port),
  );
  opened.push(api.close);
  return { apiUrl: api.url, cloudUrl: cloud.url, kubeconfigFile };
};

/** @throws Error with a sentence for the user, for a folder or a port that can't be had; nothing is left open then */
export const startLivePlatform = async (options: LiveOptions): Promise<LivePlatform> => {
  await preparePlatform();
  let stop = (): void => undefined;
  const state = await openStateFolder({
    ...options,
    onUnwritable: (error) => {
      // What can't be written down must not happen: the next start would not know of it.
      stop();
      options.onFatal?.(unwritable(options.folder, error));
    },
  });
  // The last one opened is ended first.
  const opened = [() => state.close()];
  const close = async (): Promise<void> => {
    for (const end of opened.splice(0).reverse()) await end();
  };
  try {
    const world = await openWorld(options, state);
    const { platform, clock, fleet, keys } = world;
    stop = () => {
      clock.stop();
      platform.interpreter.kill();
    };
    state.record(platform);
    opened.push(() => {
      stop();
      // One that never got so far ends where the last run did.
      state.keepTime(Math.max(clock.now(), state.timeMs));
      return Promise.resolve();
    });
    const ports = await openPorts(world, options, opened);
    options.observe?.(world);
    await clock.goLive(state.timeMs);
    await clock.enter(() => platform.interpreter.resume());
    runSchedules(clock, platform.functions, state.world.head.beganMs);
    if (options.storm === true) stormOn({ platform, clock, state }, options);
    return {
      version: options.version,
      ...ports,
      fleet,
      replayed: state.world.changes.length,
      keys,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
