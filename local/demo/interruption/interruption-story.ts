/**
 * EC2 takes back what switches have brought: a single instance and a member of a group, both announced at one moment. Told is what serves from then
 * on, second by second, and what is remembered of their pools.
 */
import type * as z from "zod";
import {
  evaluationPageSchema,
  evaluationSchema,
  type EvaluationJson,
} from "../../../lambdas/api/schemas/evaluations.ts";
import { riskPoolPageSchema } from "../../../lambdas/api/schemas/risk-pools.ts";
import type { GroupName } from "../../cloud/autoscaling/control.ts";
import type { LabAccount } from "../../lab/account.ts";
import { registerGroup } from "../../lab/group-subject.ts";
import { addWorkload, register, startEvaluation } from "../../lab/subject.ts";
import { applyEventTemplate } from "../../platform/customer-account.ts";
import { addGroup } from "../../platform/customer-group.ts";
import type { Expectation } from "../story.ts";

const hourMs = 3_600_000;
const noticeSeconds = 120;
/** Until both have long ended, and what follows has come to rest. */
const watchedSeconds = 420;

type RiskPool = z.infer<typeof riskPoolPageSchema>["items"][number];

/** What there is at a moment; told where it is otherwise than a moment before. */
interface Moment {
  /** Until the end that EC2 has announced; below 0 after it. */
  readonly secondsLeft: number;
  /** Instance that has the single load's address, and the state of the one that EC2 takes. */
  readonly single: string;
  /** Members in service of those that its owner asks for. */
  readonly group: string;
  /** Our calls in the account since the moment before. */
  readonly calls: readonly string[];
}

interface PoolChange {
  readonly name: string;
  readonly before?: RiskPool;
  readonly after?: RiskPool;
}

export interface InterruptionEnding {
  readonly moments: readonly Moment[];
  readonly instance: EvaluationJson;
  readonly group: EvaluationJson;
  readonly pools: readonly PoolChange[];
  readonly desired: { readonly before: number; readonly after: number };
  /** Seconds from the announcement until the group had as many in service as its owner asks for, without the one that was announced. */
  readonly groupWholeAfterSeconds?: number;
  readonly launches: number;
}

export interface InterruptionReport {
  readonly expectations: readonly Expectation[];
  readonly ending?: InterruptionEnding;
  readonly error?: string;
}

const stateless = {
  consistency: "stateless",
  accept_change_of: ["primary-private-ip"],
} as const;

const switchToSpot = async (account: LabAccount, targetId: string): Promise<EvaluationJson> => {
  const { api, clock } = account;
  const { evaluation_id: id } = await startEvaluation(account, targetId);
  await clock.run({ atMostMs: clock.now() + 2 * hourMs });
  const ended = await api.get(`/evaluations/${id}`, evaluationSchema);
  if (ended.status !== "SWITCHED") {
    throw new Error(`The switch before it ended ${ended.status}: ${ended.outcome?.sentence ?? ""}`);
  }
  return ended;
};

interface Scene {
  readonly account: LabAccount;
  readonly targets: { readonly instance: string; readonly group: string };
  /** Whom EC2 takes. */
  readonly doomed: { readonly instance: string; readonly member: string };
  readonly allocationId: string;
  readonly group: GroupName;
}

/** A customer's account that forwards what AWS tells; a load and a group that two switches have brought to Spot. */
const setScene = async (account: LabAccount): Promise<Scene> => {
  const { accountId, api, platform, region } = account;
  const workload = addWorkload(account, { instanceType: "m5.large", elasticIp: true });
  const policyOverrides = stateless;
  const instanceTarget = await register(account, workload, {
    isShadowMode: false,
    policyOverrides,
  });
  const switched = await switchToSpot(account, instanceTarget);
  const { name } = addGroup(account, { size: 3 });
  const groupTarget = await registerGroup(account, name, { policy: { batch_size: 3 } });
  await switchToSpot(account, groupTarget);
  const yaml = await api.getText(`/accounts/${accountId}/role-template`);
  applyEventTemplate(platform, { accountId, region, yaml });
  await platform.functions.invoke("interruption-open-bus", {});
  // What LAB accounts lose is remembered of no pool.
  await api.send({
    method: "PATCH",
    path: `/accounts/${accountId}`,
    body: { environment: "PROD" },
  });
  const [member] = platform.autoScaling.control.find(name)?.members ?? [];
  const instance = switched.swaps[0]?.replacement?.instance_id;
  if (member === undefined || instance === undefined) throw new Error("Nothing stands on Spot.");
  return {
    account,
    targets: { instance: instanceTarget, group: groupTarget },
    doomed: { instance, member: member.instanceId },
    allocationId: workload.allocationIds[0] ?? "",
    group: name,
  };
};

