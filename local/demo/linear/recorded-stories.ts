/** Which stories a recorded market can tell: every type it has prices for is judged, the best switch carried out. */
import { poolKey } from "../../../core/model/market.ts";
import type { EvaluationJson } from "../../../lambdas/api/schemas/evaluations.ts";
import type { InstanceTypeRecord, Market } from "../../cloud/market/market.ts";
import { countOf } from "../../cli/report/course.ts";
import type { StoryEnding, Expectation, Story, StoryReport } from "../story.ts";
import {
  addressIsAt,
  expectation,
  nothingWasLeft,
  nothingWasTouched,
  originalRuns,
  replayAgrees,
} from "./expectations.ts";
import { switchExpectations } from "./seeded-stories.ts";

/**
 * What was current in the recorded years is a previous generation by now; and a replacement never has the original's
 * primary private address.
 */
const policyOverrides = {
  allow_previous_generation: true,
  accept_change_of: ["primary-private-ip"],
} as const;

/** The workflow reads the prices within seconds of the instant at which it judges. */
const readingMs = 10_000;

type Candidate = EvaluationJson["candidates"][number];

const isOfMarket = (market: Market, { pool, ...prices }: Candidate, atMs: number): boolean => {
  const named = {
    region: pool.region,
    zoneId: pool.zone_id,
    instanceType: pool.instance_type,
    product: pool.product,
  };
  const around = [atMs, atMs - readingMs, atMs + readingMs];
  return (
    around.some((at) => market.spotPrice(named, at) === prices.spot_hourly_usd) &&
    market.onDemand(named.region, named.instanceType, named.product) === prices.on_demand_hourly_usd
  );
};

/** Spot and On-Demand price of each candidate, held against the files. */
const pricesAreRecorded = (market: Market, { evaluation }: StoryEnding): Expectation => {
  const atMs = Date.parse(evaluation.verdict?.judged_at ?? evaluation.started_at);
  const strangers = evaluation.candidates.filter(
    (candidate) => !isOfMarket(market, candidate, atMs),
  );
  return expectation(
    "every price that was judged is the recorded one",
    strangers.length === 0,
    strangers.length === 0
      ? `${String(evaluation.candidates.length)} pools`
      : strangers
          .map(({ pool }) =>
            poolKey({
              region: pool.region,
              zoneId: pool.zone_id,
              instanceType: pool.instance_type,
              product: pool.product,
            }),
          )
          .join(", "),
  );
};

/** In shadow mode: judged as it stands; any verdict will do. */
export const judgementStory = (market: Market, type: InstanceTypeRecord): Story => {
  const { instanceType } = type;
  return {
    name: instanceType,
    title: `${instanceType}, judged at recorded prices`,
    introduction: "",
    workload: {
      instanceType,
      elasticIp: true,
      rootGib: 20,
    },
    registration: { policyOverrides },
    expect: (ending) => {
      const { status, verdict } = ending.evaluation;
      return [
        expectation(
          "a verdict is given",
          verdict !== undefined && ["STAYED", "REFUSED", "SHADOWED"].includes(status),
          `${verdict?.kind ?? "none"}, ${status}`,
        ),
        pricesAreRecorded(market, ending),
        nothingWasTouched(ending),
        originalRuns(ending),
        addressIsAt(ending, ending.original),
        nothingWasLeft(ending),
        replayAgrees(ending),
      ];
    },
  };
};

/** The report whose switch would save most; undefined when none is worth it. */
export const bestJudgement = (reports: readonly StoryReport[]): StoryReport | undefined => {
  const saving = ({ ending }: StoryReport): number => ending?.evaluation.savings?.monthly_usd ?? 0;
  return reports
    .filter(
      ({ ending }) =>
        ending?.evaluation.status === "SHADOWED" && countOf(ending.mutatingCalls) === 0,
    )
    .sort((one, other) => saving(other) - saving(one))[0];
};

/** The same for real, with a data volume; it is in the zone of the best offer, because volumes stay in their zone. */
export const recordedSwitch = (market: Market, judged: StoryEnding): Story | undefined => {
  const { instanceType } = judged.before;
  const offer = judged.evaluation.verdict?.offers[0];
  if (offer === undefined) return undefined;
  return {
    name: "switch",
    title: `The best of them for real: ${instanceType}`,
    introduction:
      `An On-Demand ${instanceType} in ${offer.zone_id}, with an Elastic IP and a data volume of 100 GiB, is ` +
      "switched at the recorded prices. Clients write to both disks every five seconds.",
    workload: {
      instanceType,
      zone: offer.zone_id,
      elasticIp: true,
      rootGib: 20,
      dataVolumes: [{ sizeGib: 100 }],
    },
    registration: { isShadowMode: false, policyOverrides },
    expect: (ending) => [...switchExpectations(ending), pricesAreRecorded(market, ending)],
  };
};
