/** Steps of all modes: from the opened evaluation to the verdict, and the record of how it ended. */
import { type FunctionAccess, assume, readHealth, record, recordAndLargeValues } from "./grants.ts";

export const judgeFunctions = {
  "open-evaluation": { customer: {}, own: [], table: record },
  scrape: {
    customer: {
      read: [
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInstances",
        "ec2:DescribeReservedInstances",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSubnets",
      ],
    },
    own: [
      ...assume,
      "ec2:DescribeInstanceTypeOfferings",
      "ec2:DescribeInstanceTypes",
      "ec2:DescribeSpotPriceHistory",
      "ec2:GetSpotPlacementScores",
      "pricing:GetProducts",
    ],
    // Losses of pools are listed.
    table: recordAndLargeValues,
  },
  // It stores its phase and nothing large.
  filter: { customer: {}, own: [], table: record },
  predict: { customer: {}, own: [], table: recordAndLargeValues },
  decide: { customer: {}, own: [], table: recordAndLargeValues },
  // The claim on the original is deleted when the target follows its switch.
  record: { customer: { read: readHealth }, own: assume, table: recordAndLargeValues },
} as const satisfies Readonly<Record<string, FunctionAccess>>;
