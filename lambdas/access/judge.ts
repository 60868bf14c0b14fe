/** Steps of all modes: from the opened evaluation to the verdict, and the record of how it ended. */
import { assume, everything, record, recordAndFacts, type FunctionAccess } from "./grants.ts";

export const judgeFunctions = {
  "open-evaluation": { customer: {}, own: [], table: record },
  scrape: {
    customer: {
      read: [
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
    table: everything,
  },
  filter: { customer: {}, own: [], table: recordAndFacts },
  predict: { customer: {}, own: [], table: recordAndFacts },
  decide: { customer: {}, own: [], table: recordAndFacts },
  // The claim on the original is deleted when the target follows its switch.
  record: { customer: {}, own: [], table: everything },
} as const satisfies Readonly<Record<string, FunctionAccess>>;
