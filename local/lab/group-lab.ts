/**
 * The laboratory with an Auto Scaling group: one customer account on the whole product, in virtual time, with a group behind a load balancer. It is
 * registered, its capacity is sampled at each change and after each call, and an evaluation of it is run to its end.
 */
import { evaluationIdSchema, type EvaluationId } from "../../core/model/ids.ts";
import { getEvaluation, loadEffects, loadEvaluation } from "../../adapters/store/evaluations.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import { findOut } from "../../core/decide/switch/found-out.ts";
import type { ClusterEvaluation, ToldEffect } from "../../core/model/evaluation.ts";
import type { Intent } from "../../core/model/intent.ts";
import type { Swap } from "../../core/model/swap.ts";
import type { GroupName, GroupSummary } from "../cloud/autoscaling/control.ts";
import type { Ec2Settings } from "../cloud/ec2/settings.ts";
import type { Market } from "../cloud/market/market.ts";
import { addGroup, type GroupDescription } from "../platform/customer-group.ts";
import type { Platform } from "../platform/platform.ts";
import { openAccount, type AccountOptions, type LabAccount } from "./account.ts";
import { watchCapacity, type CapacityLedger } from "./capacity-ledger.ts";
import type { FunctionRuns } from "./function-runs.ts";
import { registerGroup, type GroupRegistration } from "./group-subject.ts";
import type { Until } from "./recalled-runs.ts";
import { createAlike, nameOfBegin, recallRepeated } from "./recordings.ts";
import { runToEnd } from "./run.ts";
import { smallMarket } from "./small-market.ts";
import { startEvaluation } from "./subject.ts";

const region = "us-east-1";
const startMs = Date.parse("2026-03-02T09:00:00Z");

export interface GroupLabOptions extends GroupDescription, GroupRegistration {
  readonly settings?: Partial<Ec2Settings>;
  readonly market?: Market;
  readonly seed?: number;
  /** Who reads the log, is told of the platform before anything is called, and stands around functions. */
  readonly watchers?: Pick<AccountOptions, "log" | "onPlatform" | "around">;
  /** Nothing that the test does can be seen before: up to there functions are recalled from another to which the same applies. */
  readonly undisturbedUntil?: Exclude<Until, "END">;
}

export interface GroupEnding {
  readonly evaluationId: EvaluationId;
  readonly status: ClusterEvaluation["status"];
  readonly evaluation: ClusterEvaluation;
  readonly swaps: readonly Swap[];
  readonly intents: readonly Intent[];
  readonly effects: readonly ToldEffect[];
  readonly group: GroupSummary | undefined;
  readonly executionStatus: string;
}

export interface GroupLab {
  readonly account: LabAccount;
  readonly platform: Platform;
  readonly name: GroupName;
  readonly targetId: string;
  readonly targetGroupArn: string;
  readonly capacity: CapacityLedger;
  group(): GroupSummary | undefined;
  /** `to`: where it is asked to go. Absent: to Spot. */
  run(to?: "ON_DEMAND"): Promise<GroupEnding>;
  /** Runs the execution that stands in the record to its end: what a person decided goes on in one of its own. */
  finish(evaluationId: EvaluationId): Promise<GroupEnding>;
}

/** Less to poll for, and no answer that is behind: what a group does is tried here, not EC2's bad days. */
const quickSettings: Partial<Ec2Settings> = { bootMs: 8_000, checksMs: 30_000 };

const finish = async (
  { account, name }: Pick<GroupLab, "account" | "name">,
  evaluationId: EvaluationId,
): Promise<GroupEnding> => {
  const { platform, table } = account;
  const begun = await getEvaluation(table, evaluationId);
  const executionStatus = await runToEnd(account, begun?.executionArn ?? "");
  const stored = await loadEvaluation(table, evaluationId);
  if (stored?.evaluation.mode !== "CLUSTER") throw new Error(`${evaluationId} is not of a group.`);
  const { evaluation, swaps } = stored;
  return {
    evaluationId,
    status: evaluation.status,
    evaluation,
    swaps,
    intents: await listIntents(table, evaluationId),
    effects: findOut({ ...(await loadEffects(table, evaluationId)), status: evaluation.status }),
    group: platform.autoScaling.control.find(name),
    executionStatus,
  };
};

const openGroupLab = async (options: GroupLabOptions, runs?: FunctionRuns): Promise<GroupLab> => {
  const account = await openAccount({
    market: options.market ?? smallMarket,
    seed: options.seed ?? 1,
    startMs,
    region,
    version: "0.0.0",
    name: "workshop",
    isRecalled: true,
    environment: "LAB",
    front: "direct",
    throttle: false,
    settings: { ...quickSettings, ...options.settings },
    ...options.watchers,
    ...(runs === undefined ? {} : { around: runs }),
  });
  const { platform } = account;
  const { name, targetGroupArn } = addGroup(account, options);
  const targetId = await registerGroup(account, name, options);
  const capacity = watchCapacity(platform, { group: name });
  const lab = { account, platform, name, targetId, targetGroupArn, capacity };
  return {
    ...lab,
    group: () => platform.autoScaling.control.find(name),
    run: async (to) => {
      const started = await startEvaluation(account, lab.targetId, to && { to });
      return finish(lab, evaluationIdSchema.parse(started.evaluation_id));
    },
    finish: (evaluationId) => finish(lab, evaluationId),
  };
};

export const createGroupLab = (options: GroupLabOptions = {}): Promise<GroupLab> =>
  createAlike("a group", options, openGroupLab);

/** What a conversion in peace has brought to Spot. @throws Error when it was not made */
export const createGroupOnSpot = async (options: GroupLabOptions = {}): Promise<GroupLab> => {
  const convert = async (runs?: FunctionRuns): Promise<GroupLab> => {
    const lab = await openGroupLab(options, runs);
    const { status } = await lab.run();
    if (status !== "SWITCHED") throw new Error(`The conversion before it ended ${status}.`);
    return lab;
  };
  const { watchers, ...alike } = options;
  // Who stands around functions himself knows what is recalled.
  if (watchers?.around !== undefined) return convert();
  return recallRepeated(nameOfBegin("a group to Spot", alike), convert);
};
