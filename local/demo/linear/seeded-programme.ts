/** LINEAR on the made-up market of a seed: each story on a platform of its own, all at the same virtual time. */
import { seededMarket } from "../../cloud/market/seeded.ts";
import type { Programme } from "../programme.ts";
import { seededIntroduction, seededNote, seededSetting } from "../seeded.ts";
import type { OpenStage } from "../stage.ts";
import type { StoryReport } from "../story.ts";
import { tell, type Teller } from "../teller.ts";
import { linearTitle } from "./title.ts";
import { seededStories } from "./seeded-stories.ts";

export const seededProgramme = (seed: number): Programme => {
  const market = seededMarket({ seed });
  const play = async (teller: Teller, openStage: OpenStage): Promise<readonly StoryReport[]> => {
    const reports: StoryReport[] = [];
    for (const [index, story] of seededStories.entries()) {
      const setting = { market, ...seededSetting(seed, story.name) };
      const order = { number: index + 1, story, isFirst: index === 0 };
      reports.push(await tell(teller, order, () => openStage(setting)));
    }
    return reports;
  };
  return {
    title: linearTitle,
    introduction: [seededIntroduction(seed)],
    marketNote: seededNote(seed),
    play,
  };
};
