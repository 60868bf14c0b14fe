/**
 * What the conversion of a group costs for each instance that is replaced, and how long it takes: calls to AWS, state transitions, units of the
 * state table, and time by the virtual clock.
 */
import type { EvaluationStatus } from "../../core/model/evaluation.ts";
import type { GroupName, GroupSummary } from "../cloud/autoscaling/control.ts";
import { clusterWorkflow } from "../../statemachines/cluster.ts";
import { dearMarket, type Dearness } from "../lab/dear-market.ts";
import { followExecution } from "../lab/follow.ts";
import { registerGroup } from "../lab/group-subject.ts";
import { addGroup, type GroupDescription } from "../platform/customer-group.ts";
import { readEvaluation, startEvaluation } from "../lab/subject.ts";
import type { LabAccount } from "../lab/account.ts";
import { recordCalls } from "../platform/call-recorder.ts";
import { costPerThousand, totalOf } from "./cost.ts";
import { enteredIn, openBenchAccount, pollingCallsIn, pollingIn, unitsOf } from "./recorded.ts";

export interface GroupFigures {
  readonly name: string;
  readonly batchSize: number;
  /** How the last evaluation ended: proves that the figures are of what the name says. */
  readonly status: EvaluationStatus;
  /** One makes twenty batches at most; the next one goes on. */
  readonly evaluations: number;
  /** Instances. */
  readonly replaced: number;
  /** Of all evaluations together. */
  readonly transitions: number;
  /** Of these, rounds of asking again: wait, ask, route. */
  readonly pollingTransitions: number;
  readonly invocations: number;
  /** To AWS, in both accounts. */
  readonly awsCalls: number;
  /** Of these, looks of a wait that found nothing to do. */
  readonly pollingCalls: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  /** By the virtual clock, from the first start to the last end. */
  readonly seconds: number;
  /** In the longest history of an execution; AWS allows 25,000. */
  readonly events: number;
  /** USD in our own account. */
  readonly usd: number;
  /** Absent where nothing was replaced. */
  readonly perReplaced?: PerReplaced;
}

export interface PerReplaced {
  /** Beside polling. */
  readonly awsCalls: number;
  readonly transitions: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly usd: number;
  readonly meets: { readonly awsCalls: boolean; readonly transitions: boolean };
}

/** At most, for each replaced instance in batches of ten; and of the time that one after the other takes. */
export const groupAims = { awsCalls: 14, transitions: 20, shareOfTime: 1 / 8 } as const;

export interface GroupCase {
  readonly name: string;
  readonly size: number;
  readonly batchSize: number;
  readonly group?: GroupDescription;
  readonly isShadowMode?: boolean;
  /** Between two evaluations. Default: none. */
  readonly pauseMs?: number;
}

const refused: GroupCase = {
  name: "refuse",
  size: 10,
  batchSize: 10,
  group: {
    hooks: [
      {
        LifecycleHookName: "boot",
        LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
        HeartbeatTimeout: 600,
        DefaultResult: "CONTINUE",
      },
    ],
  },
};

export const shadow: GroupCase = { name: "shadow", size: 10, batchSize: 10, isShadowMode: true };

/** A group of so many, in batches of that size. */
export const conversionOf = (size: number, batchSize: number): GroupCase => ({
  name: `convert ${String(size)}, ${batchSize === 1 ? "one at a time" : `${String(batchSize)} at once`}`,
  size,
  batchSize,
});

const zones = 3;

interface Run {
  readonly status: EvaluationStatus;
  readonly entered: readonly string[];
  readonly events: number;
}

const evaluate = async (account: LabAccount, targetId: string): Promise<Run> => {
  const { evaluation_id: id, execution_arn: arn } = await startEvaluation(account, targetId);
  await followExecution(account, arn, { onVisit: () => undefined, onTick: () => undefined });
  const { status } = await readEvaluation(account, id);
  const history = await account.platform.interpreter.history(arn);
  return { status, entered: enteredIn(history), events: history.length };
};

const perReplaced = (figures: Omit<GroupFigures, "perReplaced">): PerReplaced | undefined => {
  const { replaced } = figures;
  if (replaced === 0) return undefined;
  const awsCalls = (figures.awsCalls - figures.pollingCalls) / replaced;
  const transitions = figures.transitions / replaced;
  return {
    awsCalls,
    transitions,
    readUnits: figures.readUnits / replaced,
    writeUnits: figures.writeUnits / replaced,
    usd: figures.usd / replaced,
    meets: {
      awsCalls: awsCalls <= groupAims.awsCalls,
      transitions: transitions <= groupAims.transitions,
    },
  };
};

type Member = GroupSummary["members"][number];

