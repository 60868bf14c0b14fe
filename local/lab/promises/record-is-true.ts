/**
 * The record says what there is and what happened: how it ended, each effect, the downtime, the target, and what is remembered
 * of pools. Compared with the simulated cloud and its journal.
 */
import type { Judged, Promised } from "./promise.ts";
import { downtimeIsTrue } from "./record/downtime.ts";
import { effectsAreTrue } from "./record/effects.ts";
import { poolMemoryIsTrue } from "./record/pool-memory.ts";
import { targetIsTrue } from "./record/target.ts";

const endingIsTrue = ({ ending, end }: Judged): readonly string[] => {
  const { status, evaluation, executionStatus, replacements } = ending;
  if (end === "OTHERWISE") return [`it ended ${status}: ${evaluation.outcome?.sentence ?? ""}`];
  if (end !== "SWITCHED") return [];
  const alive = replacements.filter(({ state }) => state === "running").length;
  return [
    ...(alive === 1 ? [] : [`${String(alive)} replacements run`]),
    ...(executionStatus === "SUCCEEDED" ? [] : [`execution ${executionStatus}`]),
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

/** By which a person brings them on by hand: each is named, and each is there. */
const whereDataAre = ({
  ending: { evaluation },
  lab: { watch, control },
}: Judged): readonly string[] =>
  [watch.rootVolumeId, ...watch.dataVolumeIds].flatMap((id) => [
    ...(evaluation.rollbackProblem?.includes(id) === true ? [] : [`${id} is not named`]),
    ...(control.writesOn(id) === undefined ? [`${id} is gone`] : []),
  ]);

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
  atEnd: async (judged) => [
    ...endingIsTrue(judged),
    ...(judged.end === "HELD" ? await afterHolding(judged) : []),
    ...(judged.end === "FORWARD" ? whereDataAre(judged) : []),
    ...(judged.end === "AS_IT_WAS" ? afterUndoing(judged) : []),
    ...effectsAreTrue(judged),
    ...downtimeIsTrue(judged),
    ...(await targetIsTrue(judged)),
    ...(await poolMemoryIsTrue(judged)),
  ],
};
