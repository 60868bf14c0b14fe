/** Runs an evaluation to the end of its execution in virtual time, and gathers how it ended and what it left behind. */
import { standsKept } from "../../core/decide/linear/kept-original.ts";
import { findOut } from "../../core/decide/switch/found-out.ts";
import type { EvaluationId } from "../../core/model/ids.ts";
import type { LinearEvaluation, Resolution } from "../../core/model/evaluation.ts";
import { lastResolution } from "../../core/model/resolution.ts";
import { changesOf, type Intent } from "../../core/model/intent.ts";
import { getEvaluation, loadEffects, loadStory } from "../../adapters/store/evaluations.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import { isHeld, readLease } from "../../adapters/store/leases.ts";
import { CloudError } from "../cloud/contract.ts";
import type { Platform } from "../platform/platform.ts";
import type { LabAccount } from "./account.ts";
import type { Ending, Lab } from "./contract.ts";
import { findLeaks } from "./secrets.ts";

const chunkMs = 5 * 60_000;
const longestMs = 24 * 3_600_000;

/** While the interpreter is dead nobody can say; it will be started again. */
const statusOf = async ({ interpreter }: Platform, arn: string): Promise<string> => {
  try {
    return (await interpreter.describe(arn)).status;
  } catch (error) {
    if (error instanceof CloudError) return "RUNNING";
    throw error;
  }
};

/** Until the execution has ended, or a day has passed. @returns the execution's status */
export const runToEnd = async (
  { platform, clock }: Pick<LabAccount, "platform" | "clock">,
  arn: string,
): Promise<string> => {
  const giveUpMs = clock.now() + longestMs;
  for (;;) {
    const status = await statusOf(platform, arn);
    if (clock.now() >= giveUpMs) return status;
    await clock.run({ atMostMs: clock.now() + chunkMs });
    // Once more after the end: what was terminated last takes half a minute to be gone.
    if (status !== "RUNNING") return status;
  }
};

/** What a person must decide on is all left as it is. */
const keptByHolding = (intents: readonly Intent[]): readonly string[] => [
  ...changesOf(intents, "CREATE_IMAGE").flatMap(({ imageId }) => imageId ?? []),
  ...changesOf(intents, "CREATE_SNAPSHOT").flatMap(({ snapshotId }) => snapshotId ?? []),
  ...changesOf(intents, "RESERVE_CAPACITY").flatMap(({ reservationId }) => reservationId ?? []),
  ...changesOf(intents, "ISOLATE").flatMap(({ groupId }) => groupId ?? []),
  // EC2's task may have taken it from its instance.
  ...changesOf(intents, "KEEP_ROOT").map(({ volumeId }) => volumeId),
];

/** The janitor ends it: it is due. */
const dueThings = (intents: readonly Intent[]): readonly string[] => {
  const committed = intents.filter(({ status }) => status === "COMMITTED");
  return [
    ...changesOf(committed, "RESERVE_CAPACITY").flatMap(({ reservationId }) => reservationId ?? []),
    ...changesOf(committed, "ISOLATE").flatMap(({ groupId }) => groupId ?? []),
  ];
};

/** What a switch leaves behind on purpose: both instances and what is theirs, and the images until they are due. */
const keptBy = (intents: readonly Intent[], ending: Pick<Ending, "original" | "replacements">) => [
  ...changesOf(intents, "EXPIRE_IMAGE").map(({ imageId }) => imageId),
  ...ending.replacements.map((instance) => instance.instanceId),
  ...(ending.original === undefined ? [] : [ending.original.instanceId]),
];

/**
 * Whatever an adoption does not take over is named: it is its owner's, who pays for it. The root of an adopted replacement outlives
 * it: once EC2 has taken that back, it is the load's last copy.
 */