const membersOf =
  ({ platform }: LabAccount, name: GroupName) =>
  (): readonly Member[] =>
    platform.autoScaling.control.find(name)?.members ?? [];

/** A group at its maximum, and its members as they are when asked for. */
const setUp = async (account: LabAccount, { size, batchSize, ...one }: GroupCase) => {
  const { name } = addGroup(account, { ...one.group, size, max: size, zones });
  const targetId = await registerGroup(account, name, {
    policy: { batch_size: batchSize },
    isShadowMode: one.isShadowMode ?? false,
  });
  return { targetId, members: membersOf(account, name) };
};

interface Counting {
  readonly targetId: string;
  readonly members: () => readonly Member[];
}

/** Evaluated again, after a pause, while that replaces something and leaves something. */
const measure = async (
  account: LabAccount,
  { name, batchSize, size, pauseMs = 0 }: GroupCase,
  { targetId, members }: Counting,
): Promise<GroupFigures> => {
  const { clock, platform } = account;
  const first = members().map(({ instanceId }) => instanceId);
  const left = (): number =>
    members().filter(({ instanceId }) => first.includes(instanceId)).length;
  const calls = recordCalls(platform);
  const startMs = clock.now();
  const runs: Run[] = [];
  for (let before = size + 1; left() > 0 && left() < before;) {
    before = left();
    if (runs.length > 0) await clock.run({ atMostMs: clock.now() + pauseMs });
    runs.push(await evaluate(account, targetId));
  }
  const entered = runs.flatMap((run) => run.entered);
  const counted = {
    transitions: entered.length,
    invocations: calls.invocations.length,
    readUnits: unitsOf(calls, false),
    writeUnits: unitsOf(calls, true),
  };
  const figures = {
    name,
    batchSize,
    status: runs.at(-1)?.status ?? "PENDING",
    evaluations: runs.length,
    replaced: size - left(),
    ...counted,
    pollingTransitions: pollingIn(clusterWorkflow, entered),
    awsCalls: calls.awsCalls.length,
    pollingCalls: pollingCallsIn(calls),
    seconds: (clock.now() - startMs) / 1000,
    events: Math.max(...runs.map((run) => run.events)),
    usd: totalOf(costPerThousand({ ...counted, evaluations: runs.length })) / 1000,
  };
  const each = perReplaced(figures);
  return { ...figures, ...(each === undefined ? {} : { perReplaced: each }) };
};

export const measureGroup = async (one: GroupCase): Promise<GroupFigures> => {
  const account = await openBenchAccount();
  return measure(account, one, await setUp(account, one));
};

const hourMs = 3_600_000;

/** By then what was moved has rested. */
const restMs = 7 * hourMs;

/** So much of what their types cost On-Demand: more than a pool is held for, and less than what a group goes back to On-Demand for. */
const dearShare = 0.9;

/** A group that was converted, and the pools of whose members have become dear since: it moves on, to better ones, a tenth of it an hour. */
const measureMove = async (size: number, batchSize: number): Promise<GroupFigures> => {
  const later: { dearness?: Dearness } = {};
  const account = await openBenchAccount(undefined, (market) =>
    dearMarket(market, () => later.dearness),
  );
  const { clock } = account;
  const one = {
    ...conversionOf(size, batchSize),
    name: `move ${String(size)} on, ${String(batchSize)} at once`,
    pauseMs: hourMs,
  };
  const group = await setUp(account, one);
  await measure(account, one, group);
  const types = new Set(group.members().map(({ instanceType }) => instanceType));
  later.dearness = {
    fromMs: clock.now() + restMs / 2,
    share: dearShare,
    isDear: ({ instanceType }) => types.has(instanceType),
  };
  await clock.run({ atMostMs: clock.now() + restMs });
  return measure(account, one, group);
};

export interface MeasuredGroups {
  readonly figures: readonly GroupFigures[];
  /** Of the time that one after the other takes, that of ten at once. */
  readonly shareOfTime: number;
  readonly meetsShareOfTime: boolean;
}

/** Evaluations that change nothing, a group of so many converted ten at once and one at a time, and one that moves on. */
export const measureGroups = async (size = 100): Promise<MeasuredGroups> => {
  const others = [await measureGroup(refused), await measureGroup(shadow)];
  const atOnce = await measureGroup(conversionOf(size, 10));
  const oneByOne = await measureGroup(conversionOf(size, 1));
  const moved = await measureMove(size, 10);
  const shareOfTime = atOnce.seconds / oneByOne.seconds;
  return {
    figures: [...others, atOnce, oneByOne, moved],
    shareOfTime,
    meetsShareOfTime: shareOfTime <= groupAims.shareOfTime,
  };
};
