/**
 * A real control plane on 127.0.0.1: etcd, API server, scheduler and the controllers of workloads and budgets. It has neither a kubelet
 * nor a node lifecycle (kubelet-player.ts plays both), and no cloud. All that it writes is in a folder of its own, which goes with it.
 */
import { rmSync } from "node:fs";
import type { ClusterPki } from "../cloud/kubernetes/pki/certificates.ts";
import type { Access } from "./api.ts";
import { auditArguments, readAudit, type AuditedRequest } from "./audit.ts";
import type { Binaries } from "./binaries.ts";
import { createCredentials, writeKubeconfig, type User } from "./credentials.ts";
import type { RunningProgram } from "./programs.ts";
import {
  compactEtcd,
  startApiServer,
  startControllers,
  startEtcd,
  startScheduler,
} from "./servers.ts";
import { serveTokenWebhook, type TokenWebhook, type WebhookOptions } from "./token-webhook.ts";
import { watchOver } from "./watchdog.ts";

export interface ControlPlane {
  /** Its keys can vouch for a webhook on this machine too. */
  readonly pki: ClusterPki;
  readonly webhook: TokenWebhook;
  readonly access: (user: User) => Access;
  /** The path of that user's file. */
  readonly kubeconfig: (user: User) => string;
  /** All requests of the drainer so far. */
  readonly audited: () => readonly AuditedRequest[];
  /** While they are held nothing that they would do is done; then they go on. */
  readonly holdControllers: () => void;
  readonly releaseControllers: () => void;
  /** What was before is forgotten: lists that began then can't go on. */
  readonly compact: () => Promise<void>;
  /** A second API server on the same data, with more arguments. */
  readonly startServer: (more: readonly string[]) => Promise<SecondServer>;
  readonly stop: () => Promise<void>;
}

interface SecondServer {
  readonly access: Access;
  readonly stop: () => Promise<void>;
}

/** Ends what was started, the last first, and goes on after a failure. @throws what failed */
const stopAll = async (stops: (() => Promise<void>)[]): Promise<void> => {
  const failures: unknown[] = [];
  for (const stop of stops.splice(0).reverse()) {
    await stop().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw new AggregateError(failures, "Not everything could be ended.");
};

/** Ready after about five seconds. @throws Error where a program does not start; nothing is left then */
export const startControlPlane = async (
  binaries: Binaries,
  options: WebhookOptions,
): Promise<ControlPlane> => {
  const credentials = createCredentials();
  const { folder, file, pki, tokens } = credentials;
  const stops = [
    () => {
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  ];
  const pids: number[] = [];
  const started = <Part extends { readonly program: RunningProgram }>(part: Part): Part => {
    stops.push(part.program.stop);
    pids.push(part.program.pid);
    return part;
  };
  try {
    const webhook = await serveTokenWebhook(options);
    stops.push(webhook.close);
    const etcd = started(await startEtcd(binaries, credentials));
    const places = { etcd: etcd.url, webhook: webhook.url };
    const more = auditArguments(file("audit-policy.yaml"), file("audit.log"));
    const server = started(await startApiServer(binaries, credentials, { ...places, more }));
    const kubeconfig = (user: User): string => writeKubeconfig(credentials, user, server.url);
    const managed = await startControllers(binaries, kubeconfig("controllers"));
    started({ program: managed });
    started({ program: await startScheduler(binaries, kubeconfig("scheduler")) });
    const watchdog = watchOver(folder, pids);
    stops.push(() => {
      watchdog.dismiss();
      return Promise.resolve();
    });
    return {
      pki,
      webhook,
      kubeconfig,
      access: (user) => ({ url: server.url, authority: pki.authority, token: tokens[user] }),
      audited: () => readAudit(file("audit.log")),
      holdControllers: () => {
        managed.signal("SIGSTOP");
      },
      releaseControllers: () => {
        managed.signal("SIGCONT");
      },
      compact: () => compactEtcd(etcd.url),
      startServer: async (extra) => {
        const second = await startApiServer(binaries, credentials, { ...places, more: extra });
        const { program, ...access } = second;
        stops.push(program.stop);
        return { access, stop: program.stop };
      },
      stop: () => stopAll(stops),
    };
  } catch (error) {
    await stopAll(stops);
    throw error;
  }
};
