/** A story of a group: its conversion through the real API, the same time without us, and what the simulated cloud shows afterwards. */
import type { EvaluationJson } from "../../../lambdas/api/schemas/evaluations.ts";
import { replaySchema } from "../../../lambdas/api/schemas/replay.ts";
import type { Pool } from "../../../core/model/market.ts";
import type { GroupName, GroupSummary } from "../../cloud/autoscaling/control.ts";
import type { ManagedResource } from "../../cloud/ec2/control-reads.ts";
import type { Market } from "../../cloud/market/market.ts";
import type { LabAccount } from "../../lab/account.ts";
import { minHealthyMinusDesired } from "../../lab/capacity-judge.ts";
import {
  watchCapacity,
  type CapacityLedger,
  type CapacitySample,
} from "../../lab/capacity-ledger.ts";
import { dearMarket, type Dearness } from "../../lab/dear-market.ts";
import type { OnVisit } from "../../interpreter/visits.ts";
import { followExecution } from "../../lab/follow.ts";
import { playOwner } from "../../lab/group-owner.ts";
import { registerGroup } from "../../lab/group-subject.ts";
import { addGroup, type GroupDescription } from "../../platform/customer-group.ts";
import { readEvaluation, startEvaluation } from "../../lab/subject.ts";
import { mutatingCallsSince, type Expectation } from "../story.ts";
import { drainHook, startDrainAgent, type Drain } from "./drain-agent.ts";

/** The customer's scaling policy acts once, so long after our nth call of that operation. In the run without us it does so at the same time. */
interface Scaling {
  readonly desired: number;
  readonly afterCall: { readonly operation: string; readonly nth: number };
  readonly delaySeconds: number;
}

/** It was brought to Spot in peace, and from an hour later on pools cost so much. */
interface Conversion {
  /** Of what a pool's type costs On-Demand. */
  readonly share: number;
  /** THEIRS: those in which members stand by then. */
  readonly pools: "THEIRS" | "ALL";
}

/** All that expectations are judged on. */
export interface GroupStoryEnding {
  readonly stage: LabAccount;
  readonly evaluation: EvaluationJson;
  readonly name: GroupName;
  readonly targetGroupArn: string;
  /** The group as it was before, and as it is two minutes after the end. */
  readonly before: GroupSummary;
  readonly after: GroupSummary;
  readonly capacity: readonly CapacitySample[];
  /** The same time without us. */
  readonly twin: readonly CapacitySample[];
  /** Minimum of serving less asked where the run without us has no deficit. */
  readonly margin: number | undefined;
  /** Our calls after which fewer served than were asked for. */
  readonly broken: readonly string[];
  readonly drains: readonly Drain[];
  /** When the scaling policy acted, if it did. Milliseconds since the epoch. */
  readonly scaledMs?: number;
  /** Our calls by name; dry runs aside. */
  readonly mutatingCalls: Readonly<Record<string, number>>;
  readonly isReplayIdentical: boolean;
  /** What carries our tag and belongs to no member. */
  readonly orphans: readonly ManagedResource[];
}

export interface GroupStory {
  /** Unique in a demo: names the story in the document. */
  readonly name: string;
  readonly title: string;
  readonly introduction: string;
  readonly group: Pick<GroupDescription, "size" | "max">;
  /** Told is what follows after it. */
  readonly converted?: Conversion;
  /** By its place among the first members, from 0: its owner protects it from scale-in before anything else. */
  readonly isProtected?: number;
  readonly policy: Readonly<Record<string, unknown>>;
  readonly scaling?: Scaling;
  /** What goes wrong with what we launch. */
  readonly arrange?: (stage: LabAccount) => void;
  readonly expect: (ending: GroupStoryEnding) => readonly Expectation[];
}

export interface GroupReport {
  readonly mode: "CLUSTER";
  readonly name: string;
  readonly title: string;
  readonly expectations: readonly Expectation[];
  readonly ending?: GroupStoryEnding;
  /** The story could not be told to its end. */
  readonly error?: string;
}

/** @param change what is another in the market of this story */
export type OpenStage = (change?: (market: Market) => Market) => Promise<LabAccount>;

interface Scene {
  readonly stage: LabAccount;
  readonly name: GroupName;
  readonly targetGroupArn: string;
  readonly targetId: string;
  readonly before: GroupSummary;
  readonly ledger: CapacityLedger;
  readonly drains: readonly Drain[];
  /** Of them, before the story is told. */
  readonly firstDrain: number;
}

/** Until what the owner does first is done. */
const firstMs = 1_000;
/** What leaves last is drained, and gone. */
const settlingMs = 2 * 60_000;
/** As long no member leaves the pool to which it was brought. */
const restMs = 6 * 60 * 60_000;

const groupOf = ({ platform }: LabAccount, name: GroupName): GroupSummary => {
  const group = platform.autoScaling.control.find(name);
  if (group === undefined) throw new Error(`There is no Auto Scaling group ${name.name}.`);
  return group;
};

type PoolKey = Pick<Pool, "instanceType" | "zoneId">;

const keyOf = ({ instanceType, zoneId }: PoolKey): string => `${instanceType} ${zoneId}`;

/** Those in which members stand. */
const poolsOf = ({ platform }: LabAccount, name: GroupName): ReadonlySet<string> =>
  new Set(
    (platform.autoScaling.control.find(name)?.members ?? []).flatMap(({ instanceId }) => {
      const instance = platform.ec2.control.find(instanceId);
      return instance === undefined ? [] : [keyOf(instance)];
    }),
  );

