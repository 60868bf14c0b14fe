/** LINEAR on a recorded market: all its types judged at one recorded instant, and the best switch carried out. */
import { recordedMarket, type RecordedMarket } from "../../cloud/market/recorded.ts";
import { createRandom } from "../../cloud/random.ts";
import type { MarketFolder } from "../options.ts";
import type { Programme } from "../programme.ts";
import { dayAndTime } from "../../terminal/figures.ts";
import { judgementLines } from "../report/judgements.ts";
import { headingLines } from "../report/story-lines.ts";
import type { LabAccount } from "../../lab/account.ts";
import type { OpenStage } from "../stage.ts";
import type { StoryReport } from "../story.ts";
import { tell, tellInSilence, type Teller } from "../teller.ts";
import { bestJudgement, judgementStory, recordedSwitch } from "./recorded-stories.ts";
import { platformSeed } from "../seeded.ts";
import { linearTitle } from "./title.ts";

/** More would only lengthen the table. */
const mostTypes = 24;

/** The seed picks an instant, neither in the first tenth of the recording (few prices yet) nor in the last. */
const instantOf = (seed: number, { startMs, endMs }: RecordedMarket["range"]): number => {
  const share = 0.1 + 0.8 * createRandom(seed).fork("instant").next();
  // Whole seconds, as the files have them.
  return Math.round((startMs + share * (endMs - startMs)) / 1000) * 1000;
};

const product = "Linux/UNIX";

/** Pools of the region with a price at that time. */
const pricedPools = (market: RecordedMarket, region: string, atMs: number): readonly string[] =>
  market.zones(region).flatMap((zoneId) =>
    market
      .types()
      .map(({ instanceType }) => ({ region, zoneId, instanceType, product }))
      .filter((pool) => market.spotPrice(pool, atMs) !== undefined)
      .map((pool) => pool.instanceType),
  );

const judgingHeading = (count: number) => ({
  number: 1,
  title: `${String(count)} types at one recorded instant`,
  introduction:
    "An On-Demand instance of each type is evaluated in shadow mode, one right after the other. Those with ten " +
    "terabytes of local disk or more are declared to use it. Previous generations are allowed: they were " +
    "current then.",
});

interface Choice {
  readonly region: string;
  readonly atMs: number;
  readonly types: ReturnType<RecordedMarket["types"]>;
}

/** The region with most prices, and its types that have an On-Demand price and a Spot price then. */
const choose = (market: RecordedMarket, folder: MarketFolder, seed: number): Choice => {
  const atMs = instantOf(seed, market.range);
  const [best] = market.regions
    .map((region) => ({ region, pools: pricedPools(market, region, atMs) }))
    .sort((one, other) => other.pools.length - one.pools.length);
  const priced = new Set(best?.pools);
  const types = market
    .types()
    .filter(({ instanceType }) => priced.has(instanceType))
    .filter((type) => market.onDemand(best?.region ?? "", type.instanceType, product) !== undefined)
    .slice(0, mostTypes);
  if (best === undefined || types.length === 0) {
    throw new Error(
      `${folder.typed} has no type with specification, On-Demand price and a Spot price at ${dayAndTime(atMs)}.`,
    );
  }
  return { region: best.region, atMs, types };
};

/** Types whose price never changes in the recording: one day's sample stands for all of it. */
const sampledTypes = (market: RecordedMarket, { region, types }: Choice): readonly string[] =>
  types
    .map(({ instanceType }) => instanceType)
    .filter((instanceType) => {
      const { startMs: fromMs, endMs: toMs } = market.range;
      const changes = market.priceHistory({ region, fromMs, toMs, instanceTypes: [instanceType] });
      return changes.every((change) => change.atMs === fromMs);
    });

const listed = (sentence: string, names: readonly string[]): string =>
  names.length === 0 ? "" : ` ${sentence}: ${names.join(", ")}.`;

/** Said of files that do not say themselves where they are from. */
const mindTheYears =
  "Mind the years: prices from before the end of 2017 are those of the bid era, when Spot was an auction; the " +
  "advisor's bands are of the day in their file's name. The verdicts say what the product concludes from these " +
  "figures, not what was to be had on that day.";

const introductionOf = (
  market: RecordedMarket,
  folder: MarketFolder,
  choice: Choice,
): readonly string[] => [
  `The market is read from ${folder.typed}. ${market.about === undefined ? "Recorded" : "In its files"} are: Spot prices (${dayAndTime(market.range.startMs)} to ` +
    `${dayAndTime(market.range.endMs)}), On-Demand prices, interruption bands, vCPU and memory of the types.` +
    listed("One day's sample stands for the whole time of", sampledTypes(market, choice)) +
    listed("Left out for want of a specification", market.withoutSpecification),
  "Derived, not recorded: all other limits of a type (network, EBS, interfaces, disks, hypervisor: from AWS's tables or its family); " +
    "which zone id a recorded zone name stands for; capacity (20 instances while Spot is not above On-Demand). " +
    "Simulated: everything that EC2 does.",
  market.about ?? mindTheYears,
  `The instant: ${dayAndTime(choice.atMs)} in ${choice.region} (--seed N takes another).`,
];

export const recordedProgramme = (folder: MarketFolder, seed: number): Programme => {
  const market = recordedMarket({ dir: folder.path });
  const choice = choose(market, folder, seed);
  const { region, atMs, types } = choice;
  const settingOf = (name: string) => ({
    market,
    region,
    seed: platformSeed(seed, name),
    startMs: atMs,
  });

  /** One account with an instance of each type. */
  const judgeAll = async (
    teller: Teller,
    openStage: OpenStage,
  ): Promise<readonly StoryReport[]> => {
    teller.say(headingLines(judgingHeading(types.length), teller.paint));
    let stage: Promise<LabAccount> | undefined;
    const sameStage = (): Promise<LabAccount> => (stage ??= openStage(settingOf("judgements")));
    const reports: StoryReport[] = [];
    for (const type of types) {
      teller.progress(`judging ${type.instanceType} …`);
      reports.push(await tellInSilence(teller, judgementStory(market, type), sameStage));
    }
    teller.progress("");
    teller.say(judgementLines(reports, { paint: teller.paint, market }));
    return reports;
  };

  const play = async (teller: Teller, openStage: OpenStage): Promise<readonly StoryReport[]> => {
    const judged = await judgeAll(teller, openStage);
    const best = bestJudgement(judged)?.ending;
    const story = best === undefined ? undefined : recordedSwitch(market, best);
    if (story === undefined) {
      teller.say(["", "At these prices no switch is worth it: none is carried out."]);
      return judged;
    }
    const switched = await tell(teller, { number: 2, story, isFirst: true }, () =>
      openStage(settingOf(story.name)),
    );
    return [...judged, switched];
  };

  return {
    title: linearTitle,
    introduction: introductionOf(market, folder, choice),
    marketNote: {
      kind: "recorded",
      at: new Date(atMs).toISOString(),
      folder: folder.typed,
      region,
      recorded_from: new Date(market.range.startMs).toISOString(),
      recorded_to: new Date(market.range.endMs).toISOString(),
      without_specification: market.withoutSpecification,
    },
    play,
  };
};
