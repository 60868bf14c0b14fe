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
  if (end === "AS_IT_WAS") return [];
  const alive = replacements.filter(({ state }) => state === "running").length;
  return [
    ...(alive === 1 ? [] : [`${String(alive)} replacements run`]),
    ...(executionStatus === "SUCCEEDED" ? [] : [`execution ${executionStatus}`]),
  ];
};

export const recordIsTrue: Promised = {
  atEnd: async (judged) => [
    ...endingIsTrue(judged),
    ...effectsAreTrue(judged),
    ...downtimeIsTrue(judged),
    ...(await targetIsTrue(judged)),
    ...(await poolMemoryIsTrue(judged)),
  ],
};
