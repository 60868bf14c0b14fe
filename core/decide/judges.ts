/** The judgement of each mode in one table, for judging steps and replays, which are the same for all. */
import { SpotOptimizerError } from "../errors.ts";
import { policyOfGroup, readGroupTags } from "../policy/group-tags.ts";
import type { PipelineMode } from "../model/pipeline-mode.ts";
import type { Judge } from "./offers/judge.ts";
import { causesOfGroup } from "./cluster/cause.ts";
import { chooseForGroup } from "./cluster/choice.ts";
import { needOfClusterFacts, whereaboutsOfGroup } from "./cluster/need.ts";
import { notesOnGroup } from "./cluster/notes.ts";
import { judgeCluster } from "./cluster/verdict.ts";
import { causesOf } from "./linear/cause.ts";
import { expectedDowntimeSeconds } from "./linear/expected-downtime.ts";
import { needOfFacts } from "./linear/need.ts";
import { notesOnInstance } from "./linear/notes.ts";
import { whereaboutsOfOriginal } from "./linear/original.ts";
import { chooseForInstance, judgeLinear } from "./linear/verdict.ts";

export const judges: { readonly [Mode in PipelineMode]?: Judge<Mode> } = {
  LINEAR: {
    whereaboutsOf: whereaboutsOfOriginal,
    policyFor: (_facts, policy) => policy,
    needOf: needOfFacts,
    choose: chooseForInstance,
    causesIn: ({ instance }) => causesOf(instance),
    notesOn: notesOnInstance,
    downtimeOf: expectedDowntimeSeconds,
    judge: judgeLinear,
  },
  CLUSTER: {
    whereaboutsOf: whereaboutsOfGroup,
    policyFor: ({ group }, policy) => policyOfGroup(policy, readGroupTags(group?.tags ?? {})),
    needOf: needOfClusterFacts,
    choose: chooseForGroup,
    causesIn: ({ group }) => causesOfGroup(group),
    notesOn: notesOnGroup,
    // Nothing is taken away before its replacement serves.
    downtimeOf: () => 0,
    judge: judgeCluster,
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
