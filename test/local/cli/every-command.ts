/** A row for each command of the tree: what is typed behind it. A new command fails a test until it has one. */

import { ids } from "./canned.ts";

export interface Known {
  readonly targetId: string;
  readonly instanceId: string;
  readonly evaluationId: string;
  readonly accountId: string;
}

const decided = ["--reason", "Incident 4711", "--yes"] as const;

/** In an order in which each can be carried out, one after the other, on one account with one target that was evaluated. */
export const everyCommand: Readonly<Record<string, (known: Known) => readonly string[]>> = {
  "spot health": () => [],
  "spot console": () => [],
  "spot kill-switch show": () => [],
  "spot kill-switch on": () => ["--reason", "Incident 4711", "--yes"],
  "spot kill-switch off": () => ["--reason", "Incident 4711 is over", "--yes"],
  "spot targets list": () => [],
  "spot targets show": ({ targetId }) => [targetId],
  "spot targets set": ({ targetId }) => [targetId, "--set", "max_risk=0.1"],
  "spot targets add": ({ instanceId, accountId }) => [instanceId, "--account", accountId],
  "spot accounts list": () => [],
  "spot accounts show": ({ accountId }) => [accountId],
  "spot accounts add": () => ["111122224444", "--name", "Another", "--regions", "us-east-1"],
  "spot accounts set": ({ accountId }) => [accountId, "--max-switches", "3"],
  "spot accounts verify": ({ accountId }) => [accountId],
  "spot accounts template": ({ accountId }) => [accountId],
  "spot preflight": ({ accountId }) => [accountId],
  "spot show": ({ evaluationId }) => [evaluationId],
  "spot replay": ({ evaluationId }) => [evaluationId],
  "spot evaluations list": () => [],
  "spot evaluate": ({ targetId }) => [targetId],
  "spot evaluations resume": ({ evaluationId }) => [evaluationId, ...decided],
  "spot evaluations roll-back": ({ evaluationId }) => [evaluationId, ...decided],
  "spot evaluations adopt": ({ evaluationId, instanceId }) => [
    evaluationId,
    "--serving",
    instanceId,
    ...decided,
  ],
  "spot approvals list": () => ["--status", "ANY"],
  "spot approvals approve": () => [ids.approval, "--yes"],
  "spot approvals reject": () => [ids.approval, ...decided],
  "spot savings": () => ["--shadow"],
  "spot risk list": () => [],
  "spot risk quarantine": () => [ids.pool, "--until", "2026-03-09", ...decided],
  "spot risk lift": () => [ids.pool, ...decided],
  "spot waste list": () => [],
  "spot waste approve": () => [ids.finding, "--yes"],
  "spot waste dismiss": () => [ids.finding, "--until", "30d", ...decided],
  "spot governance list": () => [],
  "spot governance exempt": () => [ids.unowned, "--until", "30d", ...decided],
  "spot models list": () => [],
  "spot models assign": ({ targetId }) => [targetId, "default", "--yes"],
  "spot models graduate": () => ["none-1", ...decided],
  "spot models reject": () => ["none-1", ...decided],
  "spot notices list": () => [],
  "spot notices acknowledge": () => [ids.notice, "--yes", "--as", "ann"],
  "spot notices test": ({ accountId }) => [accountId, "--yes"],
  "spot doctor": ({ accountId }) => [accountId, "--no-preflight"],
  "spot completion bash": () => [],
  "spot completion zsh": () => [],
  "spot targets remove": ({ targetId }) => [targetId, "--yes"],
  "spot accounts remove": () => ["111122224444", "--yes"],
};

/** On that account: what is not there, what is not open, and what a doctor does not know. All others end with 0. */
export const otherCodes: Readonly<Record<string, number>> = {
  "spot evaluations resume": 4,
  "spot evaluations roll-back": 4,
  "spot evaluations adopt": 4,
  "spot approvals approve": 3,
  "spot approvals reject": 3,
  "spot waste approve": 3,
  "spot waste dismiss": 3,
  "spot governance exempt": 3,
  "spot models graduate": 3,
  "spot models reject": 3,
  "spot notices acknowledge": 3,
  "spot doctor": 12,
};

/** Needs no API. */
export const isOffline = (path: string): boolean => path.startsWith("spot completion ");
