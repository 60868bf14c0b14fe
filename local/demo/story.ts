/** A story: one workload, one evaluation through the real API, and what the simulated cloud shows afterwards. */
import type { EvaluationJson } from "../../lambdas/api/schemas/evaluations.ts";
import { replaySchema } from "../../lambdas/api/schemas/replay.ts";
import { plannedDowntime } from "../cli/report/course.ts";
import type { InstanceSummary, ManagedResource } from "../cloud/ec2/control-reads.ts";
import type { LabAccount } from "../lab/account.ts";
import { startApplication, type ApplicationRecord } from "../lab/application.ts";
import type { OnVisit } from "../interpreter/visits.ts";
import { followExecution } from "../lab/follow.ts";
import { watchService, type ServiceRecord } from "../lab/service.ts";
import {
  addWorkload,
  readEvaluation,
  register,
  requireInstance,
  startEvaluation,
  type RegistrationRequest,
  type Workload,
} from "../lab/subject.ts";

/** Something that must be true at the end, and what was found. */
export interface Expectation {
  readonly rule: string;
  readonly held: boolean;
  readonly found: string;
}

/** All that expectations are judged on. */
export interface StoryEnding {
  readonly stage: LabAccount;
  readonly evaluation: EvaluationJson;
  /** The original as it was before. */
  readonly before: InstanceSummary;
  readonly original: InstanceSummary;
  readonly replacement?: InstanceSummary;
  readonly service: ServiceRecord;
  readonly writes: ApplicationRecord;
  /** Calls by name that would change something in the customer's account, made in this story; dry runs aside. */
  readonly mutatingCalls: Readonly<Record<string, number>>;
  /** The stored verdict was recomputed from the stored facts, byte for byte. */
  readonly isReplayIdentical: boolean;
  /** What carries our tag and belongs to nothing; for a switch, once its time limits have passed. */
  readonly orphans: readonly ManagedResource[];
  readonly aftermath: Aftermath;
}

export interface Story {
  /** Unique in a demo: names the story in the document. */
  readonly name: string;
  readonly title: string;
  readonly introduction: string;
  readonly workload: Workload;
  readonly registration: RegistrationRequest;
  /** Told is the way back: the switch before it was made an hour ago. */
  readonly goesBack?: true;
  /** What goes wrong in this story. */
  readonly arrange?: (stage: LabAccount) => void;
  readonly expect: (ending: StoryEnding) => readonly Expectation[];
}

/** What the time after a switch did; empty for a story that kept nothing. */
interface Aftermath {
  /** State of the original an hour before the end of its cool-off, and after it. */
  readonly originalBeforeDue?: string;
  readonly originalAfterDue?: string;
}

export interface StoryReport {
  readonly mode: "LINEAR";
  readonly name: string;
  readonly title: string;
  readonly expectations: readonly Expectation[];
  readonly ending?: StoryEnding;
  /** The story could not be told to its end. */
  readonly error?: string;
}

export const hasHeld = (report: Pick<StoryReport, "error" | "expectations">): boolean =>
  report.error === undefined && report.expectations.every((expectation) => expectation.held);

/** Ours alone, from the journal of the cloud: attempts count too. What the customer calls himself is a user's, not a session's. */
export const mutatingCallsSince = (
  stage: LabAccount,
  first: number,
): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const entry of stage.platform.cloud.journal.slice(first)) {
    const isOurs = entry.accountId === stage.accountId && entry.sessionName !== undefined;
    if (!isOurs || !entry.mutating || entry.dryRun) continue;
    counts[entry.operation] = (counts[entry.operation] ?? 0) + 1;
  }
  return counts;
};

/** @throws Error for an evaluation of another mode than LINEAR */
const originalOf = ({ subject }: EvaluationJson): string => {
  if (subject.kind === "INSTANCE") return subject.instance_id;
  throw new Error(`A story of one instance has the subject ${subject.kind}.`);
};

type LinearProgressJson = Extract<EvaluationJson["progress"], { mode: "LINEAR" }>;

/** Of one instance; empty for an evaluation of another mode. */
export const linearProgressOf = ({ progress }: EvaluationJson): Partial<LinearProgressJson> =>
  progress.mode === "LINEAR" ? progress : {};

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** What is being terminated still has its disks and interfaces for half a minute or so. */
const terminatingMs = 2 * minuteMs;
/** The janitor comes every five minutes. */
const janitorMs = 5 * minuteMs;

/** What took over is there to stay. */
const isMade = ({ status }: EvaluationJson): boolean =>
  status === "SWITCHED" || status === "FELL_BACK";

