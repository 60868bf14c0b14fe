/** Functions of the savings ledger: one reads what runs, the other what it cost. */
import { type FunctionAccess, assume, record, recordAndLargeValues } from "./grants.ts";

export const ledgerFunctions = {
  // It reads, and changes nothing in a customer's account.
  "note-spans": {
    customer: {
      read: [
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInstances",
        "ec2:DescribeSnapshots",
        "ec2:DescribeSpotInstanceRequests",
        "ec2:DescribeVolumes",
      ],
    },
    own: assume,
    // What has ended is no longer among what runs.
    table: recordAndLargeValues,
  },
  "state-days": {
    customer: {},
    own: ["ec2:DescribeSpotPriceHistory", "pricing:GetProducts"],
    table: record,
  },
} as const satisfies Readonly<Record<string, FunctionAccess>>;
