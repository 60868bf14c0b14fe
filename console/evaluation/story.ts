/** What an evaluation comes to in a few words: what it works on, how long the load was down, and what happens if it fails now. */
import type { Schemas } from "../api/types.ts";
import { shortId } from "../format.ts";
import type { Span } from "./time-line.ts";

export type EvaluationRecord = Schemas["Evaluation"];

export const subjectName = ({ subject }: Pick<EvaluationRecord, "subject">): string => {
  switch (subject.kind) {
    case "INSTANCE":
      return shortId(subject.instance_id);
    case "GROUP":
      return subject.asg_name;
    case "NODE_GROUP":
      return `${subject.cluster_name} · ${subject.node_group}`;
  }
};

export const isOver = ({ status }: Pick<EvaluationRecord, "status">): boolean =>
  status !== "PENDING" && status !== "RUNNING";

export const sentenceOf = ({ verdict, outcome, failure }: EvaluationRecord): string =>
  verdict?.sentence ?? outcome?.sentence ?? failure?.cause ?? "Nothing is decided yet.";

export const endMs = (record: EvaluationRecord, nowMs: number): number =>
  record.ended_at === undefined || !isOver(record) ? nowMs : Date.parse(record.ended_at);

type LinearProgress = Extract<EvaluationRecord["progress"], { mode: "LINEAR" }>;

/** Undefined: it is not one instance that moves. */
export const linearOf = ({ progress }: EvaluationRecord): LinearProgress | undefined =>
  progress.mode === "LINEAR" ? progress : undefined;

export const instant = (iso: string | undefined): number | undefined =>
  iso === undefined ? undefined : Date.parse(iso);

/** Since the original last served, until somebody serves again. Undefined: the load was not down, as far as is known. */
export const downtimeOf = (record: EvaluationRecord, nowMs: number): Span | undefined => {
  const progress = linearOf(record);
  const from = instant(progress?.frozen_at ?? progress?.taken_at);
  if (from === undefined) return undefined;
  const to = instant(progress?.serving_at) ?? instant(progress?.restored_at);
  return { from, to: Math.max(from, to ?? endMs(record, nowMs)) };
};

const hasData = ({
  final_image_id: image,
  root_transfer: way,
  moved_root_volume_id: moved,
}: LinearProgress) => image !== undefined || way !== undefined || moved !== undefined;

/** Its traffic has moved, and what it has written since is at the replacement alone: a person decides. */
export const isHeldIfItFails = (record: EvaluationRecord): boolean => {
  const progress = linearOf(record);
  if (progress?.frozen_at === undefined || isOver(record)) return false;
  return progress.served_from !== undefined && hasData(progress);
};

/** What has ended cannot fail. */
export const ifItFails = (record: EvaluationRecord): string => {
  if (record.status === "NEEDS_OPERATOR") return "It waits for you";
  if (isOver(record)) return "It is over";
  const isLaunched = record.swaps.some(({ replacement }) => replacement !== undefined);
  if (!isLaunched) return "Nothing to undo yet";
  const progress = linearOf(record);
  if (progress === undefined) return "What is under way is undone; what is done stays";
  if (progress.frozen_at === undefined) return "Replacement ends; original untouched";
  return isHeldIfItFails(record)
    ? "Held for you: the newer writes are there"
    : "Rolls back; original restarts";
};
