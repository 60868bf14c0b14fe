/** What everybody should have seen once of a group: converted in batches, a surplus that the customer takes, a pair that fails, and what comes later. */
import {
  batchesAreOf,
  capacityNeverDropped,
  groupEndsAs,
  groupIsAsBefore,
  groupLeftNothing,
  groupReplayAgrees,
  hookWasHonoured,
  allStandOnDemand,
  oneHasMoved,
  ourCallsTookNothing,
  protectedStayed,
  replacementsAreSpot,
  savesWhatItPaid,
  scalingWasHeard,
  stagesAre,
  undoneLeftNothing,
} from "./group-expectations.ts";
import type { GroupStory, GroupStoryEnding } from "./group-story.ts";

const batchSize = 2;

/** However many go: capacity, the owner's settings, his hook, and nothing left over. */
const harmless = (ending: GroupStoryEnding, desired?: number) => [
  capacityNeverDropped(ending),
  ourCallsTookNothing(ending),
  hookWasHonoured(ending),
  groupIsAsBefore(ending, desired),
  groupLeftNothing(ending),
  groupReplayAgrees(ending),
];

/** Of several batches. */
const always = (ending: GroupStoryEnding, desired?: number) => [
  batchesAreOf(ending, batchSize),
  ...harmless(ending, desired),
];

const onSpot = (ending: GroupStoryEnding, desired?: number) => [
  ...always(ending, desired),
  replacementsAreSpot(ending),
];

const convertStory: GroupStory = {
  name: "group",
  title: "A group of six at its maximum, in batches of two",
  introduction:
    "A shop's web tier: six On-Demand m5.large behind a load balancer, its maximum is six. One member is protected from " +
    "scale-in, and a terminating hook drains whoever leaves. When the first batch is over, the shop's scaling policy lowers " +
    "desired to five.",
  group: { size: 6, max: 6 },
  isProtected: 5,
  policy: { batch_size: batchSize },
  scaling: {
    desired: 5,
    afterCall: { operation: "TerminateInstanceInAutoScalingGroup", nth: batchSize },
    delaySeconds: 60,
  },
  expect: (ending) => [
    groupEndsAs(ending, "SWITCHED"),
    scalingWasHeard(ending, 5),
    protectedStayed(ending),
    ...onSpot(ending, 5),
  ],
};

const absorbedStory: GroupStory = {
  name: "group-scale-out",
  title: "The customer takes our surplus: a scale-out half-way",
  introduction:
    "The same tier with room for two more. While both replacements of the second batch are on their way, the scaling policy " +
    "asks for seven. All others are held, so that the group takes the one too many of those two; the other one is what was " +
    "asked for: both originals stay, and the next batch goes on from there.",
  group: { size: 6, max: 8 },
  isProtected: 5,
  policy: { batch_size: batchSize },
  scaling: {
    desired: 7,
    afterCall: { operation: "AttachInstances", nth: 2 },
    delaySeconds: 1,
  },
  expect: (ending) => [
    groupEndsAs(ending, "PARTLY_SWITCHED"),
    stagesAre(ending, "of the second batch one was absorbed, the others are done", [
      "DONE",
      "DONE",
      "UNDONE",
      "ABSORBED",
      "DONE",
    ]),
    scalingWasHeard(ending, 7),
    protectedStayed(ending),
    ...onSpot(ending, 7),
  ],
};

const undoneStory: GroupStory = {
  name: "group-undone",
  title: "One replacement never serves: its pair is undone, alone",
  introduction:
    "A group of four. On the first replacement the application does not come up: it never is healthy in the target group. " +
    "Its pair is undone, and its original serves as before; the others go on.",
  group: { size: 4, max: 4 },
  policy: { batch_size: batchSize },
  arrange: ({ platform }) => {
    const release = platform.cloud.faults.after(({ operation, input }) => {
      if (operation !== "RegisterTargets") return;
      release();
      const { Targets: targets } = input as {
        readonly Targets?: readonly { readonly Id?: string }[];
      };
      platform.elb.setApplicationHealthy(targets?.[0]?.Id ?? "", false);
    });
  },
  expect: (ending) => [
    groupEndsAs(ending, "PARTLY_SWITCHED"),
    stagesAre(ending, "one pair is undone, the others are done", [
      "UNDONE",
      "DONE",
      "DONE",
      "DONE",
    ]),
    undoneLeftNothing(ending),
    ...onSpot(ending),
  ],
};

const moveStory: GroupStory = {
  name: "group-move",
  title: "A second move: its pools become dear, and it goes to better ones, one an hour",
  introduction:
    "A group of four, brought to Spot six hours ago. Since then the pools in which its members stand cost nine tenths of " +
    "On-Demand. They go on to others in the same way, and nobody serves less: a tenth of a group in an hour, and always one.",
  group: { size: 4, max: 4 },
  converted: { share: 0.9, pools: "THEIRS" },
  policy: { batch_size: batchSize },
  expect: (ending) => [
    groupEndsAs(ending, "SWITCHED"),
    oneHasMoved(ending),
    savesWhatItPaid(ending),
    ...harmless(ending),
    replacementsAreSpot(ending),
  ],
};

const backStory: GroupStory = {
  name: "group-back",
  title: "Every pool becomes dearer than On-Demand: the group goes back",
  introduction:
    "The same group. Every pool costs half as much again as On-Demand since then: its members go back to the type that the " +
    "group's own template names, and go to Spot again by themselves once that is worth it.",
  group: { size: 4, max: 4 },
  converted: { share: 1.5, pools: "ALL" },
  policy: { batch_size: batchSize },
  expect: (ending) => [
    groupEndsAs(ending, "FELL_BACK"),
    allStandOnDemand(ending),
    savesWhatItPaid(ending),
    ...always(ending),
  ],
};

export const groupStories: readonly GroupStory[] = [
  convertStory,
  absorbedStory,
  undoneStory,
  moveStory,
  backStory,
];
