/** LINEAR on the made-up market of a seed: each story on a platform of its own, all at the same virtual time. */
import { createRandom } from "../../cloud/random.ts";
import { seededMarket } from "../../cloud/market/seeded.ts";
import type { Programme } from "../programme.ts";
import { dayAndTime } from "../../terminal/figures.ts";
import { openStage } from "../stage.ts";
import type { StoryReport } from "../story.ts";
import { tellInFull, type Teller } from "../teller.ts";
import { seededStories } from "./seeded-stories.ts";

/** A Monday morning; any time would do. */
const startMs = Date.parse("2026-03-02T09:00:00Z");
const region = "us-east-1";

/** Each story has ids of its own, and all have the same market. */
export const platformSeed = (seed: number, name: string): number =>
  createRandom(seed)
    .fork(name)
    .integer(0, 2 ** 31);

export const seededProgramme = (seed: number): Programme => {
  const market = seededMarket({ seed });
  const play = async (teller: Teller): Promise<readonly StoryReport[]> => {
    const reports: StoryReport[] = [];
    for (const [index, story] of seededStories.entries()) {
      const setting = { market, seed: platformSeed(seed, story.name), startMs, region };
      const order = { number: index + 1, story, isFirst: index === 0 };
      reports.push(await tellInFull(teller, order, () => openStage(setting)));
    }
    return reports;
  };
  return {
    introduction: [
      `The market is made up from seed ${String(seed)} (--seed N gives another): real instance types with approximate ` +
        "list prices, invented Spot prices, interruption bands and outages. " +
        `Virtual time begins at ${dayAndTime(startMs)} in ${region}; minutes pass in milliseconds.`,
    ],
    marketNote: { kind: "seeded", at: new Date(startMs).toISOString(), seed, region },
    play,
  };
};