type Watched = Omit<Moment, "secondsLeft" | "calls">;

/** @param asked members that the group's owner asks for */
const look = ({ account, doomed, allocationId, group }: Scene, asked: number): Watched => {
  const { ec2, autoScaling } = account.platform;
  const holder = ec2.control.holderOf(account.accountId, allocationId);
  const state = ec2.control.stateOf(doomed.instance) ?? "gone";
  const serving = autoScaling.control.serving(group).filter((id) => id !== doomed.member);
  return {
    single: `${holder === doomed.instance ? "announced one" : (holder ?? "nobody")} (announced one: ${state})`,
    group: `${String(serving.length)} of ${String(asked)}`,
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
    const isSame = last?.single === now.single && last.group === now.group && calls.length === 0;
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
  onProgress("two switches");
  const scene = await setScene(account);
  const { clock, platform } = account;
  const { control } = platform.autoScaling;
  const ids = [scene.doomed.instance, scene.doomed.member];
  const desired = control.find(scene.group)?.desired ?? 0;
  const pools = poolsOf(account, ids);
  const before = await Promise.all(pools.map((pool) => readPool(account, pool)));
  onProgress("two warnings");
  const first = platform.cloud.journal.length;
  for (const id of ids) platform.ec2.control.interrupt(id);
  const moments = await watch(scene, desired);
  await clock.run({ atMostMs: clock.now() + hourMs });
  onProgress("");
  const whole = `${String(desired)} of ${String(desired)}`;
  const wholeAt = moments.find(({ group }) => group === whole)?.secondsLeft;
  return {
    moments,
    instance: await lastOf(account, scene.targets.instance),
    group: await lastOf(account, scene.targets.group),
    pools: await Promise.all(pools.map((pool, index) => changeOf(account, pool, before[index]))),
    desired: { before: desired, after: control.find(scene.group)?.desired ?? 0 },
    ...(wholeAt === undefined ? {} : { groupWholeAfterSeconds: noticeSeconds - wholeAt }),
    launches: callsSince(account, first).filter((operation) => operation === "RunInstances").length,
  };
};

const endedWell = ({ kind, started_by: by, status }: EvaluationJson): boolean =>
  kind === "RECOVER" && by === "event" && status === "SWITCHED";

const told = ({ kind, started_by: by, status, outcome }: EvaluationJson): string =>
  `${String(kind)} by ${by}: ${status}. ${outcome?.sentence ?? ""}`;

const expectationsOf = (ending: InterruptionEnding): readonly Expectation[] => {
  const { instance, group, desired, launches, pools, groupWholeAfterSeconds: whole } = ending;
  const { downtime_seconds: downSeconds } = instance;
  return [
    {
      rule: "the warning starts the recovery of the instance, which is switched to another",
      held: endedWell(instance),
      found: told(instance),
    },
    {
      rule: "the warning starts the response of the group, which gets another member",
      held: endedWell(group),
      found: told(group),
    },
    {
      rule: "the group is whole again before the announced end",
      held: whole !== undefined && whole < noticeSeconds,
      found: whole === undefined ? "it is not" : `after ${String(whole)} seconds`,
    },
    {
      rule: "the group ends as large as its owner asks for",
      held: desired.before === desired.after,
      found: `${String(desired.before)}, ${String(desired.after)}`,
    },
    {
      rule: "one is launched for each loss",
      held: launches === 2,
      found: `${String(launches)} launches`,
    },
    {
      rule: "the instance's downtime is measured",
      held: downSeconds !== undefined,
      found: downSeconds === undefined ? "absent" : `${String(downSeconds)} seconds`,
    },
    {
      rule: "each pool's loss is remembered for everybody",
      held: pools.every(({ after }) => (after?.losses ?? 0) > 0),
      found: pools.map(({ name, after }) => `${name}: ${String(after?.losses ?? 0)}`).join(", "),
    },
  ];
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
