/**
 * Makes the market that ships with the product, in the form of recorded files: `markets/made-1`. All of it is made up by
 * the simulated market from a seed, so it is free of anybody's licence and can be made again, byte for byte.
 */
import { fileURLToPath } from "node:url";
import type { Market } from "../cloud/market/market.ts";
import { seededMarket } from "../cloud/market/seeded.ts";
import { pageWidth, wrap } from "../terminal/wrap.ts";

/** Absolute, with the separator at its end. */
export const madeMarketFolder = fileURLToPath(new URL("../../markets/made-1/", import.meta.url));

/** Four weeks of one region, from the Monday on which the demo plays. */
const made = {
  seed: 1,
  region: "us-east-1",
  startMs: Date.parse("2026-03-02T00:00:00Z"),
  days: 28,
};
const product = "Linux/UNIX";

/** As price files are sampled by the backtest. */
const gapSeconds = 300;
const ticks = (made.days * 24 * 3600) / gapSeconds;
const atTick = (tick: number): number => made.startMs + tick * gapSeconds * 1000;

/** Small and large, Intel, AMD and Graviton, one with a GPU and one with a local disk: enough for a table of verdicts. */
const pricedTypes = [
  ...["c5.large", "c6i.large", "g4dn.xlarge", "i3.large", "m5.large", "m5.xlarge"],
  ...["m6a.large", "m6g.large", "m6i.large", "r5.large", "r6i.large", "t3.medium"],
];

/** Stands for "no capacity", as a price above On-Demand does in files of the bid era. */
const shortageShare = 1.25;

/** With outages as the pools' advisor bands have them a month shows two or three: too few to compare policies by. */
const scarcity = 100;

/** Of the advisor's highest band in this market. */
const traces = [
  { instanceType: "c6i.2xlarge", unitCapacity: 1 },
  { instanceType: "m5a.2xlarge", unitCapacity: 1 },
  { instanceType: "r5.large", unitCapacity: 16 },
];

const poolAt = (zoneId: string, instanceType: string) => ({
  region: made.region,
  zoneId,
  instanceType,
  product,
});

/** The letter for the zone id's number, as readers of recorded files turn letters into ids. */
const zoneNameOf = (zoneId: string): string => {
  const number = Number(/\d+$/.exec(zoneId)?.[0]);
  return `${made.region}${String.fromCharCode("a".charCodeAt(0) + number - 1)}`;
};

const textOf = (lines: readonly string[]): string => `${lines.join("\n")}\n`;

const onDemandOf = (market: Market, instanceType: string): number =>
  market.onDemand(made.region, instanceType, product) ?? 0;

/** A row per change of the price, on the grid of the ticks. */
const priceRows = (market: Market, zoneId: string, instanceType: string): readonly string[] => {
  const pool = poolAt(zoneId, instanceType);
  const shortage = onDemandOf(market, instanceType) * shortageShare;
  const rows: string[] = [];
  let last = "";
  for (let tick = 0; tick < ticks; tick += 1) {
    const isHeld = market.capacity(pool, atTick(tick)) > 0;
    const price = ((isHeld ? market.spotPrice(pool, atTick(tick)) : shortage) ?? 0).toFixed(4);
    if (price === last) continue;
    last = price;
    const time = new Date(atTick(tick)).toISOString().slice(0, 19);
    rows.push(`${instanceType},${zoneNameOf(zoneId)},${time},${price}`);
  }
  return rows;
};

const pricesText = (market: Market): string =>
  textOf([
    "instance_type,az,timestamp_utc,spot_usd_per_h",
    ...pricedTypes.flatMap((instanceType) =>
      market
        .zones(made.region)
        .filter((zoneId) => market.isOffered(made.region, zoneId, instanceType))
        .flatMap((zoneId) => priceRows(market, zoneId, instanceType)),
    ),
  ]);

const onDemandText = (market: Market): string =>
  textOf([
    "instance_type,ondemand_usd_per_h",
    ...pricedTypes.map((type) => `${type},${String(onDemandOf(market, type))}`),
  ]);

const typesText = (market: Market): string => {
  const documents = market.advisor().instance_types;
  return textOf([
    "instance_type,vcpu,ram_gb,emr",
    ...pricedTypes.flatMap((name) => {
      const type = documents[name];
      if (type === undefined) return [];
      return [`${name},${String(type.cores)},${String(type.ram_gb)},${type.emr ? "1" : "0"}`];
    }),
  ]);
};

const bandsText = (market: Market): string => {
  const bands = market.advisor().spot_advisor[made.region]?.["Linux"] ?? {};
  return textOf([
    "region,os,instance_type,savings_pct,interruption_band",
    ...pricedTypes.flatMap((type) => {
      const band = bands[type];
      if (band === undefined) return [];
      return [`${made.region},Linux,${type},${String(band.s)},${String(band.r)}`];
    }),
  ]);
};

const traceText = (
  market: Market,
  { instanceType, unitCapacity }: (typeof traces)[number],
): string => {
  const zones = market.zones(made.region);
  const meta = {
    name: `made-${instanceType}`,
    instance_type: instanceType,
    gap_seconds: gapSeconds,
    unit_capacity: unitCapacity,
    start: new Date(made.startMs).toISOString(),
    made_from_seed: made.seed,
  };
  return textOf([
    `# ${JSON.stringify(meta)}`,
    `tick,${zones.map(zoneNameOf).join(",")}`,
    ...Array.from({ length: ticks }, (_, tick) =>
      [
        tick,
        ...zones.map((zoneId) => {
          const held = market.capacity(poolAt(zoneId, instanceType), atTick(tick));
          return Math.min(unitCapacity, held);
        }),
      ].join(","),
    ),
  ]);
};

const about =
  "This market is made up: nothing in it was recorded at AWS. `npm run market` writes it from seed " +
  `${String(made.seed)} of the simulated market: types, zones and approximate On-Demand prices are AWS's; Spot prices, ` +
  "interruption bands and times without capacity are invented. What is concluded from it says how the product " +
  "decides, not what is to be saved.";

/** Name, and content before it is compressed. */
export const madeMarketFiles = (): ReadonlyMap<string, string> => {
  const calm = seededMarket({ seed: made.seed });
  const scarce = seededMarket({ seed: made.seed, outageFactor: scarcity });
  return new Map([
    ["about.txt", textOf(wrap(about, pageWidth))],
    ["price-us-east-1.csv.gz", pricesText(calm)],
    ["ondemand-us-east-1.csv.gz", onDemandText(calm)],
    ["instance-types-us-east-1.csv.gz", typesText(calm)],
    ["spot-advisor-us-east-1.csv.gz", bandsText(calm)],
    ...traces.map((trace): [string, string] => [
      `trace-${trace.instanceType}.csv.gz`,
      traceText(scarce, trace),
    ]),
  ]);
};
