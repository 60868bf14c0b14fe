/** What Spot has cost in the course of time, by pool: EC2 keeps ninety days of it. */
import {
  DescribeSpotPriceHistoryCommand,
  type EC2Client,
  type _InstanceType,
  type SpotPrice as SpotPriceEntry,
} from "@aws-sdk/client-ec2";
import type { SpotPrice } from "../../../core/model/market.ts";
import { readAllPages } from "../paging.ts";
import { callAws } from "../translate-error.ts";
import { largestPage } from "./describe.ts";
import { toSpotPrice } from "./market.ts";
import { readZoneIds } from "./zones.ts";

interface HistoryQuestion {
  readonly product: string;
  readonly instanceTypes: readonly string[];
  readonly from: Date;
  readonly to: Date;
}

const readEntries = (ec2: EC2Client, input: HistoryQuestion): Promise<SpotPriceEntry[]> =>
  readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeSpotPriceHistory", resource: input.product }, () =>
        ec2.send(
          new DescribeSpotPriceHistoryCommand({
            ProductDescriptions: [input.product],
            InstanceTypes: [...input.instanceTypes] as _InstanceType[],
            // EC2 also returns the last change before the start.
            StartTime: input.from,
            EndTime: input.to,
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.SpotPriceHistory,
    next: (page) => page.NextToken,
  });

/**
 * Every change of the types' prices in that time, with the last one before it, oldest first. From our own account.
 * @throws BrokenFacts for an entry without a positive price, type, zone or time
 */
export const readSpotHistory = async (
  ec2: EC2Client,
  input: HistoryQuestion,
): Promise<readonly SpotPrice[]> => {
  if (input.instanceTypes.length === 0) return [];
  const entries = await readEntries(ec2, input);
  const needsNames = entries.some(({ AvailabilityZoneId }) => AvailabilityZoneId === undefined);
  const zoneIds = needsNames ? await readZoneIds(ec2) : new Map<string, string>();
  return entries
    .map((entry) => toSpotPrice(entry, zoneIds))
    .toSorted((one, other) => one.sinceMs - other.sinceMs)
    .map(({ zoneId, instanceType, hourlyUsd, since }) => ({
      zoneId,
      instanceType,
      hourlyUsd,
      since,
    }));
};
