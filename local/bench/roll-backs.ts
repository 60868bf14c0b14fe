/**
 * What a roll-back costs that begins when the replacement has taken over already, and fails: readings of the customer's
 * account, transitions, and the seconds until the original serves again. While it is healthy it is not rolled back.
 */
import { isMutating } from "../cloud/journal.ts";
import type { LabAccount } from "../lab/account.ts";
import { followExecution } from "../lab/follow.ts";
import { healthyHolder } from "../lab/service.ts";
import {
  addWorkload,
  readEvaluation,
  register,
  startEvaluation,
  type Workload,
} from "../lab/subject.ts";
import { recordCalls, type CallRecorder } from "../platform/call-recorder.ts";
import { acceptsNewAddress, shop } from "./evaluations.ts";
import { openBenchAccount } from "./recorded.ts";

export interface RollBackFigures {
  readonly name: string;
  /** How it ended, so that the figures are of what the name says. */
  readonly status: string;
  /** Calls that changed something in the customer's account. */
  readonly actions: number;
  readonly readingCalls: number;
  readonly aim: number;
  readonly meetsAim: boolean;
  /** Invocations of the step: each but the last is a round of three state transitions. */
  readonly invocations: number;
  /** From the step's first invocation until the original runs with its address and its volumes. */
  readonly secondsToService: number;
  /** From the step's first invocation until its last. */
  readonly secondsInAll: number;
}

interface Case {
  readonly name: string;
  readonly consistency: "stateless" | "move-volumes" | "stop-and-image";
  readonly workload: Workload;
  /** The original is started again, and never passes its checks. */
  readonly neverRecovers: boolean;
  readonly aim: number;
}

/** Reading calls of the roll-back step. */
export const rollBackAims = { recovers: 100, neverRecovers: 400 } as const;

/** All that can travel with a stateful load. */
const richShop: Workload = {
  ...shop,
  secondaryInterfaces: 1,
  secondaryPrivateIps: 1,
  elasticIpOnSecondary: true,
};

const cases: readonly Case[] = [
  {
    name: "after Verify, move volumes",
    consistency: "move-volumes",
    workload: shop,
    neverRecovers: false,
    aim: rollBackAims.recovers,
  },
  {
    name: "after Verify, stop and image",
    consistency: "stop-and-image",
    workload: shop,
    neverRecovers: false,
    aim: rollBackAims.recovers,
  },
  {
    name: "after Verify, all that travels",
    consistency: "stop-and-image",
    workload: richShop,
    neverRecovers: false,
    aim: rollBackAims.recovers,
  },
  {
    name: "after Verify, original never recovers",
    consistency: "stop-and-image",
    workload: shop,
    neverRecovers: true,
    aim: rollBackAims.neverRecovers,
  },
];

const stepName = "linear-roll-back";

/** Once "Retire original" begins; "Verify" has said by then that the replacement serves. */
const whenVerified = (account: LabAccount, calls: CallRecorder, then: () => void): void => {
  let isDone = false;
  account.platform.cloud.faults.before(() => {
    if (isDone || calls.running() !== "linear-retire-original") return;
    isDone = true;
    then();
  });
};

interface Times {
  firstMs?: number;
  lastMs?: number;
  serviceMs?: number;
}

/** Looks at each tick of the clock and after each call, never at our own record. */
const watchReturn = (account: LabAccount, calls: CallRecorder, originalId: string) => {
  const before = account.platform.ec2.control.find(originalId);
  const allocationId = before?.allocationIds[0] ?? "";
  const times: Times = {};
  const serves = (): boolean => {
    const holder = healthyHolder(account, allocationId);
    return holder?.instanceId === originalId && holder.volumes.length === before?.volumes.length;
  };
  const look = (): void => {
    const nowMs = account.clock.now();
    if (calls.running() === stepName) {
      times.firstMs ??= nowMs;
      times.lastMs = nowMs;
    }
    if (times.firstMs !== undefined && times.serviceMs === undefined && serves()) {
      times.serviceMs = nowMs;
    }
  };
  account.platform.cloud.faults.after(look);
  return { times, look };
};

const secondsBetween = (fromMs: number | undefined, toMs: number | undefined): number =>
  fromMs === undefined || toMs === undefined ? Number.NaN : Math.round((toMs - fromMs) / 1000);

const measure = async (one: Case): Promise<RollBackFigures> => {
  const account = await openBenchAccount();
  const instance = addWorkload(account, one.workload);
  const { instanceId } = instance;
  await register(account, instance, {
    isShadowMode: false,
    policyOverrides: { ...acceptsNewAddress, consistency: one.consistency },
  });
  const calls = recordCalls(account.platform);
  whenVerified(account, calls, () => {
    account.platform.ec2.control.failChecks(({ id }) => one.neverRecovers || id !== instanceId);
  });
  const { times, look } = watchReturn(account, calls, instanceId);
  const { evaluation_id: id, execution_arn: arn } = await startEvaluation(account, instanceId);
  await followExecution(account, arn, { onVisit: () => undefined, onTick: look });
  const made = calls.awsCalls
    .filter(({ by, side }) => by === stepName && side === "customer")
    .map(({ action }) => isMutating(action.slice(action.indexOf(":") + 1)));
  const readingCalls = made.filter((isAction) => !isAction).length;
  return {
    name: one.name,
    status: (await readEvaluation(account, id)).status,
    actions: made.length - readingCalls,
    readingCalls,
    aim: one.aim,
    meetsAim: readingCalls <= one.aim,
    invocations: calls.invocations.filter((name) => name === stepName).length,
    secondsToService: secondsBetween(times.firstMs, times.serviceMs),
    secondsInAll: secondsBetween(times.firstMs, times.lastMs),
  };
};

export const measureRollBacks = async (): Promise<readonly RollBackFigures[]> => {
  const figures: RollBackFigures[] = [];
  for (const one of cases) figures.push(await measure(one));
  return figures;
};
