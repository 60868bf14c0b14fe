/** Functions that hear of interruptions: from queues, and on a schedule. */
import { type FunctionAccess, assume, record } from "./grants.ts";

export const interruptionFunctions = {
  // What is told is stored first; the customer's account is asked only of an instance that the inventory does not know. The response is an evaluation.
  receive: {
    customer: { read: ["ec2:DescribeSpotInstanceRequests"] },
    own: [...assume, "states:DescribeExecution", "states:StartExecution"],
    table: record,
  },
  "open-bus": {
    customer: {},
    own: ["events:DescribeEventBus", "events:PutPermission"],
    table: ["dynamodb:GetItem", "dynamodb:Query"],
  },
} as const satisfies Readonly<Record<string, FunctionAccess>>;
