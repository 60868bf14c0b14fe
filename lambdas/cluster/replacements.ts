/** How the replacements of the batch are: those that are lost or fail are given up alone, and a pool's loss is remembered. */
import { readSpotHealths } from "../../adapters/aws/ec2/spot-health.ts";
import { listWarned } from "../../adapters/store/spot-events.ts";
import { fleetOfGroup } from "../../core/decide/offers/group-fleet.ts";
import { endedByAccount } from "../../core/decide/switch/ended.ts";
import {
  isTakenByPool,
  isUp,
  judgeHealth,
  type HealthJudgement,
} from "../../core/decide/switch/health.ts";
import { paces } from "../../core/decide/cluster/paces.ts";
import { isRecovery } from "../../core/model/evaluation-kind.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { GroupMember } from "../../core/model/group.ts";
import { membersIn } from "../../core/model/fleet.ts";
import type { InstanceId } from "../../core/model/ids.ts";
import type { InstanceHealth } from "../../core/model/instance.ts";
import type { Pool } from "../../core/model/market.ts";
import type { Pace } from "../../core/model/evaluation.ts";
import type { SwapChange } from "../evaluation/evaluation-step.ts";
import { readSubjectFacts } from "../evaluation/facts.ts";
import { rememberTaken } from "../evaluation/remember-taken.ts";
import { readSharedHealth } from "../evaluation/shared-reading.ts";
import { waitFor } from "../evaluation/waiting.ts";
import { policyOf, readJudgedGroup } from "./group.ts";
import { giveUp, type Launched } from "../evaluation/swap-changes.ts";
import { batchOf, launchedUnderWay, type ClusterSession } from "./session.ts";

export interface Waiting {
  readonly swap: Launched;
  /** What is waited for. */
  readonly sentence: string;
}

export interface ReplacementStandings {
  readonly healthy: readonly Launched[];
  readonly waiting: readonly Waiting[];
  readonly lost: readonly SwapChange[];
}

const lostSentence = async (
  session: ClusterSession,
  health: InstanceHealth,
  sentence: string,
): Promise<string> => {
  if (isTakenByPool(health)) return sentence;
  const { launch } = await readSubjectFacts<"CLUSTER">(session);
  const ended = endedByAccount(health, {
    accountId: session.evaluation.accountId,
    kmsKeyIds: (launch?.keys ?? []).flatMap(({ keyId }) => keyId ?? []),
  });
  return ended === undefined ? sentence : `${ended.sentence} Next: ${ended.nextStep}`;
};

/** Of the pool's own others, how many are left there. */
const leftIn = async (
  session: ClusterSession,
  pool: Pool,
  lostIds: readonly string[],
): Promise<number> => {
  const group = await readJudgedGroup(session);
  const swaps = session.swaps.filter(
    ({ replacement }) => replacement === undefined || !lostIds.includes(replacement.instanceId),
  );
  return membersIn(fleetOfGroup(group, { policy: policyOf(session, group), swaps }), pool);
};

const remember = async (
  session: ClusterSession,
  { replacement }: Launched,
  lostIds: readonly string[],
): Promise<void> => {
  const { targetId } = session.evaluation;
  const { instanceId, pool } = replacement;
  const instances = await leftIn(session, pool, lostIds);
  await rememberTaken(session, { pool, instanceId, held: { targetId, instances } });
};

/** Of a Spot Instance its request must be shown, too. */
const judgeWithRequest = (health: InstanceHealth, { purchase }: Launched): HealthJudgement => {
  const judged = judgeHealth(health);
  const isShown = health.spotStatus !== undefined || purchase === "ON_DEMAND";
  return judged.kind === "HEALTHY" && !isShown
    ? {
        kind: "WAITING",
        sentence: `EC2 does not show the Spot request of ${health.instanceId} yet.`,
      }
    : judged;
};

interface Known {
  /** Whose end an event has announced. */
  readonly warned: ReadonlyMap<InstanceId, unknown>;
  /** A balancer proves them before they join: EC2's checks, which take minutes after a launch, are not waited for. */
  readonly areProvedByBalancer: boolean;
}

/** Where it runs and nothing speaks against it, a balancer's own check says more than EC2's. */
const judgeByChecks = (
  health: InstanceHealth,
  swap: Launched,
  { areProvedByBalancer }: Known,
): HealthJudgement => {
  const judged = judgeWithRequest(health, swap);
  return judged.kind === "WAITING" &&
    areProvedByBalancer &&
    isUp(health, swap.purchase === "ON_DEMAND")
    ? { kind: "HEALTHY" }
    : judged;
};

/** Its end may be told by an event, and EC2 not show it yet: what was announced is not brought in. */
const judgeReplacement = (
  health: InstanceHealth,
  swap: Launched,
  known: Known,
): HealthJudgement => {
  const judged = judgeByChecks(health, swap, known);
  const { instanceId } = swap.replacement;
  const { warned } = known;
  return judged.kind === "HEALTHY" && warned.has(instanceId)
    ? { kind: "LOST", sentence: `EC2 has announced the end of ${instanceId}.` }
    : judged;
};

