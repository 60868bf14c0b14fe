/**
 * The Spot market of one region. Asked from our own account wherever possible (it costs the customer no
 * request); zones are named by id, because names differ between accounts. Results are sorted, so that the same
 * market gives the same record.
 */
import {
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  DescribeSpotPriceHistoryCommand,
  GetSpotPlacementScoresCommand,
  type EC2Client,
  type _InstanceType,
  type SpotPrice as SpotPriceEntry,
} from "@aws-sdk/client-ec2";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { InstanceTypeFacts, PlacementScore, SpotPrice } from "../../../core/model/market.ts";
import { readAllPages } from "../paging.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { largestPage } from "./describe.ts";
import { toInstanceTypeFacts } from "./instance-types.ts";
import { readZoneIds, zoneIdOf } from "./zones.ts";

/** DescribeInstanceTypes has smaller pages than the rest. */
const largestTypesPage = 100;

/** EC2's limit of values in one filter. */
const mostFilterValues = 200;

const byKey =
  <Item>(key: (item: Item) => string) =>
  (a: Item, b: Item): number =>
    key(a) < key(b) ? -1 : 1;

interface DatedPrice extends SpotPrice {
  readonly sinceMs: number;
}

/** @throws BrokenFacts for an entry without a positive price, type, zone or time */
export const toSpotPrice = (
  entry: SpotPriceEntry,
  zoneIds: ReadonlyMap<string, string>,
): DatedPrice => {
  const instanceType = required(entry.InstanceType, "the type of a Spot price");
  const zoneId =
    entry.AvailabilityZoneId ??
    zoneIdOf(zoneIds, required(entry.AvailabilityZone, `the zone of a price of ${instanceType}`));
  const hourlyUsd = Number(entry.SpotPrice ?? Number.NaN);
  if (!(hourlyUsd > 0)) {
    throw new SpotOptimizerError(
      "BrokenFacts",
      `EC2 gave ${String(entry.SpotPrice)} as the Spot price of ${instanceType} in ${zoneId}.`,
    );
  }
  const since = required(entry.Timestamp, `the time of the price of ${instanceType} in ${zoneId}`);
  return { zoneId, instanceType, hourlyUsd, since: since.toISOString(), sinceMs: since.getTime() };
};

interface PriceQuestion {
  readonly product: string;
  readonly now: Date;
  /** Of this type alone. Default: of all. */
  readonly instanceType?: string;
}

const readPriceEntries = (ec2: EC2Client, input: PriceQuestion): Promise<SpotPriceEntry[]> =>
  readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeSpotPriceHistory", resource: input.product }, () =>
        ec2.send(
          new DescribeSpotPriceHistoryCommand({
            ProductDescriptions: [input.product],
            InstanceTypes:
              input.instanceType === undefined ? undefined : [input.instanceType as _InstanceType],
            // EC2 also returns the last change before the start: so this asks for the price of now.
            StartTime: input.now,
            EndTime: input.now,
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.SpotPriceHistory,
    next: (page) => page.NextToken,
  });

/**
 * The current price of every pool of the product, or of one type, USD per hour: the newest entry per pool that is not after
 * `now`. @throws BrokenFacts for an entry without a positive price, type, zone or time
 */
export const readSpotPrices = async (
  ec2: EC2Client,
  input: PriceQuestion,
): Promise<SpotPrice[]> => {
  const entries = await readPriceEntries(ec2, input);
  const needsNames = entries.some(({ AvailabilityZoneId }) => AvailabilityZoneId === undefined);
  const zoneIds = needsNames ? await readZoneIds(ec2) : new Map<string, string>();
  const newest = new Map<string, DatedPrice>();
  for (const entry of entries) {
    const price = toSpotPrice(entry, zoneIds);
    if (price.sinceMs > input.now.getTime()) continue;
    const key = `${price.instanceType}#${price.zoneId}`;
    const known = newest.get(key);
    if (known === undefined || known.sinceMs < price.sinceMs) newest.set(key, price);
  }
  return [...newest.values()]
    .map(({ zoneId, instanceType, hourlyUsd, since }) => ({
      zoneId,
      instanceType,
      hourlyUsd,
      since,
    }))
    .sort(byKey(({ instanceType, zoneId }) => `${instanceType}#${zoneId}`));
};

const chunks = (names: readonly string[]): string[][] => {
  const parts: string[][] = [];
  for (let first = 0; first < names.length; first += mostFilterValues) {
    parts.push(names.slice(first, first + mostFilterValues));
  }
  return parts;
};

const readTypes = async (
  ec2: EC2Client,
  names: readonly string[] | undefined,
): Promise<InstanceTypeFacts[]> => {
  const selection =
    names === undefined ? {} : { Filters: [{ Name: "instance-type", Values: [...names] }] };
  const infos = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeInstanceTypes" }, () =>
        ec2.send(
          new DescribeInstanceTypesCommand({
            ...selection,
            MaxResults: largestTypesPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.InstanceTypes,
    next: (page) => page.NextToken,
  });
  return infos.map(toInstanceTypeFacts);
};

/** All types of the region, or those named; a name that EC2 does not know is left out. */
export const readInstanceTypes = async (
  ec2: EC2Client,
  names?: readonly string[],
): Promise<InstanceTypeFacts[]> => {
  const found: InstanceTypeFacts[] = [];
  for (const part of names === undefined ? [undefined] : chunks(names)) {
    found.push(...(await readTypes(ec2, part)));
  }
  return found.sort(byKey(({ instanceType }) => instanceType));
};

/** Where each type is offered at all, by zone id. Says nothing of free capacity. */
export const readOfferings = async (
  ec2: EC2Client,
): Promise<{ readonly instanceType: string; readonly zoneId: string }[]> => {
  const offerings = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeInstanceTypeOfferings" }, () =>
        ec2.send(
          new DescribeInstanceTypeOfferingsCommand({
            LocationType: "availability-zone-id",
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.InstanceTypeOfferings,
    next: (page) => page.NextToken,
  });
  return offerings
    .map(({ InstanceType, Location }) => ({
      instanceType: required(InstanceType, "the type of an offering"),
      zoneId: required(Location, "the zone of an offering"),
    }))
    .sort(byKey(({ instanceType, zoneId }) => `${instanceType}#${zoneId}`));
};

/**
 * Placement score of each zone for one instance of any of the types; empty without types. With fewer than three
 * types EC2's scores are always low. The types are sorted, because EC2 limits *new* questions per day and lets
 * old ones be repeated.
 * @throws BrokenQuota when the day's new questions are used up (MaxConfigLimitExceeded)
 */
export const readPlacementScores = async (
  ec2: EC2Client,
  input: { readonly instanceTypes: readonly string[]; readonly region: string },
): Promise<PlacementScore[]> => {
  if (input.instanceTypes.length === 0) return [];
  const scores = await readAllPages({
    fetch: (token) =>
      callAws({ action: "GetSpotPlacementScores", resource: input.region }, () =>
        ec2.send(
          new GetSpotPlacementScoresCommand({
            InstanceTypes: [...input.instanceTypes].sort(),
            TargetCapacity: 1,
            TargetCapacityUnitType: "units",
            SingleAvailabilityZone: true,
            RegionNames: [input.region],
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.SpotPlacementScores,
    next: (page) => page.NextToken,
  });
  return scores
    .map(({ AvailabilityZoneId, Score }) => ({
      zoneId: required(AvailabilityZoneId, "the zone of a placement score"),
      score: required(Score, "a placement score"),
    }))
    .sort(byKey(({ zoneId }) => zoneId));
};
