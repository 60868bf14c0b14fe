/** KUBERNETES on the made-up market of a seed: each story on a platform of its own, all at the same virtual time. */
import { seededMarket } from "../../cloud/market/seeded.ts";
import type { Programme } from "../programme.ts";
import { seededIntroduction, seededNote, seededSetting } from "../seeded.ts";
import { tellNode } from "../teller.ts";
import { nodeStories } from "./node-stories.ts";
import type { NodeReport } from "./node-story.ts";

/** @param firstNumber of its stories, where others are told before */
export const kubernetesProgramme = (seed: number, firstNumber = 1): Programme => {
  const market = seededMarket({ seed });
  return {
    title: "KUBERNETES, a node of an EKS cluster replaced by Spot without hurting a pod",
    introduction: [seededIntroduction(seed)],
    marketNote: seededNote(seed),
    play: async (teller, openStage) => {
      const reports: NodeReport[] = [];
      for (const [index, story] of nodeStories.entries()) {
        const setting = { market, ...seededSetting(seed, story.name) };
        const order = { number: firstNumber + index, story };
        reports.push(await tellNode(teller, order, () => openStage(setting)));
      }
      return reports;
    },
  };
};
