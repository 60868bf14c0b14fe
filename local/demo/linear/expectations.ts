/** What must be true at the end of a story, each read from the simulated cloud. */
import type { EvaluationStatus } from "../../../core/model/evaluation.ts";
import type { VerdictKind } from "../../../core/model/verdict.ts";
import type { WriteCount } from "../../lab/application.ts";
import type { InstanceSummary } from "../../cloud/ec2/control-reads.ts";
import { healthyHolder } from "../../lab/service.ts";
import { seconds } from "../../terminal/figures.ts";
import { countOf } from "../../cli/report/course.ts";
import { linearProgressOf, type StoryEnding, type Expectation } from "../story.ts";

export const expectation = (rule: string, held: boolean, found: string): Expectation => ({
  rule,
  held,
  found,
});

export const endsAs = (
  { evaluation }: StoryEnding,
  verdict: VerdictKind,
  status: EvaluationStatus,
): Expectation => {
  const kind = evaluation.verdict?.kind ?? "none";
  return expectation(
    "it ends as this story must",
    kind === verdict && evaluation.status === status,
    `${kind}, ${evaluation.status}`,
  );
};

/** The error that ended it. */
export const failedOf = ({ evaluation }: StoryEnding, error: string): Expectation =>
  expectation(
    `it was ended by ${error}`,
    evaluation.failure?.error === error,
    evaluation.failure?.error ?? "no failure",
  );

/** One call moves it and one returns it. */
export const addressCameBack = ({ mutatingCalls }: StoryEnding): Expectation => {
  const moves = mutatingCalls["AssociateAddress"] ?? 0;
  return expectation(
    "the Elastic IP had moved, and was moved back",
    moves === 2,
    `${String(moves)} × AssociateAddress`,
  );
};

/** Held by the instance that serves now. */
export const addressIsAt = (
  { stage, before }: StoryEnding,
  holder: InstanceSummary | undefined,
): Expectation => {
  const [allocationId = ""] = before.allocationIds;
  const [address = "the Elastic IP"] = before.publicIps;
  const found = healthyHolder(stage, allocationId);
  return expectation(
    `${address} is at the instance that should have it`,
    found !== undefined && found.instanceId === holder?.instanceId,
    found?.instanceId ?? "nobody healthy has it",
  );
};

export const serviceNeverDropped = ({ service }: StoryEnding): Expectation =>
  expectation(
    "outside of a planned downtime the address always has a healthy holder",
    service.fewestHolders >= 1,
    `never fewer than ${String(service.fewestHolders)}`,
  );

export const nothingWasLeft = ({ orphans }: StoryEnding): Expectation =>
  expectation(
    "nothing that we created is left behind",
    orphans.length === 0,
    orphans.length === 0
      ? "0 orphans"
      : orphans.map((orphan) => `${orphan.kind} ${orphan.id}`).join(", "),
  );

export const writesAreNamed = ({ stage, evaluation }: StoryEnding): Expectation => {
  const { volume_id: id } = linearProgressOf(evaluation).writes_not_returned ?? {};
  return expectation(
    "the root of the replacement that had taken over is kept, and the record names it",
    id !== undefined && stage.platform.ec2.control.writesOn(id) !== undefined,
    id ?? "no volume is named",
  );
};

export const nothingWasTouched = ({ mutatingCalls }: StoryEnding): Expectation =>
  expectation(
    "no mutating call was made in the account",
    countOf(mutatingCalls) === 0,
    `${String(countOf(mutatingCalls))} in the cloud's journal`,
  );

export const replayAgrees = ({ isReplayIdentical }: StoryEnding): Expectation =>
  expectation(
    "the replay from the record gives the same verdict",
    isReplayIdentical,
    isReplayIdentical ? "byte for byte" : "different",
  );

const kept = (what: string, { acknowledged, kept: found }: WriteCount): Expectation =>
  expectation(
    `every acknowledged write is on the ${what}`,
    acknowledged > 0 && found === acknowledged,
    `${String(found)} of ${String(acknowledged)}`,
  );

