/** The record says what there is: one replacement runs after a switch, the target is it, the execution has succeeded. */
import type { Judged, Promised } from "./promise.ts";

const afterSwitch = async ({ lab, ending }: Judged): Promise<readonly string[]> => {
  const alive = ending.replacements.filter(({ state }) => state === "running");
  const [server] = alive;
  if (server === undefined || alive.length > 1) return [`${String(alive.length)} replacements run`];
  const target = (await lab.send("GET", `/lab/instances/${lab.targetId}`)).body;
  return [
    ...(target["instance_id"] === server.instanceId ? [] : ["the target did not follow"]),
    ...(ending.executionStatus === "SUCCEEDED" ? [] : [`execution ${ending.executionStatus}`]),
  ];
};

const afterHolding = async ({ lab, ending, server }: Judged): Promise<readonly string[]> => {
  if (server === undefined) return ["it is held, and no replacement runs"];
  const { outcome, rollbackProblem = "", progress } = ending.evaluation;
  const target = (await lab.send("GET", `/lab/instances/${lab.targetId}`)).body;
  const facts = [
    [outcome?.reason === "REPLACEMENT_SERVES", "the reason is another one"],
    [rollbackProblem.includes(server.instanceId), "who serves is not said"],
    [progress.servedFrom !== undefined, "since when it serves is not said"],
    [target["instance_id"] === lab.originalId, "the target followed"],
  ] as const;
  return facts.flatMap(([isTrue, otherwise]) => (isTrue ? [] : [otherwise]));
};

/** What a replacement took that was given up after clients had come to it. */
const afterUndoing = ({ ending, lab }: Judged): readonly string[] => {
  const { progress, policy } = ending.evaluation;
  if (progress.servedFrom === undefined || policy.consistency === "stateless") return [];
  const { writesNotReturned: kept, movedRootVolumeId } = progress;
  // They are on the original's own root volume, which came back.
  if (movedRootVolumeId !== undefined && kept === undefined) return [];
  if (kept === undefined) return ["where the writes of the replacement are is not said"];
  return kept.volumeId === undefined || lab.control.writesOn(kept.volumeId) !== undefined
    ? []
    : [`${kept.volumeId}, which is said to be kept, is gone`];
};

export const recordIsTrue: Promised = {
  atEnd: (judged) => {
    if (judged.end === "SWITCHED") return afterSwitch(judged);
    if (judged.end === "HELD") return afterHolding(judged);
    if (judged.end === "AS_IT_WAS") return afterUndoing(judged);
    const { status, evaluation } = judged.ending;
    return [`it ended ${status}: ${evaluation.outcome?.sentence ?? ""}`];
  },
};
