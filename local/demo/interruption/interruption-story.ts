/**
 * EC2 takes back what switches have brought: a single instance, a member of a group and a node, all announced at one moment. Told is what serves from
 * then on, second by second, what is remembered of their pools, and how what came On-Demand returns to Spot.
 */
import {
  evaluationPageSchema,
  evaluationSchema,
  type EvaluationJson,
} from "../../../lambdas/api/schemas/evaluations.ts";
import { riskPoolPageSchema } from "../../../lambdas/api/schemas/risk-pools.ts";
import type { LabAccount } from "../../lab/account.ts";
import { belongsToNode, isHealthy } from "../../lab/cluster-mirror.ts";
import type { Expectation } from "../story.ts";
import {
  expectationsOf,
  noticeSeconds,
  type InterruptionEnding,
  type Moment,
  type PoolChange,
  type RiskPool,
} from "./interruption-ending.ts";
import { setScene, type Scene } from "./interruption-scene.ts";
import { awaitWayBack } from "./way-back.ts";

const hourMs = 3_600_000;
/** Until both have long ended, and what follows has come to rest. */
const watchedSeconds = 420;

export interface InterruptionReport {
  readonly expectations: readonly Expectation[];
  readonly ending?: InterruptionEnding;
  readonly error?: string;
}

type Watched = Omit<Moment, "secondsLeft" | "calls">;

const podsNow = ({ cluster, doomed }: Scene): string => {
  const { control } = cluster.kubernetes;
  const node = control
    .list("nodes")
    .find(({ spec }) => spec.providerID?.endsWith(`/${doomed.node}`) === true);
  const pods = control.list("pods").filter((pod) => !belongsToNode(pod));
  const ready = pods.filter(isHealthy);
  const left = ready.filter(({ spec }) => spec.nodeName === node?.metadata.name).length;
  return `${String(ready.length)}${node === undefined ? "" : `, ${String(left)} of them there`}`;
};

/** @param asked members that the group's owner asks for */
const look = (scene: Scene, asked: number): Watched => {
  const { account, doomed, allocationId, group } = scene;
  const { ec2, autoScaling } = account.platform;
  const holder = ec2.control.holderOf(account.accountId, allocationId);
  const state = ec2.control.stateOf(doomed.instance) ?? "gone";
  const serving = autoScaling.control.serving(group).filter((id) => id !== doomed.member);
  return {
    single: `${holder === doomed.instance ? "announced one" : (holder ?? "nobody")} (announced one: ${state})`,
    group: `${String(serving.length)} of ${String(asked)}`,
    pods: podsNow(scene),
  };
};

const callsSince = ({ platform, accountId }: LabAccount, first: number): readonly string[] =>
  platform.cloud.journal
    .slice(first)
    .filter((entry) => entry.accountId === accountId && entry.sessionName !== undefined)
    .filter(({ mutating, dryRun }) => mutating && !dryRun)
    .map(({ operation }) => operation);

const watch = async (scene: Scene, asked: number): Promise<readonly Moment[]> => {
  const { account } = scene;
  const { clock, platform } = account;
  const beganMs = clock.now();
  const moments: Moment[] = [];
  let seen = platform.cloud.journal.length;
  for (let second = 0; second <= watchedSeconds; second += 1) {
    await clock.run({ atMostMs: beganMs + second * 1000 });
    const now = look(scene, asked);
    const calls = callsSince(account, seen);
    seen = platform.cloud.journal.length;
    const last = moments.at(-1);
    const isSame =
      calls.length === 0 &&
      last?.single === now.single &&
      last.group === now.group &&
      last.pods === now.pods;
    if (!isSame) moments.push({ secondsLeft: noticeSeconds - second, ...now, calls });
  }
  return moments;
};

interface NamedPool {
  readonly instanceType: string;
  readonly zoneId: string;
}

/** EC2 forgets what has ended: asked for before. The two may stand in one. */
const poolsOf = ({ platform }: LabAccount, ids: readonly string[]): readonly NamedPool[] => {
  const pools = ids.map((id) => {
    const { instanceType = "", zoneId = "" } = platform.ec2.control.find(id) ?? {};
    return [`${instanceType} ${zoneId}`, { instanceType, zoneId }] as const;
  });
  return [...new Map(pools).values()];
};

const readPool = async (
  { api, region }: LabAccount,
  { instanceType, zoneId }: NamedPool,
): Promise<RiskPool | undefined> => {
  const query = `region=${region}&zone_id=${zoneId}&instance_type=${instanceType}`;
  return (await api.get(`/risk/pools?${query}`, riskPoolPageSchema)).items[0];
};

const lastOf = async ({ api }: LabAccount, targetId: string): Promise<EvaluationJson> => {
  const { items } = await api.get(
    `/evaluations?target_id=${targetId}&limit=1`,
    evaluationPageSchema,
  );
  return api.get(`/evaluations/${items[0]?.evaluation_id ?? ""}`, evaluationSchema);
};

const changeOf = async (
  account: LabAccount,
  pool: NamedPool,
  before: RiskPool | undefined,
): Promise<PoolChange> => {
  const after = await readPool(account, pool);
  return {
    name: `${pool.instanceType} ${pool.zoneId}`,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
};

const perform = async (
  account: LabAccount,
  onProgress: (text: string) => void,
): Promise<InterruptionEnding> => {
  onProgress("three switches");
  const scene = await setScene(account);
  const { clock, platform } = account;
  const { control } = platform.autoScaling;
  const ids = [scene.doomed.instance, scene.doomed.member, scene.doomed.node];
  const desired = control.find(scene.group)?.desired ?? 0;
  const pools = poolsOf(account, ids);
  const before = await Promise.all(pools.map((pool) => readPool(account, pool)));
  onProgress("three warnings");
  const first = platform.cloud.journal.length;
  const noticedMs = clock.now();
  for (const id of ids) platform.ec2.control.interrupt(id);
  const moments = await watch(scene, desired);
  await clock.run({ atMostMs: clock.now() + hourMs });
  const whole = `${String(desired)} of ${String(desired)}`;
  const wholeAt = moments.find(({ group }) => group === whole)?.secondsLeft;
  const ending = {
    moments,
    instance: await lastOf(account, scene.targets.instance),
    group: await lastOf(account, scene.targets.group),
    nodes: await lastOf(account, scene.targets.nodes),
    pools: await Promise.all(pools.map((pool, index) => changeOf(account, pool, before[index]))),
    desired: { before: desired, after: control.find(scene.group)?.desired ?? 0 },
    ...(wholeAt === undefined ? {} : { groupWholeAfterSeconds: noticeSeconds - wholeAt }),
    launches: callsSince(account, first).filter((operation) => operation === "RunInstances").length,
  };
  onProgress("sweeps");
  const wayBack = await awaitWayBack(account, scene.targets.nodes, noticedMs);
  onProgress("");
  return { ...ending, ...(wayBack && { wayBack }) };
};

/** Never throws: what went wrong is part of the report. */
export const tellInterruption = async (
  openStage: () => Promise<LabAccount>,
  onProgress: (text: string) => void,
): Promise<InterruptionReport> => {
  try {
    const ending = await perform(await openStage(), onProgress);
    return { ending, expectations: expectationsOf(ending) };
  } catch (error) {
    return { expectations: [], error: error instanceof Error ? error.message : String(error) };
  }
};
