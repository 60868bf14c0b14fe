/** The stories of all modes on the made-up market of a seed, one after the other. */
import { clusterProgramme } from "./cluster/cluster-programme.ts";
import { groupStories } from "./cluster/group-stories.ts";
import { kubernetesProgramme } from "./kubernetes/kubernetes-programme.ts";
import { seededProgramme } from "./linear/seeded-programme.ts";
import { seededStories } from "./linear/seeded-stories.ts";
import type { Programme } from "./programme.ts";
import { seededIntroduction, seededNote } from "./seeded.ts";

export const allModes = (seed: number): Programme => {
  const linear = seededProgramme(seed);
  const cluster = clusterProgramme(seed, seededStories.length + 1);
  const groupsEnd = seededStories.length + groupStories.length;
  const kubernetes = kubernetesProgramme(seed, groupsEnd + 1);
  return {
    title:
      "an instance (LINEAR), a group (CLUSTER) and a node (KUBERNETES), moved from On-Demand to Spot",
    introduction: [
      seededIntroduction(seed),
      "In short: `npm run demo -- linear`, `-- cluster` and `-- kubernetes` tell each step, with all figures.",
    ],
    marketNote: seededNote(seed),
    play: async (teller, openStage) => [
      ...(await linear.play(teller, openStage)),
      ...(await cluster.play(teller, openStage)),
      ...(await kubernetes.play(teller, openStage)),
    ],
  };
};