/** Nobody interferes, and the members rest. */
const convert = async (
  { stage, name, targetId }: Pick<Scene, "stage" | "name" | "targetId">,
  { share, pools }: Conversion,
): Promise<Dearness> => {
  const { execution_arn: arn } = await startEvaluation(stage, targetId);
  await followExecution(stage, arn, { onVisit: () => undefined, onTick: () => undefined });
  const { clock } = stage;
  const theirs = poolsOf(stage, name);
  const fromMs = clock.now() + restMs;
  await clock.run({ atMostMs: fromMs });
  return { fromMs, share, isDear: (pool) => pools === "ALL" || theirs.has(keyOf(pool)) };
};

const setUp = async (story: GroupStory, openStage: OpenStage): Promise<Scene> => {
  const dear: { ness?: Dearness } = {};
  const stage = await openStage((market) => dearMarket(market, () => dear.ness));
  const { name, targetGroupArn } = addGroup(stage, {
    ...story.group,
    hooks: [
      {
        LifecycleHookName: drainHook,
        LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
        HeartbeatTimeout: 600,
        DefaultResult: "CONTINUE",
      },
    ],
  });
  const { isProtected: member } = story;
  const { refused } = playOwner(
    stage.platform,
    name,
    member === undefined ? [] : [{ kind: "PROTECT", member, isProtected: true, afterSeconds: 0 }],
  );
  await stage.clock.run({ atMostMs: stage.clock.now() + firstMs });
  if (refused.length > 0) throw new Error(refused.join(" "));
  const targetId = await registerGroup(stage, name, { policy: story.policy });
  const drains = startDrainAgent(stage, name);
  const { converted } = story;
  if (converted !== undefined) {
    dear.ness = await convert({ stage, name, targetId }, converted);
  }
  return {
    stage,
    name,
    targetGroupArn,
    targetId,
    before: groupOf(stage, name),
    ledger: watchCapacity(stage.platform, { group: name }),
    drains,
    firstDrain: drains.length,
  };
};

/** @returns tells when it acted */
const awaitScaling = (
  { stage: { platform, clock, accountId }, name }: Scene,
  { desired, afterCall, delaySeconds }: Scaling,
): (() => number | undefined) => {
  let seen = 0;
  let actedMs: number | undefined;
  platform.cloud.faults.after(({ operation, caller }) => {
    const isOurs = caller.accountId === accountId && caller.sessionName !== undefined;
    if (!isOurs || operation !== afterCall.operation) return;
    seen += 1;
    if (seen !== afterCall.nth) return;
    clock.schedule(clock.now() + delaySeconds * 1000, () => {
      actedMs = clock.now();
      platform.autoScaling.control.applyPolicy(name, { desired });
    });
  });
  return () => actedMs;
};

/** The same seed, the same group and the same customer, without us. */
const playTwin = async (
  story: GroupStory,
  openStage: OpenStage,
  { endMs, scaledMs }: { readonly endMs: number; readonly scaledMs: number | undefined },
): Promise<readonly CapacitySample[]> => {
  const { stage, name, ledger } = await setUp(story, openStage);
  const { clock, platform } = stage;
  const { scaling } = story;
  if (scaling !== undefined && scaledMs !== undefined) {
    clock.schedule(scaledMs, () => {
      platform.autoScaling.control.applyPolicy(name, scaling);
    });
  }
  await clock.run({ atMostMs: endMs });
  return ledger.samples;
};

const perform = async (
  story: GroupStory,
  openStage: OpenStage,
  onVisit: OnVisit,
): Promise<GroupStoryEnding> => {
  const scene = await setUp(story, openStage);
  const { stage, name, targetGroupArn, targetId, before, ledger, drains, firstDrain } = scene;
  const { clock, platform, accountId, api } = stage;
  const firstCall = platform.cloud.journal.length;
  const scaledAt = story.scaling === undefined ? undefined : awaitScaling(scene, story.scaling);
  story.arrange?.(stage);
  const started = await startEvaluation(stage, targetId);
  await followExecution(stage, started.execution_arn, { onVisit, onTick: () => undefined });
  const evaluation = await readEvaluation(stage, started.evaluation_id);
  await clock.run({ atMostMs: clock.now() + settlingMs });
  ledger.end();
  const replay = await api.post(
    `/evaluations/${evaluation.evaluation_id}/replay`,
    replaySchema,
    {},
  );
  const scaledMs = scaledAt?.();
  const twin = await playTwin(story, openStage, { endMs: clock.now(), scaledMs });
  const after = groupOf(stage, name);
  return {
    stage,
    evaluation,
    name,
    targetGroupArn,
    before,
    after,
    capacity: ledger.samples,
    twin,
    margin: minHealthyMinusDesired(ledger.samples, twin),
    broken: ledger.broken,
    drains: drains.slice(firstDrain),
    ...(scaledMs === undefined ? {} : { scaledMs }),
    mutatingCalls: mutatingCallsSince(stage, firstCall),
    isReplayIdentical: replay.identical,
    orphans: platform.ec2.control.orphans({
      accountId,
      except: after.members.map(({ instanceId }) => instanceId),
    }),
  };
};

/** Never throws: what went wrong is part of the report. */
export const tellGroupStory = async (
  story: GroupStory,
  openStage: OpenStage,
  onVisit: OnVisit,
): Promise<GroupReport> => {
  const { name, title } = story;
  try {
    const ending = await perform(story, openStage, onVisit);
    return { mode: "CLUSTER", name, title, ending, expectations: story.expect(ending) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { mode: "CLUSTER", name, title, expectations: [], error: message };
  }
};