/** The notice is over before EC2's checks have passed. Without a balancer nothing else would prove a replacement. */
const areProvedByBalancer = async (session: ClusterSession): Promise<boolean> => {
  if (!isRecovery(session.evaluation)) return false;
  const { targetGroups, classic } = (await readJudgedGroup(session)).traffic;
  return targetGroups.length + classic.length > 0;
};

/** Codes of the Spot requests of those of a group's members that have one, as they were read with it. */
const codesIn = (members: readonly GroupMember[]): ReadonlyMap<string, string> =>
  new Map(
    members.flatMap(({ instanceId, instance }) =>
      instance?.spotStatus === undefined ? [] : [[instanceId, instance.spotStatus] as const],
    ),
  );

const readKnown = async (session: ClusterSession): Promise<Known> => {
  const { context, evaluation } = session;
  return {
    warned: await listWarned(context.table, evaluation, evaluation.startedAt),
    areProvedByBalancer: await areProvedByBalancer(session),
  };
};

const standingsOf = async (
  session: ClusterSession,
  healths: readonly InstanceHealth[],
  known: Known,
): Promise<ReplacementStandings> => {
  const launched = launchedUnderWay(session);
  const takenIds = healths.filter(isTakenByPool).map(({ instanceId }) => instanceId);
  const healthy: Launched[] = [];
  const waiting: Waiting[] = [];
  const lost: SwapChange[] = [];
  for (const health of healths) {
    const swap = launched.find(({ replacement }) => replacement.instanceId === health.instanceId);
    if (swap === undefined) continue;
    const judged = judgeReplacement(health, swap, known);
    if (judged.kind === "HEALTHY") healthy.push(swap);
    else if (judged.kind === "WAITING") waiting.push({ swap, sentence: judged.sentence });
    else {
      if (swap.purchase === undefined && isTakenByPool(health))
        await remember(session, swap, takenIds);
      lost.push(giveUp(swap, await lostSentence(session, health, judged.sentence)));
    }
  }
  return { healthy, waiting, lost };
};

/**
 * Two calls while all are awake, however many there are.
 * @param members of the group, where it was read right before: the requests of those that have joined it need not be asked for
 */
export const readReplacements = async (
  session: ClusterSession<"ec2">,
  members: readonly GroupMember[] = [],
): Promise<ReplacementStandings> => {
  const { ec2 } = await session.customer();
  const healths = await readSpotHealths(
    ec2,
    launchedUnderWay(session).map(({ replacement }) => replacement.instanceId),
    codesIn(members),
  );
  return standingsOf(session, healths, await readKnown(session));
};

/** Undefined: one of them, at least, was not read for all, or is lost. */
const readShared = async (
  session: ClusterSession<"ec2">,
  known: Known,
): Promise<readonly InstanceHealth[] | undefined> => {
  const healths: InstanceHealth[] = [];
  for (const swap of launchedUnderWay(session)) {
    const { instanceId, launchedAt } = swap.replacement;
    const causedAt = launchedAt ?? session.evaluation.startedAt;
    const health = await readSharedHealth(session, { instanceId, causedAt });
    const kind = health && judgeReplacement(health, swap, known).kind;
    if (health === undefined || kind === "LOST" || kind === "FAILED") return undefined;
    healths.push(health);
  }
  return healths;
};

/** The same while they are waited for, before anything rests on it: one of many responses goes by what was read for all. What is lost, or fails, is read by itself. */
export const lookAtReplacements = async (
  session: ClusterSession<"ec2">,
): Promise<ReplacementStandings> => {
  if (session.evaluation.sharesReadings !== true) return readReplacements(session);
  const known = await readKnown(session);
  const shared = await readShared(session, known);
  return shared === undefined ? readReplacements(session) : standingsOf(session, shared, known);
};

interface Awaiting {
  readonly phase: string;
  readonly minutes: number;
  readonly pace: Pace;
  readonly waiting: readonly Waiting[];
  readonly nextStep?: string;
}

export type Awaited =
  | { readonly kind: "WAITING"; readonly answer: ReturnType<typeof waitFor> }
  /** Too late for these: they are given up, and the others go on. */
  | { readonly kind: "LATE"; readonly swaps: readonly SwapChange[] };

/** What is still not there at the deadline of the batch is given up alone: the other pairs go on without it. */
export const awaitPairs = (
  session: ClusterSession,
  { phase, minutes, pace, waiting, nextStep }: Awaiting,
): Awaited => {
  const [first] = waiting;
  const sentence = waiting.map((one) => one.sentence).join(" ");
  try {
    const answer = waitFor(session, {
      phase,
      round: batchOf(session),
      minutes,
      pace: isRecovery(session.evaluation) ? paces.recovery : pace,
      sentence,
      resource: first?.swap.replacement.instanceId ?? session.evaluation.subject.asgName,
      ...(nextStep === undefined ? {} : { nextStep }),
    });
    return { kind: "WAITING", answer };
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || error.name !== "BrokenDeadline") throw error;
    const late = `after ${String(minutes)} minutes`;
    return {
      kind: "LATE",
      swaps: waiting.map((one) => giveUp(one.swap, `Still so ${late}: ${one.sentence}`)),
    };
  }
};