const leftToOwner = (
  { phases, subject }: LinearEvaluation,
  intents: readonly Intent[],
  resolution: Resolution | undefined,
): readonly string[] =>
  resolution?.kind === "ADOPT" && resolution.serving !== undefined
    ? [
        subject.instanceId,
        resolution.serving,
        ...changesOf(intents, "KEEP_ROOT")
          .filter(({ instanceId }) => instanceId === resolution.serving)
          .map(({ volumeId }) => volumeId),
        ...phases.flatMap(({ name, summary = "" }) =>
          name === "adopt" ? (summary.match(/\b[a-z]+-[0-9a-f]{8,}\b/g) ?? []) : [],
        ),
      ]
    : [];

const meantToBe = (
  evaluation: LinearEvaluation,
  intents: readonly Intent[],
  ending: Pick<Ending, "original" | "replacements">,
): readonly string[] => {
  const { outcome, status, leftBehind = [] } = evaluation;
  const isForPerson = outcome?.isHeld === true;
  return [
    ...(isForPerson || status === "SWITCHED" || status === "FELL_BACK"
      ? keptBy(intents, ending)
      : []),
    ...(isForPerson ? keptByHolding(intents) : []),
    ...dueThings(intents),
    ...leftToOwner(evaluation, intents, lastResolution(evaluation)),
    ...leftBehind.map(({ id }) => id),
    ...changesOf(intents, "KEEP_WRITES").flatMap(({ volumeId }) => volumeId ?? []),
  ];
};

type Place = Pick<Lab, "account" | "originalId" | "watch" | "secrets" | "logged">;

/** The original that a recovery has started, which was there before and carries no tag of it. */
const keptIn = ({ status, progress }: LinearEvaluation): string | undefined =>
  status !== "ROLLED_BACK" && standsKept(progress.keptOriginal)
    ? progress.keptOriginal?.instanceId
    : undefined;

const tell = async (
  place: Place,
  evaluationId: EvaluationId,
  executionStatus: string,
): Promise<Ending> => {
  const { account, originalId } = place;
  const { table, platform, accountId, api } = account;
  const { control } = platform.ec2;
  const stored = await loadStory(table, evaluationId);
  if (stored?.evaluation.mode !== "LINEAR") {
    throw new Error(`There is no evaluation ${evaluationId} of LINEAR.`);
  }
  const { evaluation } = stored;
  const intents = await listIntents(table, evaluationId);
  const original = control.find(originalId);
  const keptId = keptIn(evaluation);
  const replacements = control
    .instances(accountId)
    .filter(
      ({ instanceId, tags }) =>
        instanceId === keptId ||
        (instanceId !== originalId && tags["spot-optimizer:evaluation"] === evaluationId),
    );
  const [{ resource }] = evaluation.leases;
  const lease = await readLease(table, resource);
  const { text } = await api.send({ method: "GET", path: `/evaluations/${evaluationId}` });
  const ending = {
    evaluationId,
    status: evaluation.status,
    evaluation,
    swap: stored.swaps[0],
    answer: JSON.parse(text) as Readonly<Record<string, unknown>>,
    intents,
    effects: findOut({ ...(await loadEffects(table, evaluationId)), status: evaluation.status }),
    original,
    replacements,
    mutations: place.watch.mutations(),
    orphans: control.orphans({
      accountId,
      except: meantToBe(evaluation, intents, { original, replacements }),
      among: ({ id }) => !place.watch.resourcesBefore.has(id),
    }),
    executionStatus,
    isLeaseHeld: lease !== undefined && isHeld(lease, new Date(platform.clock.now())),
  };
  return { ...ending, leaks: await findLeaks(platform, ending, place) };
};

/** Runs the clock until the execution has ended, or a day has passed. */
export const finishEvaluation = async (
  place: Place,
  evaluationId: EvaluationId,
): Promise<Ending> => {
  const evaluation = await getEvaluation(place.account.table, evaluationId);
  const status = await runToEnd(place.account, evaluation?.executionArn ?? "");
  return tell(place, evaluationId, status);
};
