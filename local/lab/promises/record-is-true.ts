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

export const recordIsTrue: Promised = {
  atEnd: (judged) => {
    if (judged.end === "SWITCHED") return afterSwitch(judged);
    if (judged.end === "AS_IT_WAS") return [];
    const { status, evaluation } = judged.ending;
    return [`it ended ${status}: ${evaluation.outcome?.sentence ?? ""}`];
  },
};