export const noWriteWasLost = ({ writes }: StoryEnding): readonly Expectation[] => [
  kept("root volume", writes.root),
  ...(writes.data === undefined ? [] : [kept("data volume", writes.data)]),
];

const volumeIsAt = (
  what: string,
  { stage, volumeId }: { readonly stage: StoryEnding["stage"]; readonly volumeId?: string },
  holder: InstanceSummary | undefined,
): Expectation => {
  const now = stage.platform.ec2.control
    .running(stage.accountId)
    .find((instance) => instance.volumes.some((volume) => volume.volumeId === volumeId));
  return expectation(
    `${what} ${volumeId ?? ""} is attached where it should be`,
    now !== undefined && now.instanceId === holder?.instanceId,
    now?.instanceId ?? "attached to no running instance",
  );
};

export const dataVolumeIsAt = (
  { stage, before: { volumes, rootDeviceName } }: StoryEnding,
  holder: InstanceSummary | undefined,
): Expectation => {
  const found = volumes.find(({ deviceName }) => deviceName !== rootDeviceName);
  return volumeIsAt("data volume", { stage, ...found }, holder);
};

export const rootVolumeIsAt = (
  { stage, before: { volumes, rootDeviceName } }: StoryEnding,
  holder: InstanceSummary | undefined,
): Expectation => {
  const found = volumes.find(({ deviceName }) => deviceName === rootDeviceName);
  return volumeIsAt("the original's root volume", { stage, ...found }, holder);
};

export const replacementIsOnDemand = ({ replacement }: StoryEnding): Expectation =>
  expectation(
    "the load runs on an On-Demand Instance again",
    replacement?.state === "running" && replacement.lifecycle !== "spot",
    replacement === undefined
      ? "there is none"
      : `${replacement.instanceId} is ${replacement.state} (${replacement.lifecycle ?? "on-demand"})`,
  );

/** A one-time Spot Instance can't be kept stopped. */
export const originalHasEnded = ({ stage, before }: StoryEnding): Expectation => {
  const state = stage.platform.ec2.control.find(before.instanceId)?.state ?? "no longer visible";
  return expectation(
    "the Spot Instance has ended",
    state === "terminated" || state === "no longer visible",
    state,
  );
};

export const replacementIsSpot = ({ replacement }: StoryEnding): Expectation =>
  expectation(
    "the replacement runs as a Spot Instance",
    replacement?.state === "running" && replacement.lifecycle === "spot",
    replacement === undefined
      ? "there is none"
      : `${replacement.instanceId}: ${replacement.state}, ${replacement.lifecycle ?? "on-demand"}`,
  );

/** The record notes the end after its last reading, and the cloud is looked at with each call: near enough. */
const toleranceSeconds = 1;

export const downtimeIsHonest = ({ evaluation, service }: StoryEnding): Expectation => {
  const recorded = evaluation.downtime_seconds ?? 0;
  return expectation(
    "the recorded downtime covers all that was seen of it",
    recorded + toleranceSeconds >= service.unservedSeconds && service.unservedSeconds > 0,
    `${seconds(recorded, 1)} recorded, ${seconds(service.unservedSeconds, 1)} seen`,
  );
};

export const originalWasKept = ({ aftermath, evaluation }: StoryEnding): Expectation => {
  const { originalBeforeDue = "unknown", originalAfterDue = "unknown" } = aftermath;
  const hours = String(evaluation.policy.cooloff_hours);
  return expectation(
    `the janitor terminates the original after the ${hours} h of cool-off, not before`,
    originalBeforeDue === "stopped" && originalAfterDue === "terminated",
    `${originalBeforeDue}, then ${originalAfterDue}`,
  );
};

export const originalRuns = ({ original }: StoryEnding): Expectation =>
  expectation("the original is running", original.state === "running", original.state);

export const replacementIsGone = ({ replacement }: StoryEnding): Expectation => {
  const state = replacement?.state ?? "no longer visible";
  return expectation(
    "the replacement that failed is gone",
    !["running", "pending", "stopped", "stopping"].includes(state),
    state,
  );
};
