/** The judgement of each mode in one table, for judging steps and replays, which are the same for all. */
import { SpotOptimizerError } from "../errors.ts";
import type { PipelineMode } from "../model/pipeline-mode.ts";
import type { Judge } from "./offers/judge.ts";
import { causesOf } from "./linear/cause.ts";
import { expectedDowntimeSeconds } from "./linear/expected-downtime.ts";
import { needOfFacts } from "./linear/need.ts";
import { whereaboutsOfOriginal } from "./linear/original.ts";
import { unreadKeys } from "./linear/unread-keys.ts";
import { judgeLinear } from "./linear/verdict.ts";

export const judges: { readonly [Mode in PipelineMode]?: Judge<Mode> } = {
  LINEAR: {
    whereaboutsOf: whereaboutsOfOriginal,
    needOf: needOfFacts,
    causesIn: ({ instance }) => causesOf(instance),
    unreadIn: ({ launch }) => unreadKeys(launch?.keys),
    downtimeOf: expectedDowntimeSeconds,
    judge: judgeLinear,
  },
};

/** @throws BrokenInput naming a mode that has no judge */
export const judgeOf = <Mode extends PipelineMode>(mode: Mode): Judge<Mode> => {
  const judge = judges[mode];
  if (judge !== undefined) return judge;
  throw new SpotOptimizerError("BrokenInput", `No judge is known for mode ${mode}.`, {
    resource: mode,
  });
};
