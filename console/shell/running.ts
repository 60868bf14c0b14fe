/** What stopping would do to what is under way now: asked for when somebody is about to stop. */
import { read } from "../api/request.ts";
import type { Schemas } from "../api/types.ts";
import { ifItFails, isHeldIfItFails, type EvaluationRecord } from "../evaluation/story.ts";

/** Each is read by itself; of more the sum would come too late. */
const most = 25;

const counted = (count: number, one: string, several: string): string =>
  `${String(count)} ${count === 1 ? one : several}`;

/** `3 run: 2 roll back, 1 has moved its traffic and is held for you.` */
export const runningText = (records: readonly EvaluationRecord[]): string => {
  if (records.length === 0) return "No evaluation runs.";
  const held = records.filter(isHeldIfItFails).length;
  const untouched = records.filter((record) => ifItFails(record) === "Nothing to undo yet").length;
  const back = records.length - held - untouched;
  const parts = [
    ...(untouched === 0
      ? []
      : [counted(untouched, "has changed nothing and ends", "have changed nothing and end")]),
    ...(back === 0 ? [] : [counted(back, "rolls back", "roll back")]),
    ...(held === 0
      ? []
      : [
          counted(
            held,
            "has moved its traffic and is held for you",
            "have moved their traffic and are held for you",
          ),
        ]),
  ];
  return `${counted(records.length, "evaluation runs", "evaluations run")}: ${parts.join(", ")}.`;
};

/** @throws RequestFailed, TypeError where nothing answers */
export const readRunning = async (): Promise<string> => {
  const { value: page } = await read<Schemas["EvaluationPage"]>(
    `/evaluations?status=RUNNING&limit=${String(most)}`,
  );
  const { items = [], cursor } = page ?? {};
  if (cursor !== undefined) return `More than ${String(most)} evaluations run.`;
  const records: EvaluationRecord[] = [];
  for (const { evaluation_id: id } of items) {
    const { value } = await read<EvaluationRecord>(`/evaluations/${encodeURIComponent(id)}`);
    if (value !== undefined) records.push(value);
  }
  return runningText(records);
};
