/** Many evaluations at once in one account, in virtual time: who ends how, what was throttled, and what it took. */
import { evaluationIdSchema } from "../../core/model/ids.ts";
import { getEvaluation } from "../../adapters/store/evaluations.ts";
import type { RecordedEvent } from "../interpreter/history.ts";
import type { LabAccount } from "./account.ts";
import { unservedAmong } from "./service.ts";
import {
  addWorkload,
  register,
  startEvaluation,
  type RegistrationRequest,
  type Workload,
} from "./subject.ts";

export interface Storm {
  readonly targets: number;
  /** By turns. */
  readonly workloads: readonly Workload[];
  readonly registration: RegistrationRequest;
}

export interface StormFigures {
  readonly targets: number;
  /** How many ended how. */
  readonly endings: Readonly<Record<string, number>>;
  /** Tasks and executions that ran out of their time. */
  readonly timeOuts: number;
  /** Calls that AWS refused because they were too many, in the customer's account. */
  readonly throttled: number;
  readonly awsCallsPerTarget: number;
  /** Elastic IPs without a healthy holder at the end. */
  readonly unserved: number;
  /** From the first start to the last end. */
  readonly virtualSeconds: number;
}

interface Started {
  readonly evaluationId: string;
  readonly executionArn: string;
}

export interface Site {
  readonly targetId: string;
  readonly allocationIds: readonly string[];
}

/** The zones by turns too: a subnet has 251 addresses. */
const buildSites = async (account: LabAccount, storm: Storm): Promise<readonly Site[]> => {
  const { platform, accountId, region } = account;
  const zones = platform.ec2.control.zones(accountId, region);
  const sites: Site[] = [];
  for (let count = 0; count < storm.targets; count += 1) {
    const workload = storm.workloads[count % storm.workloads.length];
    const zone = zones[Math.floor(count / storm.workloads.length) % zones.length];
    if (workload === undefined || zone === undefined) throw new Error("A storm needs workloads.");
    const instance = addWorkload(account, { zone: zone.id, ...workload });
    const targetId = await register(account, instance, storm.registration);
    sites.push({ targetId, allocationIds: instance.allocationIds });
  }
  return sites;
};

const chunkMs = 5 * 60_000;
const longestMs = 24 * 3_600_000;

/** All at the same instant. @throws Error when one is not at its end after a day */
const startAll = async (
  { clock, platform, ...account }: LabAccount,
  sites: readonly Site[],
): Promise<readonly Started[]> => {
  const started: Started[] = [];
  const beganMs = clock.now();
  for (const { targetId } of sites) {
    clock.schedule(beganMs, async () => {
      const answer = await startEvaluation({ clock, platform, ...account }, targetId);
      started.push({ evaluationId: answer.evaluation_id, executionArn: answer.execution_arn });
    });
  }
  const isRunning = async ({ executionArn }: Started): Promise<boolean> =>
    (await platform.interpreter.describe(executionArn)).status === "RUNNING";
  do {
    await clock.run({ atMostMs: clock.now() + chunkMs });
    if (clock.now() > beganMs + longestMs) throw new Error("A storm does not come to its end.");
  } while ((await Promise.all(started.map(isRunning))).some((running) => running));
  return started;
};

const isTimeOut = ({ type }: RecordedEvent): boolean =>
  type === "TaskTimedOut" || type === "ExecutionTimedOut";

const countEndings = async (
  { table }: LabAccount,
  started: readonly Started[],
): Promise<StormFigures["endings"]> => {
  const endings: Record<string, number> = {};
  for (const { evaluationId } of started) {
    const evaluation = await getEvaluation(table, evaluationIdSchema.parse(evaluationId));
    const status = evaluation?.status ?? "without a record";
    endings[status] = (endings[status] ?? 0) + 1;
  }
  return endings;
};

/** A storm is what the product must bear, whatever an account's limits would have kept from it. */
export const allowAllAtOnce = async ({ api, accountId }: LabAccount): Promise<void> => {
  const path = `/accounts/${accountId}`;
  const body = { max_concurrent_switches: 1000 };
  const { status, text } = await api.send({ method: "PATCH", path, body });
  if (status !== 200) throw new Error(`PATCH ${path} answered ${String(status)}: ${text}`);
};

/** What is evaluated in a storm, before it begins. */
export const setUpStorm = async (account: LabAccount, storm: Storm): Promise<readonly Site[]> => {
  await allowAllAtOnce(account);
  return buildSites(account, storm);
};

export const runStorm = async (account: LabAccount, storm: Storm): Promise<StormFigures> =>
  runStormOn(account, await setUpStorm(account, storm));

export const runStormOn = async (
  account: LabAccount,
  sites: readonly Site[],
): Promise<StormFigures> => {
  const { platform, clock, accountId } = account;
  const beganMs = clock.now();
  const from = platform.cloud.journal.length;
  const started = await startAll(account, sites);
  let timeOuts = 0;
  let endedMs = beganMs;
  for (const { executionArn } of started) {
    const history = await platform.interpreter.history(executionArn);
    timeOuts += history.filter(isTimeOut).length;
    endedMs = Math.max(endedMs, history.at(-1)?.timestamp.getTime() ?? endedMs);
  }
  const calls = platform.cloud.journal.slice(from);
  const addresses = sites.flatMap(({ allocationIds }) => allocationIds);
  return {
    targets: sites.length,
    endings: await countEndings(account, started),
    timeOuts,
    throttled: calls.filter(
      (call) => call.accountId === accountId && call.errorCode === "RequestLimitExceeded",
    ).length,
    awsCallsPerTarget: calls.length / sites.length,
    unserved: unservedAmong(account, addresses).length,
    virtualSeconds: (endedMs - beganMs) / 1000,
  };
};
