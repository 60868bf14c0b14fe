/** The judgement of each mode in one table, for judging steps and replays, which are the same for all. */
import { policyOfGroup, readGroupTags } from "../policy/group-tags.ts";
import type { PipelineMode } from "../model/pipeline-mode.ts";
import type { Judge } from "./offers/judge.ts";
import { causesOfGroup } from "./switch/group-cause.ts";
import { changesOfGroup } from "./cluster/changes.ts";
import { chooseForGroup } from "./cluster/choice.ts";
import { needOfClusterFacts, whereaboutsOfGroup } from "./cluster/need.ts";
import { notesOnGroup } from "./cluster/notes.ts";
import { judgeCluster } from "./cluster/verdict.ts";
import { changesOfNodes, incarnationOfNodes } from "./kubernetes/changes.ts";
import { chooseForNodes } from "./kubernetes/choice.ts";
import { needOfKubernetesFacts, whereaboutsOfNodes } from "./kubernetes/need.ts";
import { notesOnNodes } from "./kubernetes/notes.ts";
import { judgeKubernetes, policyOfNodes } from "./kubernetes/verdict.ts";
import { causesOf } from "./linear/cause.ts";
import { changesOfInstance } from "./linear/changes.ts";
import { expectedDowntimeSeconds } from "./linear/expected-downtime.ts";
import { needOfFacts } from "./linear/need.ts";
import { notesOnInstance } from "./linear/notes.ts";
import { whereaboutsOfOriginal } from "./linear/original.ts";
import { chooseForInstance, judgeLinear } from "./linear/verdict.ts";

const judges: { readonly [Mode in PipelineMode]: Judge<Mode> } = {
  LINEAR: {
    whereaboutsOf: whereaboutsOfOriginal,
    policyFor: (_facts, policy) => policy,
    needOf: needOfFacts,
    choose: chooseForInstance,
    causesIn: ({ instance }) => causesOf(instance),
    notesOn: notesOnInstance,
    downtimeOf: expectedDowntimeSeconds,
    incarnationOf: ({ instance }) =>
      instance === undefined ? {} : { launchedAt: instance.launchedAt },
    changesOf: changesOfInstance,
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
    incarnationOf: ({ group }) => (group === undefined ? {} : { groupArn: group.arn }),
    changesOf: changesOfGroup,
    judge: judgeCluster,
  },
  KUBERNETES: {
    whereaboutsOf: whereaboutsOfNodes,
    policyFor: policyOfNodes,
    needOf: needOfKubernetesFacts,
    choose: chooseForNodes,
    causesIn: ({ group }) => causesOfGroup(group),
    notesOn: notesOnNodes,
    // The new node stands before the first pod is moved.
    downtimeOf: () => 0,
    incarnationOf: incarnationOfNodes,
    changesOf: changesOfNodes,
    judge: judgeKubernetes,
  },
};

export const judgeOf = <Mode extends PipelineMode>(mode: Mode): Judge<Mode> => judges[mode];