/** The janitor comes when things are due; in between nothing happens. */
const letTimePass = async (stage: LabAccount, evaluation: EvaluationJson): Promise<Aftermath> => {
  const { clock, platform } = stage;
  if (!isMade(evaluation)) {
    if (evaluation.effects.length > 0) {
      await clock.run({ atMostMs: clock.now() + terminatingMs });
    }
    return {};
  }
  const tidyAt = async (atMs: number): Promise<string> => {
    await clock.run({ atMostMs: atMs });
    await platform.functions.invoke("schedule-janitor", {});
    await clock.run({ atMostMs: clock.now() + terminatingMs });
    return platform.ec2.control.find(originalOf(evaluation))?.state ?? "no longer visible";
  };
  const endMs = clock.now();
  const { cooloff_hours: cooloffHours, snapshot_days: snapshotDays } = evaluation.policy;
  const dueMs = endMs + cooloffHours * hourMs;
  const originalBeforeDue = await tidyAt(Math.max(endMs, dueMs - hourMs));
  const originalAfterDue = await tidyAt(dueMs + janitorMs);
  await tidyAt(endMs + (cooloffHours + snapshotDays * 24) * hourMs + janitorMs);
  return { originalBeforeDue, originalAfterDue };
};

/** The root that holds newer writes; and as long as the load stands on Spot the image from which the host of a recovery would start. */
const keptOf = (evaluation: EvaluationJson): readonly string[] => {
  const {
    writes_not_returned: kept,
    final_image_id: final,
    warm_image_id: warm,
  } = linearProgressOf(evaluation);
  const image = evaluation.status === "SWITCHED" ? (final ?? warm) : undefined;
  return [kept?.volume_id, image].filter((id) => id !== undefined);
};

const endOf = async (
  stage: LabAccount,
  evaluation: EvaluationJson,
  seen: Pick<StoryEnding, "before" | "service" | "writes" | "mutatingCalls">,
): Promise<StoryEnding> => {
  const { control } = stage.platform.ec2;
  const replay = await stage.api.post(
    `/evaluations/${evaluation.evaluation_id}/replay`,
    replaySchema,
    {},
  );
  const original = requireInstance(stage, originalOf(evaluation));
  const aftermath = await letTimePass(stage, evaluation);
  const replacementId = evaluation.swaps[0]?.replacement?.instance_id;
  const replacement = replacementId === undefined ? undefined : control.find(replacementId);
  const meant = isMade(evaluation) && replacementId !== undefined ? [replacementId] : [];
  return {
    stage,
    evaluation,
    original,
    ...(replacement === undefined ? {} : { replacement }),
    ...seen,
    isReplayIdentical: replay.identical,
    orphans: control.orphans({
      accountId: stage.accountId,
      except: [...meant, ...keptOf(evaluation)],
    }),
    aftermath,
  };
};

/** What is evaluated: what its owner runs, or what a switch has brought to Spot. */
const setUp = async (
  { workload, registration, goesBack }: Story,
  stage: LabAccount,
): Promise<InstanceSummary> => {
  const owners = addWorkload(stage, workload);
  await register(stage, owners, registration);
  if (goesBack === undefined) return owners;
  const { evaluation_id: id, execution_arn: arn } = await startEvaluation(stage, owners.instanceId);
  await followExecution(stage, arn, { onVisit: () => undefined, onTick: () => undefined });
  const { swaps } = await readEvaluation(stage, id);
  await stage.clock.run({ atMostMs: stage.clock.now() + hourMs });
  return requireInstance(stage, swaps[0]?.replacement?.instance_id ?? owners.instanceId);
};

const perform = async (story: Story, stage: LabAccount, onVisit: OnVisit): Promise<StoryEnding> => {
  const before = await setUp(story, stage);
  const [allocationId] = before.allocationIds;
  if (allocationId === undefined) throw new Error(`${before.instanceId} has no Elastic IP.`);
  // Of one that a switch has launched EC2 need not show the root first.
  const dataVolume = before.volumes.find(({ deviceName }) => deviceName !== before.rootDeviceName);
  const firstCall = stage.platform.cloud.journal.length;
  story.arrange?.(stage);
  const watch = watchService(stage, allocationId);
  const application = startApplication(stage, {
    allocationId,
    ...(dataVolume === undefined ? {} : { dataVolumeId: dataVolume.volumeId }),
  });
  try {
    const wish = story.goesBack === true ? { to: "ON_DEMAND" } : undefined;
    const started = await startEvaluation(stage, before.instanceId, wish);
    await followExecution(stage, started.execution_arn, { onVisit, onTick: watch.look });
    // Both would go on through the days that pass below.
    application.stop();
    watch.stop();
    const writes = application.record();
    const evaluation = await readEvaluation(stage, started.evaluation_id);
    return await endOf(stage, evaluation, {
      before,
      writes,
      service: watch.record(plannedDowntime(evaluation)),
      mutatingCalls: mutatingCallsSince(stage, firstCall),
    });
  } finally {
    application.stop();
    watch.stop();
  }
};

/** Never throws: what went wrong is part of the report. */
export const tellStory = async (
  story: Story,
  openStage: () => Promise<LabAccount>,
  onVisit: OnVisit,
): Promise<StoryReport> => {
  const { name, title } = story;
  try {
    const ending = await perform(story, await openStage(), onVisit);
    return { mode: "LINEAR", name, title, ending, expectations: story.expect(ending) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { mode: "LINEAR", name, title, expectations: [], error: message };
  }
};
