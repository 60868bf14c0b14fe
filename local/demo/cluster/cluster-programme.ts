/** CLUSTER on the made-up market of a seed: each story on platforms of its own, all at the same virtual time. */
import { seededMarket } from "../../cloud/market/seeded.ts";
import type { Programme } from "../programme.ts";
import { seededIntroduction, seededNote, seededSetting } from "../seeded.ts";
import { tellGroup } from "../teller.ts";
import type { GroupReport } from "./group-story.ts";
import { groupStories } from "./group-stories.ts";

/** @param firstNumber of its stories, where others are told before */
export const clusterProgramme = (seed: number, firstNumber = 1): Programme => {
  const market = seededMarket({ seed });
  return {
    title: "CLUSTER, an Auto Scaling group moved from On-Demand to Spot",
    introduction: [seededIntroduction(seed)],
    marketNote: seededNote(seed),
    play: async (teller, openStage) => {
      const reports: GroupReport[] = [];
      for (const [index, story] of groupStories.entries()) {
        const setting = { market, ...seededSetting(seed, story.name) };
        const order = { number: firstNumber + index, story };
        reports.push(
          await tellGroup(teller, order, (change = (same) => same) =>
            openStage({ ...setting, market: change(market) }),
          ),
        );
      }
      return reports;
    },
  };
};
